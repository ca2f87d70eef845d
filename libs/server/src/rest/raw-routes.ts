import { Readable } from "node:stream";

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { notFound } from "../errors.ts";
import { rawContentSecurityPolicy } from "../http/security-headers.ts";
import type { Services } from "../services.ts";
import { findEntry } from "../use-cases/browse.ts";
import { resolveRefPath } from "../use-cases/resolve-ref.ts";
import { openForReading, type RawNeeds } from "./open-for-reading.ts";

type Needs = RawNeeds & Pick<Services, "git" | "reachability">;

/** Types that a browser may show as what they are; everything else is plain text or a download. */
const IMAGE_TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  svg: "image/svg+xml",
  ico: "image/x-icon",
  bmp: "image/bmp",
};

/** Bytes looked at to tell text from anything else. */
const probeBytes = 8_000;
/**
 * Serves files as they are at `/OWNER/REPO/raw/REF/PATH`. Anybody can put anything into a repository, so nothing served
 * here is a document of this site: a sandbox without scripts, no sniffing, and text as plain text.
 */
export function registerRawRoutes(app: FastifyInstance, needs: Needs): void {
  app.get("/:owner/:repo/raw/*", (request, reply) => serveRaw(needs, request, reply));
}

async function serveRaw(needs: Needs, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { opened, rest: refPath, signal } = await openForReading(needs, request, reply);
  const at = await resolveRefPath(needs, opened, { refPath, signal });
  const entry = await findEntry(needs, { opened, at, signal });
  if (entry === undefined || entry.type !== "blob") throw notFound();
  const isFixed = at.kind === "commit";
  const isPrivate = opened.repository.visibility === "private";
  void reply.headers({
    "content-security-policy": rawContentSecurityPolicy,
    "cache-control": `${isPrivate ? "private" : "public"}, ${isFixed ? "max-age=31536000, immutable" : "no-cache"}`,
    etag: `"${entry.id}"`,
    vary: "Authorization, Cookie",
    "cross-origin-resource-policy": "same-origin",
  });
  if (request.headers["if-none-match"] === `"${entry.id}"`) return reply.code(304).send();
  const probe = await needs.git.readBlob(opened.repository.id, { blob: entry.id, bytesMax: probeBytes, signal });
  if (probe === undefined) throw notFound();
  void reply.type(typeOf(at.path, probe.isBinary)).header("content-length", probe.sizeBytes);
  if (request.method === "HEAD") return reply.send();
  if (!probe.isTruncated) return reply.send(Buffer.from(probe.bytes));
  return reply.send(
    Readable.from(needs.git.streamBlob(opened.repository.id, { blob: entry.id, signal }), { objectMode: false }),
  );
}

function typeOf(path: string, isBinary: boolean): string {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return IMAGE_TYPES[extension] ?? (isBinary ? "application/octet-stream" : "text/plain; charset=utf-8");
}
