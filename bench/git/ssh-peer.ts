/** The reference over SSH: OpenSSH's server with git-shell as the login of one user, which is what one would set up by hand. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A running OpenSSH server. */
export interface SshPeer extends AsyncDisposable {
  /** `ssh://USER@HOST:PORT` without a path. */
  readonly url: string;
  readonly repositories: string;
  readonly pid: number;
}

const program = "/usr/sbin/sshd";
const shell = "/usr/bin/git-shell";
/** No password is right; the usual "!" would lock the account for keys too. */
const noPassword = "*";

/** Starts it on a loopback port for one key, with everything it writes below `folder`. Needs root. */
export async function startSshPeer(folder: string, port: number, publicKeyFile: string): Promise<SshPeer> {
  if (!existsSync(program)) throw new Error("the reference needs sshd: apt-get install openssh-server");
  const repositories = join(folder, "repositories");
  mkdirSync(repositories, { recursive: true });
  mkdirSync("/run/sshd", { recursive: true, mode: 0o755 }); // Where its unprivileged part lives.
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "host-key")]);
  writeFileSync(join(folder, "authorized_keys"), readFileSync(publicKeyFile));
  writeFileSync(join(folder, "sshd_config"), configOf(folder, port));
  // Another name of who runs this, so that git takes the repositories for its user's own.
  const user = `guts-bench-${process.pid}`;
  const account = ["-o", "-u", "0", "-g", "0", "-M", "-N", "-d", folder, "-s", shell, "-p", noPassword, user];
  execFileSync("useradd", account, { stdio: "ignore" });
  const server = spawn(program, ["-D", "-f", join(folder, "sshd_config"), "-E", join(folder, "log")], {
    stdio: "ignore",
    detached: true,
  });
  await untilListening(port);
  return {
    url: `ssh://${user}@127.0.0.1:${port}`,
    repositories,
    pid: server.pid!,
    async [Symbol.asyncDispose]() {
      await stop(server);
      try {
        execFileSync("userdel", ["-f", user], { stdio: "ignore" });
      } catch {
        // It complains of processes of the same number; the name is gone all the same.
      }
    },
  };
}

function configOf(folder: string, port: number): string {
  return `ListenAddress 127.0.0.1
Port ${port}
HostKey ${folder}/host-key
AuthorizedKeysFile ${folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
PrintLastLog no
DisableForwarding yes
PermitTTY no
UseDNS no
AcceptEnv GIT_PROTOCOL
MaxStartups 256
MaxSessions 64
LogLevel ERROR
`;
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await delay(50);
  }
  throw new Error("sshd does not listen");
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-child.pid!, "SIGTERM");
  await ended;
}
