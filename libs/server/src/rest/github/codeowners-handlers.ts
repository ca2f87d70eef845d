import {
  codeownersBytesMax,
  codeownersErrorsMax,
  codeownersPaths,
  parseCodeowners,
  permits,
  showLine,
  type CodeOwner,
  type CodeownersRule,
} from "@guts/governance";
import type { ForgeState, Repository } from "@guts/ledger";
import { parseTeamSlug } from "@guts/primitives";

import { notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { openAtPresentName, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { permissionOf } from "../../use-cases/permission.ts";
import { mayBeNamed } from "../../use-cases/protection-actors.ts";
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
  const unknown = unknownOwners(opened, rules).take(codeownersErrorsMax).toArray();
  return [...errors, ...unknown]
    .toSorted((left, right) => left.line - right.line || left.column - right.column)
    .slice(0, codeownersErrorsMax)
    .map((error) => ({ ...error, suggestion: error.suggestion ?? null, path }));
}

/** Owners who own nothing, in order; each name is looked up once. */
function* unknownOwners(
  opened: OpenedRepository,
  rules: readonly CodeownersRule[],
): Generator<UnknownOwner, undefined> {
  const known = new Set<string>();
  for (const { line, text, owners } of rules)
    for (const owner of owners) {
      if (owner.type === "email") continue;
      const name = owner.type === "account" ? `@${owner.handle}` : `@${owner.organization}/${owner.team}`;
      if (known.has(name)) continue;
      if (isOwner(opened, owner)) known.add(name);
      else yield unknownOwner({ line, text, name });
    }
  return undefined;
}

/** People and visible teams who may write own files, as on GitHub. */
function isOwner({ state, repository }: OpenedRepository, owner: Exclude<CodeOwner, { type: "email" }>): boolean {
  if (owner.type === "team") return isOwningTeam(state, repository, owner);
  const found = findAccount(state, owner.handle);
  return found !== undefined && permits(permissionOf(state, repository, found.account.id), "write");
}

function isOwningTeam(
  state: ForgeState,
  repository: Repository,
  { organization, team: text }: Extract<CodeOwner, { type: "team" }>,
): boolean {
  const slug = parseTeamSlug(text);
  if (slug === undefined || findAccount(state, organization)?.account.id !== repository.owner) return false;
  const team = state.organizations.findTeam(repository.owner, slug);
  return team?.privacy === "visible" && mayBeNamed(state, repository, team);
}

type UnknownOwner = ReturnType<typeof unknownOwner>;

function unknownOwner({ line, text, name }: { readonly line: number; readonly text: string; readonly name: string }) {
  const column = text.indexOf(name) + 1;
  const suggestion = `make sure ${name} exists and has write access to the repository`;
  const shown = showLine(text, column, `Unknown owner on line ${line}: ${suggestion}`);
  return { line, column, kind: "Unknown owner", suggestion, ...shown };
}
