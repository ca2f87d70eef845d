/** The giving end, a process of its own: one pack, by the pack channel and by node:tls without anything. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { createServer } from "node:tls";
import { openPackFile } from "@guts/storage";
import {
  GrantBook,
  listenForPacks,
  makeChannelCertificate,
  PackService,
  transferLimits,
  type PackOffer,
} from "@guts/transfer";
import { nodeIdOfName, networkId, repository, seedOfName, type HolderAnswer, type HolderCommand } from "./parties.ts";

const [path = ""] = process.argv.slice(2);
const certificate = makeChannelCertificate();
const grants = new GrantBook({
  networkId,
  nodeId: nodeIdOfName("holder"),
  nodeSeed: seedOfName("holder"),
  certificate: certificate.fingerprint,
  nowMs: Date.now,
  random: (length) => new Uint8Array(randomBytes(length)),
});
// As fast as it goes: the pace of one peer is a bound, not a cost.
const pace = { ...transferLimits.transferPace, bytesPerSecondMax: Number.MAX_SAFE_INTEGER };
const service = new PackService({ grants, source: { openPack: () => openPackFile(path) }, pace });
const listener = await listenForPacks({ host: "127.0.0.1", port: 0, certificate, service, pace, onFailure: fail });

const plain = createServer({ cert: certificate.certificate, key: certificate.privateKey, minVersion: "TLSv1.3" });
plain.on("secureConnection", (socket) => {
  pipeline(createReadStream(path, { highWaterMark: transferLimits.chunkBytes }), socket).catch(fail);
});
plain.listen(0, "127.0.0.1");
await once(plain, "listening");

process.on("message", ({ type, pack }: HolderCommand) => {
  if (type === "cpu") return answer({ type, cpuMs: cpuMs() });
  const signed = grants.issue({ peer: nodeIdOfName("asker"), repository, pack, offset: 0 });
  const offer: PackOffer = { signed, addresses: [`127.0.0.1:${listener.port}`] };
  return answer({ type, offer });
});
process.on("disconnect", () => process.exit());
answer({ type: "ready", plainPort: (plain.address() as AddressInfo).port });

function answer(message: HolderAnswer): void {
  process.send!(message);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function fail(failure: unknown): void {
  console.error(failure);
  process.exit(1);
}
