import type { FastifyReply, FastifyRequest } from "fastify";

import type { Actor } from "../auth/actor.ts";
import { Refusal } from "../errors.ts";
import { clientSignal } from "../http/client-signal.ts";
import { tooManyRequests, type RateCaller } from "../http/rate-limiter.ts";
import type { Services } from "../services.ts";
import { openRepository, type OpenedRepository } from "../use-cases/open-repository.ts";

/** What finding out who asks for a repository's contents needs. */
export type RawNeeds = Pick<Services, "ledger" | "authenticator" | "rateLimiter" | "clock">;

/** A request for contents of a repository, outside of the API. */
export interface OpenedForReading {
  readonly opened: OpenedRepository;
  /** What follows the fixed part of the path. */
  readonly rest: string;
  /** Aborted when the client goes away or its time is up. */
  readonly signal: AbortSignal;
}

/** Time for one download. */
const downloadTimeoutMs = 60 * 60 * 1000;

/** Opens the repository of `/OWNER/REPO/...` for whoever asks. Throws `Refusal`, `moved` for a former name. */
export async function openForReading(
  needs: RawNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<OpenedForReading> {
  const { owner = "", repo = "", "*": rest = "" } = request.params as Readonly<Record<string, string>>;
  const signal = clientSignal(reply, downloadTimeoutMs);
  const actor = await identify(needs, request, signal);
  const opened = openRepository(needs.ledger, actor, { owner, repo }, "read-contents");
  if (opened.isFormerName)
    throw new Refusal("moved", "Moved Permanently", {
      location: request.url.replace(/^\/[^/]+\/[^/]+/, `/${opened.fullName}`),
    });
  return { opened, rest, signal };
}

/** Finds out who asks, and counts the request; a wrong token counts for its address. */
async function identify(needs: RawNeeds, { headers, ip }: FastifyRequest, signal: AbortSignal): Promise<Actor> {
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
