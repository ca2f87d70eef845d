/**
 * The SSH door: RFC 4251 to 4254 by ssh2, for git and nothing else.
 *
 * Public keys only; no shell, no terminal, no forwarding, no subsystems. Every connection is bounded in time, sessions and
 * memory, and so are all together. Nothing of what a client sends reaches a shell.
 */
import { createServer as createTcpServer, type Socket } from "node:net";

import type { PrivateSeed } from "@guts/primitives";
import ssh2 from "ssh2";

import type { SignInThrottle } from "../auth/sign-in-throttle.ts";
import { addressGroup } from "../http/address-group.ts";
import { sshLimits } from "../limits.ts";
import { hostKeyOf } from "./host-key.ts";
import { serveConnection } from "./ssh-connection.ts";
import { turnAway } from "./turn-away.ts";
import { busyWords, tooManyOfAddressWords, tooManyTriesWords } from "./words.ts";
import type { SshServices } from "./ssh-session.ts";

/** What the door is made of. */
export interface SshDoorOptions extends SshServices {
  readonly hostKeySeed: PrivateSeed;
  readonly throttle: SignInThrottle;
  /** Software and version, as clients see it before they say who they are. */
  readonly software: string;
}

/** A door that listens. */
export interface SshDoor extends AsyncDisposable {
  readonly port: number;
}

/** Opens the door at `host` and `port`; port 0 takes a free one. Throws what `listen(2)` says. */
export async function openSshDoor(
  options: SshDoorOptions,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<SshDoor> {
  const sockets = new Sockets(options);
  const protocol = createProtocol(options, sockets);
  const listener = createTcpServer({ noDelay: true }, (socket) => {
    if (sockets.admit(socket)) protocol.injectSocket(socket);
  });
  listener.maxConnections = sshLimits.connectionCountMax;
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, host, resolve);
  });
  const address = listener.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => listener.close(resolve));
      sockets.close();
      await closed;
    },
  };
}

/**
 * What both sides must be able to do; the client's order decides (RFC 4253, section 7.1), so counter mode stays for clients that have
 * no better (docs/benchmarks.md, "git over SSH against OpenSSH"). No compression: a few bytes that unpack to many are nobody's need.
 */
const algorithms: ssh2.Algorithms = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group14-sha256",
  ],
  serverHostKey: ["ssh-ed25519"],
  cipher: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
  compress: ["none"],
};

function createProtocol(options: SshDoorOptions, sockets: Sockets): ssh2.Server {
  const { privateText } = hostKeyOf(options.hostKeySeed);
  const config = { hostKeys: [privateText], ident: options.software, algorithms };
  return new ssh2.Server(config, (client, { ip, port }) => {
    const socket = sockets.find(ip, port);
    if (socket === undefined) return void client.end();
    return serveConnection(options, client, { address: ip, socket, onProven: () => sockets.prove(socket) });
  });
}

/** The open sockets: how many there are, of whom, and which have not said who they are. */
class Sockets {
  readonly #throttle: SignInThrottle;
  readonly #software: string;
  readonly #countByAddress = new Map<string, number>();
  readonly #unproven = new Map<Socket, NodeJS.Timeout>();
  readonly #all = new Set<Socket>();

  constructor({ throttle, software }: Pick<SshDoorOptions, "throttle" | "software">) {
    this.#throttle = throttle;
    this.#software = software;
  }

  /** Takes a socket in, or turns it away with a word. */
  admit(socket: Socket): boolean {
    const address = socket.remoteAddress ?? "";
    const group = addressGroup(address);
    const count = this.#countByAddress.get(group) ?? 0;
    const refusal = this.#refuse(address, count);
    if (refusal !== undefined) {
      turnAway(socket, this.#software, refusal);
      return false;
    }
    this.#countByAddress.set(group, count + 1);
    this.#all.add(socket);
    this.#unproven.set(
      socket,
      setTimeout(() => socket.destroy(), sshLimits.handshakeTimeoutMs),
    );
    socket.setTimeout(sshLimits.idleTimeoutMs, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#forget(socket, group));
    return true;
  }

  /** The open socket of a client, which ssh2 names by its address only. */
  find(address: string, port: number): Socket | undefined {
    return [...this.#unproven.keys()].find((socket) => socket.remoteAddress === address && socket.remotePort === port);
  }

  /** The client has proven to hold a key: its attempt was no guess. */
  prove(socket: Socket): void {
    if (!this.#settle(socket)) return;
    this.#throttle.succeededFrom(socket.remoteAddress ?? "");
  }

  close(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #refuse(address: string, count: number): string | undefined {
    if (count >= sshLimits.connectionCountPerAddressMax) return tooManyOfAddressWords(count);
    if (this.#unproven.size >= sshLimits.unprovenCountMax) return busyWords;
    try {
      this.#throttle.attemptFrom(address);
      return undefined;
    } catch {
      return tooManyTriesWords;
    }
  }

  #settle(socket: Socket): boolean {
    clearTimeout(this.#unproven.get(socket));
    return this.#unproven.delete(socket);
  }

  #forget(socket: Socket, group: string): void {
    this.#settle(socket);
    this.#all.delete(socket);
    const left = (this.#countByAddress.get(group) ?? 1) - 1;
    if (left === 0) this.#countByAddress.delete(group);
    else this.#countByAddress.set(group, left);
  }
}
