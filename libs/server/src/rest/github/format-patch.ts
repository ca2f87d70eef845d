import type { GitCommit, GitDiff, GitFileDiff } from "../../ports/index.ts";

/** A commit's change as text: a unified diff, or with the commit as a mail that `git am` reads. */
export function formatPatch(commit: GitCommit, diff: GitDiff, format: "diff" | "patch"): string {
  const text = diff.files.map(formatFile).join("");
  return format === "diff" ? text : `${formatMail(commit)}---\n\n${text}--\nGuts\n\n`;
}

function formatMail({ id, author, message }: GitCommit): string {
  const [title = "", ...body] = message.trimEnd().split("\n");
  const date = new Date(author.timeSeconds * 1000).toUTCString().replace("GMT", "+0000");
  const rest = body.join("\n").trim();
  return (
    `From ${id} Mon Sep 17 00:00:00 2001\nFrom: ${author.name} <${author.email}>\nDate: ${date}\n` +
    `Subject: [PATCH] ${title}\n\n${rest === "" ? "" : `${rest}\n`}`
  );
}

function formatFile(file: GitFileDiff): string {
  const before = file.previousPath ?? file.path;
  const head = [`diff --git a/${before} b/${file.path}`];
  if (file.status === "added") head.push(`new file mode ${file.newMode ?? "100644"}`);
  if (file.status === "deleted") head.push(`deleted file mode ${file.oldMode ?? "100644"}`);
  if (isModeChanged(file)) head.push(`old mode ${file.oldMode}`, `new mode ${file.newMode}`);
  if (file.status === "renamed") head.push(`rename from ${before}`, `rename to ${file.path}`);
  if (file.status === "copied") head.push(`copy from ${before}`, `copy to ${file.path}`);
  if (file.patch === "") return `${[...head, ...(file.isBinary ? ["Binary files differ"] : [])].join("\n")}\n`;
  const from = file.status === "added" ? "/dev/null" : `a/${before}`;
  const to = file.status === "deleted" ? "/dev/null" : `b/${file.path}`;
  return `${[...head, `--- ${from}`, `+++ ${to}`].join("\n")}\n${file.patch.replace(/\n?$/, "\n")}`;
}

function isModeChanged({ oldMode, newMode }: GitFileDiff): boolean {
  return oldMode !== undefined && newMode !== undefined && oldMode !== newMode;
}
