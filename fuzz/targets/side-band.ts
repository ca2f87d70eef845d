/** A side-band stream gives the same content taken apart in memory and from a stream, and progress is printable. */
import {
  decodePktLines,
  demultiplexSideBand,
  joinBytes,
  PktLineReader,
  readSideBand,
  sanitizeProgress,
} from "@guts/git";
import { equalBytes } from "@guts/primitives";
import { frame } from "../engine/framing.ts";

const signal = new AbortController().signal;

export const dictionary = [
  "\u0001data",
  "\u0002progress\n",
  "\u0003error",
  "\u0004",
  "\n0000",
  "\u001b[31m",
  "0005\u0002",
];

export async function fuzz(bytes: Uint8Array): Promise<void> {
  const body = frame(bytes);
  const { data, progress } = demultiplexSideBand(decodePktLines(body));
  if (sanitizeProgress(progress) !== progress) throw new Error("progress is not sanitized");
  const streamed: Uint8Array[] = [];
  for await (const packet of readSideBand(new PktLineReader(stream(body)), signal))
    if (packet.band === "data") streamed.push(packet.payload);
  if (!equalBytes(joinBytes(streamed), data)) throw new Error("the stream gives other data");
}

async function* stream(body: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < body.length; index++) yield body.subarray(index, index + 1);
}
