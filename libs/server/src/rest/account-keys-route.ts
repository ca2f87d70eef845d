import type { ForgeState } from "@guts/ledger";
import type { AccountId } from "@guts/primitives";
import type { FastifyInstance } from "fastify";

import { writeArmor } from "../openpgp/armor.ts";
import type { Services } from "../services.ts";
import { findAccount } from "../use-cases/find-repository.ts";
import { publicKeyLine } from "./public-key-line.ts";

/** Serves an account's public keys as text, where GitHub does and where people's scripts and `AuthorizedKeysCommand` look. */
export function registerAccountKeysRoute(app: FastifyInstance, { ledger }: Pick<Services, "ledger">): void {
  const serve = (suffix: string, textOf: (state: ForgeState, account: AccountId) => string): void => {
    app.get(`/:login(^[A-Za-z0-9-]{1,39}).${suffix}`, (request, reply) => {
      const { login } = request.params as { readonly login: string };
      const state = ledger.state();
      const found = findAccount(state, login);
      const text = found === undefined ? "Not Found\n" : textOf(state, found.account.id);
      return reply
        .code(found === undefined ? 404 : 200)
        .type("text/plain; charset=utf-8")
        .send(text);
    });
  };
  serve("keys", sshKeysText);
  serve("gpg", gpgKeysText);
}

/** A line for each key that git comes in with. */
function sshKeysText(state: ForgeState, id: AccountId): string {
  return Array.from(state.sshKeys({ type: "account", id }), ({ blob }) => `${publicKeyLine(blob)}\n`).join("");
}

/** One armored block of all keys, as `gpg --import` takes it; GitHub's words where there is none. */
function gpgKeysText(state: ForgeState, id: AccountId): string {
  const keys = Array.from(state.signingKeys(id, "gpg"), ({ key }) => key);
  return keys.length === 0 ? "This user hasn't uploaded any GPG keys.\n" : writeArmor(Buffer.concat(keys));
}
