import { LRUCache } from "lru-cache";

import { renderLimits } from "../limits.ts";
import { escapeHtml, plainLines } from "./html.ts";
import type { HighlightedFile, LinkBase } from "./job.ts";
import { createRenderPool, type RenderPool, type RenderPoolOptions } from "./render-pool.ts";

/** Turns files into safe HTML, from a cache where it can. Never fails: what cannot be rendered is shown plain. */
export interface Renderer extends AsyncDisposable {
  /** A file's lines. `id` is its blob's id, which with the name decides the result. */
  highlight(file: { readonly id: string; readonly path: string; readonly text: string }): Promise<HighlightedFile>;
  /** A document of no known form, as it is. */
  plainDocument(text: string): string;
  /** A Markdown document. */
  markdown(file: { readonly id: string; readonly text: string; readonly links: LinkBase }): Promise<string>;
}

/** A renderer with one worker thread. */
export function createRenderer(options: RenderPoolOptions = {}): Renderer {
  return new CachingRenderer(createRenderPool(options));
}

class CachingRenderer implements Renderer {
  readonly #pool: RenderPool;
  readonly #files = sizedCache<HighlightedFile>((file) => file.lines.reduce((sum, line) => sum + 2 * line.length, 64));
  readonly #documents = sizedCache<string>((html) => 2 * html.length + 64);

  constructor(pool: RenderPool) {
    this.#pool = pool;
  }

  async highlight(file: { id: string; path: string; text: string }): Promise<HighlightedFile> {
    const plain = (): HighlightedFile => ({ language: null, lines: plainLines(file.text) });
    if (file.text.length > renderLimits.highlightBytesMax) return plain();
    const key = `${file.id} ${file.path.slice(file.path.lastIndexOf("/") + 1)}`;
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    const result = await this.#pool.render({ type: "highlight", path: file.path, text: file.text });
    if (result?.type !== "highlight") return plain();
    this.#files.set(key, result.file);
    return result.file;
  }

  plainDocument(text: string): string {
    return `<pre>${escapeHtml(text)}</pre>`;
  }

  async markdown(file: { id: string; text: string; links: LinkBase }): Promise<string> {
    if (file.text.length > renderLimits.markdownBytesMax) return this.plainDocument(file.text);
    const key = JSON.stringify([file.id, file.links]);
    const known = this.#documents.get(key);
    if (known !== undefined) return known;
    const result = await this.#pool.render({ type: "markdown", text: file.text, links: file.links });
    if (result?.type !== "markdown") return this.plainDocument(file.text);
    this.#documents.set(key, result.html);
    return result.html;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}

function sizedCache<Value extends object | string>(sizeCalculation: (value: Value) => number): LRUCache<string, Value> {
  return new LRUCache<string, Value>({ maxSize: renderLimits.cacheBytesMax / 2, sizeCalculation });
}
