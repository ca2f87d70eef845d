/** A worker thread that renders untrusted text, so that a slow or endless one stops nothing else. */
import { parentPort } from "node:worker_threads";

import { assert } from "@guts/primitives";

import { createHighlighter } from "./highlighter.ts";
import type { RenderJob, RenderReply, RenderRequest, RenderResult } from "./job.ts";
import { createMarkdownRenderer } from "./markdown.ts";

const port = parentPort;
assert(port !== null, "worker.ts runs in a worker thread only");

const highlighter = await createHighlighter();
const renderMarkdown = createMarkdownRenderer(highlighter);

function render(job: RenderJob): RenderResult {
  if (job.type === "markdown") return { type: "markdown", html: renderMarkdown(job.text, job.links) };
  return { type: "highlight", file: highlighter.highlightFile(job.path, job.text) };
}

port.on("message", ({ id, job }: RenderRequest) => {
  let reply: RenderReply;
  try {
    reply = { id, result: render(job) };
  } catch (error) {
    reply = { id, failure: error instanceof Error ? error.message : "unknown" };
  }
  port.postMessage(reply);
});
port.postMessage({ ready: true } satisfies RenderReply);
