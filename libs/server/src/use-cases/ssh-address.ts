/** Where a node's SSH door is reached. */
export interface SshAddress {
  readonly host: string;
  readonly port: number;
}

/** A repository's remote over SSH: short at the port that everybody expects, with the port otherwise. */
export function sshRemoteOf({ host, port }: SshAddress, fullName: string): string {
  const isPlain = port === 22 && !host.includes(":");
  return isPlain ? `git@${host}:${fullName}.git` : `${sshUrlOf({ host, port })}/${fullName}.git`;
}

/** The door's own URL. */
export function sshUrlOf({ host, port }: SshAddress): string {
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return `ssh://git@${name}${port === 22 ? "" : `:${port}`}`;
}
