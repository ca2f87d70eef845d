import { Readable } from "node:stream";

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import type { Actor } from "../auth/actor.ts";
import { notFound, Refusal } from "../errors.ts";
import { clientSignal } from "../http/client-signal.ts";
import { tooManyRequests, type RateCaller } from "../http/rate-limiter.ts";
import { rawContentSecurityPolicy } from "../http/security-headers.ts";
import type { Services } from "../services.ts";
import { findEntry } from "../use-cases/browse.ts";
import { openRepository } from "../use-cases/open-repository.ts";
import { resolveRefPath } from "../use-cases/resolve-ref.ts";

type Needs = Pick<Services, "ledger" | "git" | "authenticator" | "reachability" | "rateLimiter" | "clock">;

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
/** Time for one download. */
const downloadTimeoutMs = 60 * 60 * 1000;

/**
 * Serves files as they are at `/OWNER/REPO/raw/REF/PATH`. Anybody can put anything into a repository, so nothing served
 * here is a document of this site: a sandbox without scripts, no sniffing, and text as plain text.
 */
export function registerRawRoutes(app: FastifyInstance, needs: Needs): void {
  app.get("/:owner/:repo/raw/*", (request, reply) => serveRaw(needs, request, reply));
}

async function serveRaw(needs: Needs, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { owner = "", repo = "", "*": refPath = "" } = request.params as Readonly<Record<string, string>>;
  const signal = clientSignal(reply, downloadTimeoutMs);
  const actor = await identify(needs, request, signal);
  const opened = openRepository(needs.ledger, actor, { owner, repo }, "read-contents");
  if (opened.isFormerName)
    throw new Refusal("moved", "Moved Permanently", {
      location: request.url.replace(/^\/[^/]+\/[^/]+/, `/${opened.fullName}`),
    });
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

/** Finds out who asks, and counts the request; a wrong token counts for its address. */
async function identify(needs: Needs, { headers, ip }: FastifyRequest, signal: AbortSignal): Promise<Actor> {
  const { authorization, cookie } = headers;
  const count = (caller: RateCaller): void => {
    if (needs.rateLimiter.take("guts", caller) === undefined)
      throw tooManyRequests(needs.rateLimiter.peek("guts", caller), caller, needs.clock.nowMs());
  };
  let actor: Actor;
  try {
    actor = needs.authenticator.authenticate({ authorization, cookie });
  } catch (error) {
    count({ account: undefined, address: ip });
    throw await needs.authenticator.explain(error, authorization, signal);
  }
  count({ account: actor.account?.id, address: ip });
  return actor;
}

function typeOf(path: string, isBinary: boolean): string {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return IMAGE_TYPES[extension] ?? (isBinary ? "application/octet-stream" : "text/plain; charset=utf-8");
}
