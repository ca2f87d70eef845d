import { Readable } from "node:stream";

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { notFound } from "../errors.ts";
import type { Services } from "../services.ts";
import {
  archiveName,
  attachment,
  legacyArchiveName,
  parseArchivePath,
  type ArchiveFormat,
} from "../use-cases/archive-name.ts";
import { resolveCommit } from "../use-cases/resolve-ref.ts";
import { openForReading, type OpenedForReading, type RawNeeds } from "./open-for-reading.ts";

type Needs = RawNeeds & Pick<Services, "git" | "reachability">;

/**
 * Serves archives at `/OWNER/REPO/archive/REF.tar.gz` and `.zip`, and at `/OWNER/REPO/legacy.tar.gz/REF`, to which the API sends: these
 * are called after the commit. Both stream what git makes.
 */
export function registerArchiveRoutes(app: FastifyInstance, needs: Needs): void {
  app.get("/:owner/:repo/archive/*", async (request, reply) => {
    const asked = await openForReading(needs, request, reply);
    const parsed = parseArchivePath(asked.rest);
    if (parsed === undefined) throw notFound();
    return serve(needs, { ...asked, ...parsed, request, reply, isLegacy: false });
  });
  for (const format of ["tar.gz", "zip"] as const)
    app.get(`/:owner/:repo/legacy.${format}/*`, async (request, reply) => {
      const asked = await openForReading(needs, request, reply);
      return serve(needs, { ...asked, name: asked.rest, format, request, reply, isLegacy: true });
    });
}

interface Asked extends OpenedForReading {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly name: string;
  readonly format: ArchiveFormat;
  readonly isLegacy: boolean;
}

async function serve(needs: Needs, asked: Asked): Promise<FastifyReply> {
  const { opened, signal, name, format, request, reply } = asked;
  const resolved = await resolveCommit(needs, opened, { name: name === "" ? undefined : name, signal });
  const { repository, fullName } = opened;
  const prefix = asked.isLegacy ? legacyArchiveName(fullName, resolved) : archiveName(repository.name, resolved);
  const tag = `"${resolved.commit}-${format}-${repository.name}"`;
  void reply.headers({
    etag: tag,
    vary: "Authorization, Cookie",
    "cache-control": `${repository.visibility === "private" ? "private" : "public"}, no-cache`,
    "content-disposition": attachment(`${prefix}.${format}`),
    "x-content-type-options": "nosniff",
  });
  if (request.headers["if-none-match"] === tag) return reply.code(304).send();
  void reply.type(format === "zip" ? "application/zip" : "application/x-gzip");
  if (request.method === "HEAD") return reply.send();
  const bytes = needs.git.archive(repository.id, { commit: resolved.commit, format, prefix, signal });
  return reply.send(Readable.from(bytes, { objectMode: false }));
}
