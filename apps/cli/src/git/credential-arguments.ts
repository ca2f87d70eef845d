import type { HostUrl } from "../config/host-name.ts";

/** The value of `credential.<url>.helper` that makes git run this program: a line for `sh`, every word quoted. */
export function credentialHelper(selfCommand: readonly string[]): string {
  return `!${selfCommand.map(quoteForShell).join(" ")} credential`;
}

/** Options of `git clone` that make git in the new repository use the stored token for `host`, from the clone itself on. */
export function cloneCredentialOptions(host: HostUrl, selfCommand: readonly string[]): readonly string[] {
  const key = `credential.${host}.helper`;
  return ["--config", `${key}=`, "--config", `${key}=${credentialHelper(selfCommand)}`];
}

/** Arguments that make one git command use the stored token for `host`, without leaving a trace in its configuration. */
export function credentialArguments(host: HostUrl, selfCommand: readonly string[]): readonly string[] {
  const key = `credential.${host}.helper`;
  return ["-c", `${key}=`, "-c", `${key}=${credentialHelper(selfCommand)}`];
}

/** One word of a POSIX shell that stands for exactly `text`. */
export function quoteForShell(text: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
