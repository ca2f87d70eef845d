import type { Passkey } from "@guts/api";

import type { RouteHandlers } from "../../http/call.ts";
import type { StoredPasskey } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import { addPasskey, drawPasskeyChallenge, ownPasskey, signInWithPasskey } from "../../use-cases/passkeys.ts";
import { isoTime } from "../iso-time.ts";
import { sessionPresenter } from "./identity-handlers.ts";

type Name =
  | "POST /api/guts/passkeys/challenges"
  | "POST /api/guts/signin/passkey"
  | `${"GET" | "POST"} /api/guts/passkeys`
  | `${"PATCH" | "DELETE"} /api/guts/passkeys/{id}`;

/** Passkeys of this node. */
export function passkeyHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, privateStore } = services;
  const started = sessionPresenter(services);
  return {
    "POST /api/guts/passkeys/challenges": ({ body, actor, baseUrl }) => {
      const signedIn = actor.account === undefined ? undefined : actor;
      const terms = drawPasskeyChallenge(services, body.purpose, { actor: signedIn, baseUrl });
      const answer = {
        challenge: terms.challenge,
        origins: [...terms.origins],
        networkName: ledger.state().network().name,
        userId: textOf(terms.userId),
        existingIds: terms.existing.map(({ id }) => textOf(id)),
      };
      return { status: 201, body: answer, headers: { "cache-control": "no-store" } };
    },
    "POST /api/guts/signin/passkey": async ({ body, address, baseUrl, signal }) => {
      const session = await signInWithPasskey(services, body, { address, baseUrl, signal });
      return { status: 200, ...started(session, body.session ?? "cookie", { baseUrl }) };
    },
    "GET /api/guts/passkeys": ({ actor }) => ({
      status: 200,
      body: privateStore.passkeys(actor.account.id).map(present),
    }),
    "POST /api/guts/passkeys": ({ actor, body, baseUrl }) => ({
      status: 201,
      body: present(addPasskey(services, actor, { given: body, baseUrl })),
    }),
    "PATCH /api/guts/passkeys/{id}": ({ actor, path, body }) => {
      const passkey = ownPasskey(services, actor, path.id);
      privateStore.renamePasskey(passkey.id, body.name);
      return { status: 200, body: present({ ...passkey, name: body.name }) };
    },
    "DELETE /api/guts/passkeys/{id}": ({ actor, path }) => {
      privateStore.removePasskey(ownPasskey(services, actor, path.id).id);
      return { status: 204, body: undefined };
    },
  };
}

function present({ id, name, createdTime, usedTime, isSynced }: StoredPasskey): Passkey {
  const lastUsedAt = usedTime === undefined ? null : isoTime(usedTime);
  return { id: textOf(id), name, createdAt: isoTime(createdTime), lastUsedAt, isSynced };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
