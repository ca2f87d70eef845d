/** A commit message as its subject line and what follows. */
export interface CommitMessage {
  readonly subject: string;
  readonly body: string;
}

/** Splits a message as git's `%s` and `%b` do: the first paragraph, joined to one line, is the subject. */
export function splitCommitMessage(message: string): CommitMessage {
  const [first = "", ...rest] = message
    .replace(/\r\n/g, "\n")
    .trim()
    .split(/\n[ \t]*\n/);
  return { subject: first.split("\n").join(" "), body: rest.join("\n\n").trim() };
}
