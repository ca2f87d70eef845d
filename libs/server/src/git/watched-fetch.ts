import type { FastifyReply } from "fastify";

import type { Actor } from "../auth/actor.ts";
import { isStillGood } from "../auth/good-here.ts";
import type { Clock, Ledger } from "../ports/index.ts";
import type { LocatedRepository } from "../use-cases/find-repository.ts";
import type { AccessWatch } from "./access-watch.ts";
import { decideGitAccess } from "./git-access.ts";

interface Needs {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly accessWatch: AccessWatch;
}

/** A signal that aborts, and ends the connection, when whoever fetches over HTTP may not fetch any more. */
export function watchFetch(
  { ledger, clock, accessWatch }: Needs,
  { located, actor }: { readonly located: LocatedRepository; readonly actor: Actor },
  reply: FastifyReply,
): AbortSignal {
  const { repository, owner } = located;
  const { credential } = actor;
  const watched = accessWatch.watch(() => {
    if (credential !== undefined && !isStillGood({ ledger, clock }, credential)) return false;
    const asked = { owner: owner.handle, name: repository.name, actor, baseUrl: "" };
    return decideGitAccess(ledger.state(), { service: "git-upload-pack", ...asked }).access === "open";
  });
  if (reply.raw.destroyed) watched[Symbol.dispose]();
  else reply.raw.once("close", () => watched[Symbol.dispose]());
  watched.signal.addEventListener("abort", () => reply.raw.destroy());
  return watched.signal;
}
