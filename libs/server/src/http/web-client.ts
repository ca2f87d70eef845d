import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import type { Authenticator } from "../auth/authenticate.ts";
import { refuseActor } from "../auth/actor.ts";
import { notFound } from "../errors.ts";
import type { Ledger } from "../ports/index.ts";
import { locateRepository } from "../use-cases/find-repository.ts";
import { sendError } from "./error-funnel.ts";
import { pageContentSecurityPolicy } from "./security-headers.ts";

export interface WebClientOptions {
  /** Folder of the built web client; undefined serves the API and git alone. */
  readonly webRoot: string | undefined;
  readonly ledger: Ledger;
  readonly authenticator: Authenticator;
}

/** A year: names of assets hold a hash of what is in them. */
const assetMaxAgeMs = 365 * 24 * 3600 * 1000;

/**
 * Serves the web client: hashed files under `/assets/` for ever, the files beside `index.html` for an hour, and
 * `index.html` for every other path that a person may open, since the client routes by itself.
 */
export async function registerWebClient(app: FastifyInstance, options: WebClientOptions): Promise<void> {
  const { webRoot } = options;
  const index = webRoot === undefined ? undefined : await readFile(join(webRoot, "index.html")).catch(() => undefined);
  if (webRoot !== undefined && index !== undefined) {
    await app.register(fastifyStatic, { root: webRoot, serve: false, preCompressed: true, index: false });
    app.get("/assets/*", (request, reply) =>
      reply.sendFile(`assets/${(request.params as { "*": string })["*"]}`, { maxAge: assetMaxAgeMs, immutable: true }),
    );
    for (const entry of await readdir(webRoot, { withFileTypes: true }))
      if (entry.isFile() && !/^index\.html|\.(br|gz)$/.test(entry.name))
        app.get(`/${entry.name}`, (_request, reply) => reply.sendFile(entry.name, { maxAge: 3_600_000 }));
  }
  app.setNotFoundHandler((request, reply) => {
    if (index === undefined || !isPage(request)) return sendError(notFound(), request, reply);
    const location = presentLocation(request, options);
    if (location !== undefined) return reply.code(301).header("location", location).send();
    return sendPage(reply, index);
  });
}

function isPage(request: FastifyRequest): boolean {
  const isRead = request.method === "GET" || request.method === "HEAD";
  const path = request.url.split("?", 1)[0] ?? "";
  return isRead && !/^\/(api|assets)(\/|$)|\/info\/refs$/.test(path);
}

function sendPage(reply: FastifyReply, index: Buffer): FastifyReply {
  return reply
    .code(200)
    .headers({ "content-security-policy": pageContentSecurityPolicy, "cache-control": "no-cache" })
    .type("text/html; charset=utf-8")
    .send(index);
}

/** Where a page of a renamed or moved repository is now, for those who may read it. */
function presentLocation(request: FastifyRequest, { ledger, authenticator }: WebClientOptions): string | undefined {
  const [, owner, name, rest = ""] = /^\/([^/?]+)\/([^/?]+)([/?].*)?$/.exec(request.url) ?? [];
  if (owner === undefined || name === undefined) return undefined;
  const state = ledger.state();
  const located = locateRepository(state, owner, name);
  if (located?.isFormerName !== true) return undefined;
  const actor = authenticator.authenticate({ authorization: undefined, cookie: request.headers.cookie });
  const isHidden = refuseActor(state, actor, located.repository, "read") !== undefined;
  return isHidden ? undefined : `/${located.fullName}${rest}`;
}
