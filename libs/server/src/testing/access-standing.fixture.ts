/** Who callers are, where repositories are, and what is right: said a second time, in the plainest way, so that a mistake in governance shows. */
import type { Scope } from "@guts/governance";

import type { TestAccount } from "./test-node.fixture.ts";

/** A person's standing in a repository; `owner` is above every role. */
export const standings = ["none", "read", "triage", "write", "maintain", "admin", "owner"] as const;
export type Standing = (typeof standings)[number];

/** A kind of caller. */
export interface Caller {
  readonly name: string;
  /** Undefined: none is sent. */
  readonly token: string | undefined;
  /** Who prepares for it; undefined where it has no account that can act. */
  readonly account: TestAccount | undefined;
  readonly standing: Standing;
  /** What bounds the token; `all` for one that may do everything its person may. */
  readonly scopes: "all" | readonly Scope[];
  /** `dead`: the token is good no more, or not here. `suspended`: its account may do nothing. */
  readonly state: "live" | "dead" | "suspended";
  /** Whether its person administers the network. */
  readonly isAdministrator: boolean;
  /** What a fine-grained token may do; it has no scopes. */
  readonly areas?: Areas;
}

/** The areas of a fine-grained token: of all repositories of its person, but not of organizations, or of one that nobody asks for. */
export interface Areas {
  readonly contents: "none" | "read" | "write";
  readonly administration: "none" | "read" | "write";
  readonly issues: "none" | "read" | "write";
  readonly isElsewhere: boolean;
}

/** A repository with people in every standing. */
export interface Target {
  readonly owner: string;
  readonly repo: string;
  readonly id: number;
  readonly visibility: "public" | "private";
}

/** What a filled repository holds. */
export interface GitIds {
  readonly commit: string;
  readonly tag: string;
  readonly blob: string;
}

/** A target with a commit, a branch and an annotated tag. */
export type FilledTarget = Target & { readonly ids: GitIds };

/** Roles of people, by the names of the callers who have them. */
export const roleOf = {
  reader: "pull",
  triager: "triage",
  writer: "push",
  maintainer: "maintain",
  admin: "admin",
} as const;
export type RoleName = keyof typeof roleOf;
/** A role as GitHub's API gives it. */
export type GivenPermission = (typeof roleOf)[RoleName];
/** The people in each role. */
export type People = Readonly<Record<RoleName, TestAccount>>;

/** In the name of every private repository, so that no answer can hold it unseen. */
export const secretWord = "undisclosed";

/** Where repositories are: everywhere that a rule could tell apart. */
export const places = [
  "a person's public",
  "a person's private",
  "an organization's public",
  "an organization's private",
] as const;
export type Place = (typeof places)[number];

/** Where a node says that it is; passkeys are bound to it. */
export const matrixOrigin = "https://git.example.org";
/** The password of the account that has one. */
export const homePassword = "correct horse battery";

/** Whether a token with these scopes may do what `scope` is for; the implications that matter here, said again. */
export function holds({ scopes }: Caller, scope: Scope): boolean {
  const implied: Partial<Record<Scope, readonly Scope[]>> = {
    public_repo: ["repo"],
    "repo:read": ["repo"],
    "repo:invite": ["repo"],
  };
  return scopes === "all" || scopes.includes(scope) || (implied[scope] ?? []).some((wider) => scopes.includes(wider));
}

/** Whether the caller's person stands at least there. */
export function standsAt(caller: Caller, { visibility }: Pick<Target, "visibility">, needed: Standing): boolean {
  const held = caller.standing === "none" && visibility === "public" ? "read" : caller.standing;
  return standings.indexOf(held) >= standings.indexOf(needed);
}

/** Whether a fine-grained token is for this repository; without an owner: for any. */
export function reaches({ areas, account }: Caller, { owner }: Partial<Pick<Target, "owner">>): boolean {
  return areas === undefined || (!areas.isElsewhere && (owner === undefined || owner === account?.handle));
}

/** Whether the caller may know of the repository; without an owner: of some like it. */
export function mayRead(caller: Caller, target: Pick<Target, "visibility"> & Partial<Pick<Target, "owner">>): boolean {
  if (caller.areas !== undefined) return target.visibility === "public" || reaches(caller, target);
  return standsAt(caller, target, "read") && (target.visibility === "public" || holds(caller, "repo:read"));
}
