import type { FastifyInstance } from "fastify";

import type { Services } from "../services.ts";
import { findAccount } from "../use-cases/find-repository.ts";
import { publicKeyLine } from "./public-key-line.ts";

/** Serves `/USER.keys`: an account's SSH keys, a line each, as `AuthorizedKeysCommand` and people's scripts read it. */
export function registerAccountKeysRoute(app: FastifyInstance, { ledger }: Pick<Services, "ledger">): void {
  app.get("/:login(^[A-Za-z0-9-]{1,39}).keys", (request, reply) => {
    const { login } = request.params as { readonly login: string };
    const found = findAccount(ledger.state(), login);
    const keys = found === undefined ? [] : [...ledger.state().sshKeys({ type: "account", id: found.account.id })];
    const lines = keys.map(({ blob }) => `${publicKeyLine(blob)}\n`).join("");
    return reply
      .code(found === undefined ? 404 : 200)
      .type("text/plain; charset=utf-8")
      .send(found === undefined ? "Not Found\n" : lines);
  });
}
