/** What git's users read: refusals and progress, in words that say what to do next. */
import { scopesThatAllow, type RepositoryRefusal } from "@guts/governance";
import { assertNever, toHex, type Height } from "@guts/primitives";

import { areaNames } from "../auth/area-names.ts";
import type { SubmitOutcome, SubmitRejection } from "../ports/index.ts";
import { tooFewValidatorsWords } from "../use-cases/quorum.ts";
import { clockTime } from "../use-cases/rejection.ts";
import { certificateWords, lifeWords } from "./signed-push-words.ts";

/** Why a whole git request is refused, for a repository that its client may read. */
export function refusalWords(refusal: RepositoryRefusal, name: string, baseUrl: string): string {
  switch (refusal.code) {
    case "not-found":
      return `There is no repository ${name}, or you may not see it.`;
    case "forbidden":
      return `You may read ${name} but not push to it.\nAsk its owner for write access, or push to a repository of your own.`;
    case "scope-missing":
      return `This token may not ${refusal.need === "read-private-contents" ? "fetch" : "push to"} ${name}: it lacks ${lackWords(refusal)}.\nCreate one that may: ${baseUrl}/settings/tokens`;
    case "archived":
      return `${name} is archived, so it is read-only.\nIts owner can unarchive it: ${baseUrl}/${name}/settings`;
    default:
      return assertNever(refusal);
  }
}

function lackWords({ need, area }: Extract<RepositoryRefusal, { code: "scope-missing" }>): string {
  if (area !== undefined) return `the permission ${areaNames[area.area]}=${area.level} here`;
  return `the scope ${scopesThatAllow(need).join(" or ")}`;
}

/** Why a key may read a repository and not push to it, though its account may. */
export function keyScopeWords(name: string): string {
  return (
    `This deploy key may not push to ${name}: it is read-only, or another repository's.\n` +
    "Push with a key of your own, or ask an administrator of the repository for a deploy key that may write."
  );
}

/** What to do about a push to a repository of one's own that does not exist. */
export function missingRepositoryWords(name: string, baseUrl: string): string {
  const [, repository = ""] = name.split("/");
  return (
    `${name} does not exist yet. Nothing was created.\n` +
    `Create it, then push again:\n` +
    `  guts repo create ${repository}\n` +
    `or in the browser: ${baseUrl}/new?name=${encodeURIComponent(repository)}`
  );
}

/** What somebody reads who has to sign in first. */
export function signInWords(baseUrl: string): string {
  return `Sign in with a token as the password. Create one at ${baseUrl}/settings/tokens, or run: guts auth login`;
}

/** Why the objects of a push were not taken. A shallow clone's own remedy is another than that of a clone that lacks something. */
export function unpackRefusalWords(
  rejected: { readonly code: string; readonly message: string },
  isShallow: boolean,
): string {
  return rejected.code === "missing-objects" && isShallow
    ? "shallow update not allowed: the history is cut off where this repository has nothing; run git fetch --unshallow first"
    : rejected.message;
}

/** The reason beside a ref of an atomic push whose other refs were refused; git's own words. */
export const atomicRefusalWords = "atomic push failure";

/** The reason beside the refs of a transaction that was not applied, or not yet. */
export function outcomeWords(outcome: Exclude<SubmitOutcome<unknown>, { outcome: "applied" }>): string {
  if (outcome.outcome === "unknown") {
    const id = toHex(outcome.transactionId).slice(0, 16);
    return (
      `not known yet whether this is applied: it may be until ${clockTime(outcome.untilTime)} (transaction ${id}); ` +
      "fetch then to see, before you push again"
    );
  }
  if (outcome.rejection === "receipts-missing" || outcome.rejection === "merges-differ") return outcome.words;
  return outcome.rejection === "validators-missing"
    ? tooFewValidatorsWords(outcome.quorum)
    : updateRefusalWords(outcome.rejection);
}

/** What somebody reads who pushes to a repository whose objects this node is still fetching. */
export const behindWords =
  "this node is still fetching objects of this repository from others; push again in a moment, or to another node";

/** What somebody reads who asks for a repository of which nothing is whole here yet. */
export function notFetchedWords(name: string): string {
  return `This node is still fetching ${name} from other nodes, which have it.\nTry again in a moment, or ask another node.`;
}

/** Who stands behind a push that is final. */
export interface PushWitnesses {
  readonly validatorCount: number;
  /** How many signed the certificate of its block; undefined when that cannot be told. */
  readonly signerCount: number | undefined;
  /** How many certified that they hold its objects. */
  readonly storedCount: number;
}

/** What somebody reads who asks git's doors too often; `again` says until when. */
export function tooOftenWords(limit: number, again: string): string {
  return `You asked this node for git data ${limit} times in a minute, which is as often as it answers one caller.\n${again}`;
}

/** The line that a push ends with: where its refs are final, and who stands behind that. */
export function finalWords(height: Height, { validatorCount, signerCount, storedCount }: PushWitnesses): string {
  if (validatorCount === 1 || signerCount === undefined) return `Final at height ${height}.`;
  return `Final at height ${height}: signed by ${signerCount} of ${validatorCount} validators, objects stored by ${storedCount}.`;
}

/** The reason beside one ref. The ones that git has words for are git's, because tools look for them. */
export function updateRefusalWords(code: SubmitRejection): string {
  const words: Partial<Record<SubmitRejection, string>> = {
    "ref-stale": "fetch first: the ref moved in the meantime",
    "ref-hidden": "deny updating a hidden ref: only refs/heads, refs/tags and refs/notes can be pushed",
    "ref-is-default-branch": "refusing to delete the default branch; choose another default branch first",
    "ref-conflict": "a ref of this name cannot exist beside one that is a directory of it",
    "ref-limit": "the repository has as many refs as it may have",
    "ref-not-a-commit": "a branch must point to a commit",
    "ref-unchanged": "the ref is already there",
    "ref-protected": "protected by a rule of the repository",
    "ref-facts-missing":
      "protected by a rule that asks what this node did not have certified; push through a current node",
    "protection-work-spent": "too many refs at once for the patterns of the repository's protection rules; push fewer",
    "repository-archived": "the repository is archived, so it is read-only",
    "ref-repeated": "a push can change each ref once",
    forbidden: "you may not push here any more",
    "not-found": "the repository is gone",
    "scope-missing": "the token or key may not push here any more",
    "credential-expired": "the token or key has expired or was removed",
    "object-format-mismatch": "the repository uses another hash function",
    "receipt-expired": "the network took too long; push again",
    "receipt-insufficient": "the network changed in the meantime; push again",
    "account-budget-spent": "you have written more than your share for now; push again in a few minutes",
    "node-budget-spent": "this node has written more than its share for now; push again in a few minutes",
    "credential-not-live": "the token or key was removed",
    "account-suspended": "your account was suspended",
    "node-busy": "this node is busy; push again in a moment",
    "push-certificate-malformed": certificateWords("push-certificate-malformed"),
    "push-certificate-elsewhere": certificateWords("push-certificate-elsewhere"),
    "push-certificate-mismatch": certificateWords("push-certificate-mismatch"),
    "key-not-live": "the key that signed this push was revoked",
    "already-applied": "this signed push was handled before; push again",
    "key-reused": "this signed push was handled before; push again",
    expired: lifeWords("expired"),
    "lives-too-long": lifeWords("lives-too-long"),
  };
  return words[code] ?? code.replaceAll("-", " ");
}
