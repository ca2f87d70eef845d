/** Requirements in words for people: what is missing, and who can do something about it. */
import { assertNever } from "@guts/primitives";
import type { UnmetRequirement } from "./decide-ref-update.ts";

/** One requirement, in two clauses without a full stop. */
export interface RequirementWords {
  readonly what: string;
  readonly who: string;
}

const administrator = "an administrator of the repository can change the rule";

/** The words for a requirement. */
export function requirementWords(unmet: UnmetRequirement): RequirementWords {
  switch (unmet.code) {
    case "locked":
      return { what: "it is locked, so it is read-only", who: "an administrator of the repository can unlock it" };
    case "deletion":
      return { what: "it may not be deleted", who: "an administrator of the repository can allow deletions" };
    case "force-push":
      return {
        what: "its history may not be rewritten",
        who: "fetch and rebase on it, or an administrator of the repository can allow force-pushes",
      };
    case "tag-move":
      return { what: "it may not be moved", who: "make a new tag, or an administrator of the repository can allow it" };
    case "creation":
      return { what: "nobody may create it", who: administrator };
    case "pusher":
      return {
        what: "only those whom its rule names may push",
        who: "ask one of them, or an administrator to add you",
      };
    case "signed-push":
      return {
        what: "its pushes must be signed by the pusher's own key",
        who: "push with git push --signed; guts auth setup-signing sets it up",
      };
    case "linear-history":
      return unmet.isUncertified
        ? { what: "nobody certified that no merge commit comes in", who: "push again through a current node" }
        : { what: "merge commits may not come in", who: "rebase the commits instead of merging, then push again" };
    case "pull-request":
      return pullRequestWords(unmet);
    case "approvals":
      return { what: `${count(unmet.needed, "approval")} needed, ${unmet.given} given`, who: "people who may write" };
    case "code-owner-approval":
      return { what: "an owner of the changed files must approve", who: "the owners that CODEOWNERS names" };
    case "last-push-approval":
      return { what: "the last push is not approved", who: "anybody who may write, other than who pushed last" };
    case "resolved-conversations":
      return { what: "conversations are open", who: "whoever may write can resolve them" };
    case "checks":
      return { what: `${list(unmet.names)} must succeed first`, who: "whoever runs these checks" };
    case "up-to-date":
      return { what: "the branch has gone on", who: "bring the change up to date with it" };
    default:
      return assertNever(unmet);
  }
}

function pullRequestWords({
  approvals,
  codeOwners,
}: Extract<UnmetRequirement, { code: "pull-request" }>): RequirementWords {
  const reviews = approvals === 0 ? "" : ` with ${count(approvals, "approval")}`;
  const owners = codeOwners ? ", one by a code owner" : "";
  return {
    what: `changes must come by a pull request${reviews}${owners}`,
    who: "push to another branch and open one",
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3
    ? `${shown} and ${names.length - 3} more checks`
    : `${names.length === 1 ? "check" : "checks"} ${shown}`;
}

/** Everything that is missing, in one line. */
export function refusalLine(unmet: readonly UnmetRequirement[]): string {
  const clauses = unmet.map(requirementWords).map(({ what, who }) => `${what} (${who})`);
  return `protected: ${clauses.join("; ")}`;
}
