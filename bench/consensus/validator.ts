/** One validator in a thread: the real engine, journal and signatures; links that only add a delay. */
import { join } from "node:path";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { ConsensusEngine, ed25519Signatures, lanTiming, wanTiming } from "@guts/consensus";
import { publicKeyOf, nodeIdOf, zeroDigest, type Height, type PrivateSeed, type TimeMs } from "@guts/primitives";
import { SegmentJournal } from "@guts/storage";
import { PayloadChain } from "./payload-chain.ts";
import { readPayload } from "./payload.ts";

/** What a thread is started with. */
export interface ValidatorData {
  readonly index: number;
  readonly validatorCount: number;
  readonly delayMs: number;
  readonly directory: string;
  /** A port to each other validator. */
  readonly links: readonly (MessagePort | undefined)[];
}

/** What a thread tells of each block. */
export interface CommitReport {
  readonly latenciesMs: readonly number[];
}

const { index, validatorCount, delayMs, directory, links } = workerData as ValidatorData;
const seeds = Array.from({ length: validatorCount }, (_, at) => new Uint8Array(32).fill(at + 1) as PrivateSeed);
const validators = seeds.map((seed, at) => {
  const consensusKey = publicKeyOf(seed);
  return { name: `v${at}`, consensusKey, nodeId: nodeIdOf(consensusKey) };
});
const journalDirectory = join(directory, "journal");
SegmentJournal.create(journalDirectory);

const chain = new PayloadChain(zeroDigest, join(directory, "blocks"), (payloads) => {
  const now = performance.timeOrigin + performance.now();
  const report: CommitReport = { latenciesMs: payloads.map((payload) => now - readPayload(payload).timeMs) };
  parentPort!.postMessage(report);
  engine.setPending(!chain.isEmpty);
});

const send = (to: number, frame: Uint8Array): void => links[to]?.postMessage(frame);
const engine = new ConsensusEngine(
  {
    ...{ networkId: zeroDigest, epoch: 0, validators, self: index, nonce: index },
    signatures: ed25519Signatures(validators, seeds[index]),
    timing: delayMs < 40 ? lanTiming : wanTiming,
    finalized: { hash: zeroDigest, height: 0 as Height, view: 0, time: Date.now() as TimeMs },
  },
  {
    execution: chain,
    journal: new SegmentJournal(journalDirectory),
    transport: {
      send,
      broadcast: (frame) => {
        for (let to = 0; to < validatorCount; to++) if (to !== index) send(to, frame);
      },
    },
    clock: {
      now: Date.now,
      monotonic: () => performance.now(),
      setTimer: (waitMs, fire) => {
        if (waitMs <= 0) {
          const immediate = setImmediate(fire);
          return () => clearImmediate(immediate);
        }
        const timer = setTimeout(fire, waitMs);
        return () => clearTimeout(timer);
      },
    },
    events: {
      onFailure: (failure) => {
        throw failure;
      },
    },
  },
);

for (const [from, link] of links.entries())
  link?.on("message", (frame: Uint8Array) => {
    if (delayMs === 0) engine.receive(from, frame);
    else setTimeout(() => engine.receive(from, frame), delayMs);
  });
parentPort!.on("message", (payloads: readonly Uint8Array[]) => {
  for (const payload of payloads) chain.admit(payload);
  engine.setPending(true);
});
engine.start();
