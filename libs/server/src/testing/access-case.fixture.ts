/** What one line of the access matrix says. */
import type { Scope } from "@guts/governance";

import type { Standing } from "./access-standing.fixture.ts";
import type { At } from "./access-world.fixture.ts";

/** What a repository's route asks of the token beside the person's standing. */
export type RepositoryAct =
  | "read"
  | "read-contents"
  | "read-administration"
  | "write"
  | "status"
  | "star"
  | "watch"
  | "read-issues"
  | "discuss"
  | "administer"
  | "remove-people"
  | "delete";

/** Whom a route serves: anybody; who is signed in, with a scope; who administers the network; who stands in the repository. */
export type Need =
  | { readonly who: "anybody" }
  | { readonly who: "signed-in"; readonly scope?: Scope; readonly servesFineGrained?: true }
  | { readonly who: "administrator" }
  | { readonly who: Standing; readonly act: RepositoryAct };

/** A request that succeeds for whom the route serves. */
export interface AccessRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Makes the request, and what it is about. */
export type Prepare = (at: At) => AccessRequest | Promise<AccessRequest>;

/** A route's line. */
export interface AccessCase {
  readonly need: Need;
  readonly request?: Prepare;
  /** What the request uses up: the token that it carries, or the repository, of which every caller then gets a new one. */
  readonly spends?: "token" | "repository";
}

/** Serves everybody. */
export const anybody = (request?: Prepare): AccessCase => ({ need: { who: "anybody" }, ...(request && { request }) });
/** Serves who is signed in, with this scope. */
export const signedIn = (scope?: Scope, request?: Prepare): AccessCase => ({
  need: { who: "signed-in", ...(scope && { scope }) },
  ...(request && { request }),
});
/** Serves who is signed in, and a fine-grained token too, though it is about no repository. */
export const whoever = (): AccessCase => ({ need: { who: "signed-in", servesFineGrained: true } });
/** Serves who administers the network. */
export const administrator = (request: Prepare): AccessCase => ({ need: { who: "administrator" }, request });
/** Serves who stands in the repository. */
export const standing =
  (act: RepositoryAct) =>
  (who: Standing, request: Prepare = () => ({})): AccessCase => ({ need: { who, act }, request });
export const reads = standing("read");
export const readsContents = standing("read-contents");
export const readsAdministration = standing("read-administration");
export const writes = standing("write");
/** Needs the scope for statuses, or for contents. */
export const reports = standing("status");
export const stars = standing("star");
export const watches = standing("watch");
export const readsIssues = standing("read-issues");
export const discusses = standing("discuss");
export const administers = standing("administer");
/** The ledger asks a classic scope of who removes somebody, so no fine-grained token will do. */
export const removesPeople = standing("remove-people");
