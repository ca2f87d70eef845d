/** One SSH connection: who it is, and the sessions it opens. */
import type { Socket } from "node:net";

import ssh2, {
  type AuthContext,
  type Connection,
  type PublicKeyAuthContext,
  type ServerChannel,
  type Session,
} from "ssh2";

import { sshLimits } from "../limits.ts";
import { GitChannel } from "./git-channel.ts";
import { identify } from "./identify.ts";
import { execute, greet, type SshAsked, type SshServices } from "./ssh-session.ts";

/** Where a connection comes from. */
export interface ConnectionPlace {
  readonly address: string;
  readonly socket: Socket;
  /** Called once, when the client has proven to hold a key of somebody. */
  readonly onProven: () => void;
}

/** Serves a connection until it ends. Whatever is not listened for here, ssh2 refuses. */
export function serveConnection(services: SshServices, client: Connection, place: ConnectionPlace): void {
  let attemptCount = 0;
  let proven: { readonly keyBlob: Uint8Array; readonly userName: string } | undefined;
  client.on("error", () => place.socket.destroy());
  client.on("authentication", (context) => {
    if (++attemptCount > sshLimits.attemptCountMax) return void client.end();
    const keyBlob = provenKey(services, context);
    if (keyBlob === undefined) return context.reject(["publickey"]);
    if ((context as PublicKeyAuthContext).signature !== undefined) proven = { keyBlob, userName: context.username };
    else attemptCount--; // Asking whether a key would do is half an attempt; its signature is the other.
    context.accept();
  });
  client.on("ready", () => {
    place.onProven();
    if (proven !== undefined) serveSessions(services, client, { ...place, ...proven });
  });
}

/** The blob of a key that is somebody's, and whose signature, when there is one, is right. */
function provenKey(services: SshServices, context: AuthContext): Uint8Array | undefined {
  if (context.method !== "publickey") return undefined;
  const blob = Uint8Array.from(context.key.data);
  if (identify(services, blob) === undefined) return undefined;
  if (context.signature === undefined) return blob;
  const type = typeOf(blob);
  // RSA with SHA-1 proves nothing any more.
  if (type === "ssh-rsa" && context.hashAlgo !== "sha256" && context.hashAlgo !== "sha512") return undefined;
  const key = ssh2.utils.parseKey(`${type} ${Buffer.from(blob).toString("base64")}`);
  if (key instanceof Error || context.blob === undefined) return undefined;
  // It gives back an error, which its types do not say, where it could not even try.
  const verdict: unknown = key.verify(context.blob, context.signature, context.hashAlgo);
  return verdict === true ? blob : undefined;
}

/** The type's name, which a blob begins with. */
function typeOf(blob: Uint8Array): string {
  const length = new DataView(blob.buffer, blob.byteOffset).getUint32(0);
  return Buffer.from(blob.subarray(4, 4 + length)).toString("latin1");
}

type ProvenPlace = ConnectionPlace & Pick<SshAsked, "keyBlob" | "userName">;

function serveSessions(services: SshServices, client: Connection, place: ProvenPlace): void {
  const channels = new Set<ServerChannel>();
  let sessionCount = 0;
  let unused = setTimeout(() => client.end(), sshLimits.unusedTimeoutMs);
  client.once("close", () => clearTimeout(unused));
  boundUnread(place.socket, channels);
  client.on("session", (accept, reject) => {
    if (sessionCount >= sshLimits.sessionCountMax) return reject();
    const session = accept();
    sessionCount++;
    clearTimeout(unused);
    const idle = setTimeout(() => client.end(), sshLimits.unusedTimeoutMs);
    session.once("close", () => {
      clearTimeout(idle);
      if (--sessionCount === 0) unused = setTimeout(() => client.end(), sshLimits.unusedTimeoutMs);
    });
    serveSession(services, session, place, (channel) => {
      clearTimeout(idle);
      channels.add(channel);
      channel.once("close", () => channels.delete(channel));
    });
  });
}

/** One command for each session; of its environment only git's protocol version counts. */
function serveSession(
  services: SshServices,
  session: Session,
  place: ProvenPlace,
  onChannel: (channel: ServerChannel) => void,
): void {
  let gitProtocol: string | undefined;
  session.on("env", (accept, reject, { key, val }) => {
    const isKnown = key === "GIT_PROTOCOL" && val.length <= gitProtocolLengthMax;
    if (isKnown) gitProtocol = val;
    (isKnown ? accept : reject)?.();
  });
  const open = (accept: () => ServerChannel): { readonly channel: GitChannel; readonly asked: SshAsked } => {
    const channel = accept();
    onChannel(channel);
    return { channel: new GitChannel(channel, place.socket), asked: { ...place, gitProtocol } };
  };
  const onFailure = (error: unknown): void => services.logger.error({ err: error }, "an ssh session failed");
  session.on("shell", (accept) => {
    const { channel, asked } = open(accept);
    greet(services, asked, channel).catch(onFailure);
  });
  session.on("exec", (accept, _reject, { command }) => {
    const { channel, asked } = open(accept);
    execute(services, asked, { command, channel }).catch(onFailure);
  });
}

/** Characters of `GIT_PROTOCOL`; git's own say `version=2`. */
const gitProtocolLengthMax = 64;

/** ssh2 takes what a client sends beyond its window, so who does loses the connection. */
function boundUnread(socket: Socket, channels: ReadonlySet<ServerChannel>): void {
  socket.on("data", () => {
    for (const channel of channels) if (channel.readableLength > sshLimits.unreadBytesMax) socket.destroy();
  });
}
