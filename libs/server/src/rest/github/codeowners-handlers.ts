import {
  codeownersBytesMax,
  codeownersErrorsMax,
  codeownersPaths,
  parseCodeowners,
  permits,
  type CodeOwner,
} from "@guts/governance";

import { notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { openAtPresentName, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { permissionOf } from "../../use-cases/permission.ts";
import { resolveCommit } from "../../use-cases/resolve-ref.ts";

type Name = "GET /api/v3/repos/{owner}/{repo}/codeowners/errors";

/** The lines of CODEOWNERS that say nothing, or that name somebody who cannot own anything here. */
export function codeownersHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, git } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/codeowners/errors": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const { commit } = await resolveCommit(services, opened, { name: call.query.ref, signal: call.signal });
      for (const path of codeownersPaths) {
        const location = { commit, path, bytesMax: codeownersBytesMax, signal: call.signal };
        const blob = await git.readBlob(opened.repository.id, location);
        if (blob === undefined) continue;
        return {
          status: 200,
          body: { errors: blob.isTruncated ? [tooLarge(path)] : errorsOf(opened, path, blob.bytes) },
        };
      }
      throw notFound();
    },
  };
}

function tooLarge(path: string) {
  const message = `${path} is larger than ${codeownersBytesMax / 1024 / 1024} MB, so nobody owns anything.`;
  return { line: 1, column: 1, source: "", kind: "File too large", suggestion: null, message, path };
}

function errorsOf(opened: OpenedRepository, path: string, bytes: Uint8Array) {
  const { rules, errors } = parseCodeowners(new TextDecoder().decode(bytes));
  const unknown = rules.flatMap(({ line, text, owners }) =>
    owners.flatMap((owner) => {
      if (owner.type === "email" || isOwner(opened, owner)) return [];
      const name = owner.type === "account" ? `@${owner.handle}` : `@${owner.organization}/${owner.team}`;
      return [unknownOwner({ line, text, name })];
    }),
  );
  return [...errors, ...unknown]
    .toSorted((left, right) => left.line - right.line || left.column - right.column)
    .slice(0, codeownersErrorsMax)
    .map((error) => ({ ...error, suggestion: error.suggestion ?? null, path }));
}

/** People who may write own files, as on GitHub. */
function isOwner({ state, repository }: OpenedRepository, owner: Exclude<CodeOwner, { type: "email" }>): boolean {
  if (owner.type === "team") return false;
  const found = findAccount(state, owner.handle);
  return found !== undefined && permits(permissionOf(state, repository, found.account.id), "write");
}

function unknownOwner({ line, text, name }: { readonly line: number; readonly text: string; readonly name: string }) {
  const column = text.indexOf(name) + 1;
  const words = `make sure ${name} exists and has write access to the repository`;
  const message = `Unknown owner on line ${line}: ${words}\n\n  ${text}\n  ${" ".repeat(column - 1)}^`;
  return { line, column, source: text, kind: "Unknown owner", suggestion: words, message };
}
