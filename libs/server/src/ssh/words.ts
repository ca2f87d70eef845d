/** What people read who come over SSH. */
import { assertNever } from "@guts/primitives";

import type { ExecCommand } from "./exec-command.ts";
import type { SshPerson } from "./identify.ts";

/** Who the key stands for, when it came without a command. */
export function greetingWords({ account, pusher }: Pick<SshPerson, "account" | "pusher">): string {
  const bound = pusher?.credential.kind === "deploy-key" ? " with a deploy key" : "";
  return `Hi ${account.handle}! You've successfully authenticated${bound}, but Guts does not provide shell access.`;
}

/** A key that ended while its connection was open. */
export function keyGoneWords(): string {
  return "This key was removed or has expired.\nSee your keys with: guts ssh-key list";
}

/** A key of an account that administrators of the network have suspended. */
export const suspendedWords = "Sorry. Your account was suspended.";

/** Any user name but git. */
export function userNameWords(userName: string): string {
  const shown = /^[\x21-\x7e]{1,32}$/.test(userName) ? `"${userName}"` : "another one";
  return `Connect with the user name git, not ${shown}: who you are, your key says.`;
}

/** What was asked is not git's fetch or push of a repository. */
export function commandWords(type: Exclude<ExecCommand["type"], "git">): string {
  switch (type) {
    case "archive":
      return "git archive --remote is not offered here. Clone the repository, and run git archive in the clone.";
    case "lfs":
      return "Large file storage is not offered over SSH.";
    case "bad-path":
      return "There is no such repository. Its path is OWNER/REPOSITORY.git";
    case "unknown":
      return "Only git's fetch and push are offered here; there is no shell.";
    default:
      return assertNever(type);
  }
}

/** The repository goes by another name. */
export function movedWords(remote: string): string {
  return `This repository moved. Please use the new location:\n  git remote set-url origin ${remote}`;
}

/** Connections of one address beyond what it may have. */
export function tooManyOfAddressWords(count: number): string {
  return `There are ${count} connections from your address. Wait for one to end, and try again.`;
}

/** More connections than this door serves before their clients say who they are. */
export const busyWords = "This node is busy. Try again in a moment.";

/** Connections of one address that never proved to hold anybody's key. */
export const tooManyTriesWords = "Too many connections from your address proved nothing. Try again in a minute.";

/** A fetch or push that ran into its deadline. */
export const tooSlowWords = "it took longer than this node allows; ask for less at once, or over a faster connection";

/** What went wrong is in the node's log. */
export const failureWords = "Something went wrong on this node. Its operator finds it in the log.";
