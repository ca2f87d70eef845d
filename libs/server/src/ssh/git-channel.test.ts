import { PassThrough } from "node:stream";

import type { ServerChannel } from "ssh2";
import { expect, test } from "vitest";

import { GitChannel } from "./git-channel.ts";

const chunkBytes = 64 * 1024;

/** A channel with a window that never ends, as a client may choose it, over a connection that nobody reads. */
function openChannel() {
  const connection = new PassThrough({ highWaterMark: chunkBytes });
  const channel = new PassThrough({ highWaterMark: chunkBytes });
  channel.write = ((chunk: Uint8Array, done: () => void) => {
    connection.write(chunk);
    done();
    return true;
  }) as PassThrough["write"];
  return { connection, channel, git: new GitChannel(channel as unknown as ServerChannel, connection) };
}

function* chunks(count: number, onTake: () => void): Generator<Uint8Array> {
  for (let index = 0; index < count; index++) {
    onTake();
    yield new Uint8Array(chunkBytes);
  }
}

test("a client that does not read makes the node hold a chunk or two, however large its window is", async () => {
  const { connection, git } = openChannel();
  let takenCount = 0;
  const written = git.write(chunks(100, () => (takenCount += 1)));
  await new Promise((resolve) => setImmediate(resolve));
  expect(takenCount).toBeLessThanOrEqual(2);
  let length = 0;
  connection.on("data", (chunk: Uint8Array) => (length += chunk.length));
  await written;
  expect(takenCount).toBe(100);
  expect(length).toBe(100 * chunkBytes);
});

test("a client that goes away while it does not read ends the write", async () => {
  const { channel, git } = openChannel();
  const written = git.write(chunks(100, () => {}));
  channel.emit("close");
  await expect(written).rejects.toMatchObject({ name: "AbortError" });
});
