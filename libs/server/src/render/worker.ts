/** A worker thread that renders untrusted text, so that a slow or endless one stops nothing else. */
import { parentPort } from "node:worker_threads";

import { assert } from "@guts/primitives";

import { createHighlighter } from "./highlighter.ts";
import type { RenderJob, RenderReply, RenderRequest, RenderResult } from "./job.ts";
import { createMarkdownRenderer } from "./markdown.ts";

const port = parentPort;
assert(port !== null, "worker.ts runs in a worker thread only");

const highlighter = createHighlighter();
const renderMarkdown = createMarkdownRenderer(highlighter);

async function render(job: RenderJob): Promise<RenderResult> {
  if (job.type === "markdown") return { type: "markdown", html: await renderMarkdown(job.text, job.links) };
  return { type: "highlight", file: await highlighter.highlightFile(job.path, job.text) };
}

async function answer({ id, job }: RenderRequest): Promise<RenderReply> {
  try {
    return { id, result: await render(job) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : "unknown" };
  }
}

port.on("message", (request: RenderRequest) => {
  void answer(request).then((reply) => port.postMessage(reply));
});
port.postMessage({ ready: true } satisfies RenderReply);
