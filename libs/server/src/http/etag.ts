import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FastifyInstance } from "fastify";

const gzipAsync = promisify(gzip);
/** Bytes from which a JSON answer is compressed for clients that say they can read it. */
const compressBytesMin = 1400;

/**
 * Gives JSON answers to reads an entity tag, answers 304 to a client that has it already (RFC 9110), and compresses
 * what is worth it. The tag is that of the uncompressed text and therefore weak.
 */
export function installConditionalReads(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply, payload) => {
    if (typeof payload !== "string" || !request.url.startsWith("/api/")) return payload;
    void reply.header("vary", "Accept, Accept-Encoding, Authorization, Cookie");
    if (!reply.hasHeader("cache-control")) void reply.header("cache-control", "private, no-cache");
    if ((request.method === "GET" || request.method === "HEAD") && reply.statusCode === 200) {
      const tag = `W/"${createHash("sha256").update(payload).digest("base64url").slice(0, 27)}"`;
      void reply.header("etag", tag);
      if (matches(request.headers["if-none-match"], tag)) {
        void reply.code(304).removeHeader("content-type").removeHeader("content-length");
        return "";
      }
    }
    if (payload.length < compressBytesMin || !/\bgzip\b/.test(request.headers["accept-encoding"]?.toString() ?? ""))
      return payload;
    void reply.header("content-encoding", "gzip").removeHeader("content-length");
    return gzipAsync(payload);
  });
}

function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === "*" || header.split(",").some((candidate) => candidate.trim() === tag);
}
