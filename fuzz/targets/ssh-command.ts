/** Whatever a client asks to execute, what is taken for git's is a name that git's own words lead back to, and nothing that a shell would read. */
import { fromUtf8 } from "@guts/primitives";
import { execCommandLengthMax, parseExecCommand } from "@guts/server/ssh-command";

export const dictionary = [
  ...["git-upload-pack ", "git receive-pack ", "git-upload-archive ", "git-lfs-authenticate ", "git-lfs-transfer "],
  ...["'ada/notes.git'", "~/", "/", ".git", "'", "''", "\\", ";", "$(", "`", "\n", "\u0000", "..", "//", "é"],
];

export function fuzz(bytes: Uint8Array): void {
  const text = fromUtf8(bytes);
  if (text === undefined) return;
  const command = parseExecCommand(text);
  if (command.type === "unknown") return;
  if (text.length > execCommandLengthMax) throw new Error("a command is too long and was taken");
  if (command.type !== "git") return;
  const { service, owner, name } = command;
  if (!/^[A-Za-z0-9-]{1,39}$/.test(owner) || !/^[A-Za-z0-9._-]{1,104}$/.test(name))
    throw new Error("a name holds what no name has");
  if (/["$`\\;&|<>(){}*?!#\n\r\0]/.test(text)) throw new Error("a shell would read more into it");
  const again = parseExecCommand(`${service} '${owner}/${name}.git'`);
  const isSame = again.type === "git" && again.service === service && again.owner === owner && again.name === name;
  if (!isSame) throw new Error("what was taken does not stand for itself");
}
