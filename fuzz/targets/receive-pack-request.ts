/** A push reads the same from one chunk and from two, leaves the same pack, and every sound command has a sound name. */
import { parseRefName } from "@guts/primitives";
import { GitWireError, joinBytes, PktLineReader, readReceivePackRequest, wireLimits } from "@guts/git";
import { frame, isSame } from "../engine/framing.ts";

const [zero, one, two] = ["0".repeat(40), "1".repeat(40), "2".repeat(40)];
const signal = new AbortController().signal;

export const dictionary = [
  ...[`${zero} ${one} refs/heads/a`, `${one} ${two} refs/heads/b`, `${two} ${zero} refs/tags/v1`, `shallow ${one}`],
  ...["\0report-status-v2 side-band-64k", " atomic", " push-options", " quiet", " object-format=sha1", "refs/heads/"],
  ...["push-cert\0report-status", "certificate version 0.1", "pusher A <a@b> 1 +0000", "pushee https://x/", "nonce 1"],
  ...["push-option a", "-----BEGIN SSH SIGNATURE-----", "push-cert-end", "\n0000\n", "\n\n", "\n-- \n", "PACK"],
];

export async function fuzz(bytes: Uint8Array): Promise<void> {
  const body = frame(bytes);
  const cut = bytes.length === 0 ? 0 : (bytes.at(-1)! * 31) % body.length;
  const whole = await read([body]);
  if (!isSame(whole, await read([body.subarray(0, cut), body.subarray(cut)])))
    throw new Error("a push depends on how its stream is cut");
}

async function read(pieces: readonly Uint8Array[]): Promise<unknown> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield* pieces;
  }
  const reader = new PktLineReader(stream());
  try {
    const request = await readReceivePackRequest(reader, "sha1", signal);
    if (request.updates.length > wireLimits.commandCountMax) throw new Error("more commands than the limit");
    if (request.updates.some(({ name }) => parseRefName(name) !== name)) throw new Error("a ref name is not sound");
    const pack: Uint8Array[] = [];
    for await (const chunk of reader.rest()) pack.push(chunk);
    return { request, pack: joinBytes(pack) };
  } catch (error) {
    if (error instanceof GitWireError) return { code: error.code, data: error.data };
    throw error;
  }
}
