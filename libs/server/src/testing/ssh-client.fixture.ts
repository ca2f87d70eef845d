/** An SSH client in this process, which asks the door many things over one connection. */
import type { PrivateSeed } from "@guts/primitives";
import ssh2 from "ssh2";

import { hostKeyOf } from "../ssh/host-key.ts";

/** A connection by this key, or undefined when the door does not let it in. */
export function connectBy(port: number, seed: PrivateSeed): Promise<ssh2.Client | undefined> {
  const client = new ssh2.Client();
  return new Promise((resolve) => {
    client.once("ready", () => resolve(client));
    client.on("error", () => resolve(undefined));
    client.connect({ host: "127.0.0.1", port, username: "git", privateKey: hostKeyOf(seed).privateText });
  });
}

/** Runs a command that asks git for nothing: what is told is whether it would be served. */
export function runOver(
  client: ssh2.Client,
  command: string,
): Promise<{ readonly status: number; readonly words: string }> {
  return new Promise((resolve, reject) => {
    client.exec(command, { env: { GIT_PROTOCOL: "version=2" } }, (error, channel) => {
      if (error !== undefined) return reject(error);
      let [status, words] = [-1, ""];
      channel.stderr.on("data", (chunk: Buffer) => (words += chunk.toString()));
      channel.on("exit", (code: number) => (status = code));
      channel.on("close", () => resolve({ status, words }));
      channel.resume();
      channel.end("0000");
    });
  });
}
