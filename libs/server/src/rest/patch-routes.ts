import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import type { Services } from "../services.ts";
import { resolveRange } from "../use-cases/compare.ts";
import { requireCommit, requireCommitId } from "../use-cases/resolve-ref.ts";
import { requirePatch } from "./github/compare-handlers.ts";
import { formatPatch } from "./github/format-patch.ts";
import { openForReading, type RawNeeds } from "./open-for-reading.ts";
import { notFound } from "../errors.ts";

type Needs = RawNeeds & Pick<Services, "git" | "reachability" | "relations">;

/**
 * Serves `/OWNER/REPO/compare/A...B.diff`, `.patch`, and the same of `/commit/ID`, as plain text. The same addresses without the
 * ending are pages, which the web client answers.
 */
export function registerPatchRoutes(app: FastifyInstance, needs: Needs): void {
  const route = (serve: typeof serveComparison) => async (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const format = /\.(diff|patch)$/.exec(path)?.[1];
    if (format !== "diff" && format !== "patch") {
      reply.callNotFound();
      return reply;
    }
    const text = await serve(needs, { request, reply, format });
    return reply
      .headers({ "cache-control": "private, no-cache", vary: "Authorization, Cookie" })
      .type("text/plain; charset=utf-8")
      .send(text);
  };
  app.get("/:owner/:repo/compare/*", route(serveComparison));
  app.get("/:owner/:repo/commit/*", route(serveCommit));
}

interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly format: "diff" | "patch";
}

async function serveComparison(needs: Needs, { request, reply, format }: Asked): Promise<Buffer> {
  const { opened, rest, signal } = await openForReading(needs, request, reply);
  const { base, head } = await resolveRange(needs, opened, { range: withoutEnding(rest), signal });
  const pair = { base: base.commit, head: head.commit, signal };
  const { mergeBase } = await needs.relations.of(opened.repository.id, pair);
  return Buffer.from(await requirePatch(needs, opened, { ...pair, base: mergeBase, format }));
}

async function serveCommit(needs: Needs, { request, reply, format }: Asked): Promise<Buffer> {
  const { opened, rest, signal } = await openForReading(needs, request, reply);
  const id = await requireCommitId(needs, opened, { idText: withoutEnding(rest), signal });
  const commit = await requireCommit(needs, opened, { commit: id, signal });
  const diff = await needs.git.diff(opened.repository.id, { commit: id, signal });
  if (diff === undefined) throw notFound();
  return Buffer.from(formatPatch(commit, diff, format));
}

function withoutEnding(text: string): string {
  return text.replace(/\.(diff|patch)$/, "");
}
