/**
 * One validator as a process: the engine, the journal, the block log and the network of a node, with an execution that only counts.
 * The bench starts it and commands it over the process channel.
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  ConsensusEngine,
  ed25519Signatures,
  frameBytesMax,
  lanTiming,
  type Clock,
  type Consensus,
  type Transport,
} from "@guts/consensus";
import { openNetwork, type Network } from "@guts/network";
import { digestOf, nodeIdOf, publicKeyOf, toHex, utf8, type TimeMs } from "@guts/primitives";
import { SegmentJournal, SegmentLog } from "@guts/storage";
import type { Validator } from "@guts/verifier";
import { Author, payloadBytes, seedOf } from "./payload.ts";
import { PayloadExecution } from "./payload-execution.ts";
import { Submitter } from "./submitter.ts";
import type { Answer, BlockMoment, Command, FinalMoment, Load, ValidatorConfig } from "./validator-messages.ts";

const networkId = digestOf("genesis", utf8("consensus bench"));
const channels = { consensus: 1, payloads: 2 } as const;

/** What a validator is made of. */
interface Parts {
  readonly network: Network;
  readonly engine: Consensus;
  readonly execution: PayloadExecution;
  readonly journal: SegmentJournal;
  readonly validators: readonly Validator[];
}

const built: BlockMoment[] = [];
const finalized: FinalMoment[] = [];
let author: Author;
let parts: Parts;
let submitter: Submitter | undefined;
let cpuBefore = process.cpuUsage();

process.on("message", (command: Command) => void obey(command));
process.on("disconnect", () => process.exit(1));

async function obey(command: Command): Promise<void> {
  switch (command.type) {
    case "open":
      author = new Author(String(command.config.index));
      parts = await open(command.config);
      return answer({ type: "open", address: parts.network.addresses[0]! });
    case "connect":
      await connect(parts, command.addresses);
      return answer({ type: "connected" });
    case "prepare":
      prepare(command.load);
      return answer({ type: "prepared" });
    case "run":
      cpuBefore = process.cpuUsage();
      await submitter!.run();
      return answer({ type: "done", height: parts.execution.tip.height });
    case "report":
      while (parts.execution.tip.height < command.height) await delay(5);
      return report();
    case "close":
      parts.engine.stop();
      await parts.network[Symbol.asyncDispose]();
      parts.journal.close();
      answer({ type: "closed" });
      return process.disconnect();
  }
}

function answer(message: Answer): void {
  process.send!(message);
}

function prepare(load: Load): void {
  built.length = 0;
  finalized.length = 0;
  parts.execution.blockPayloadsMax = load.blockPayloadsMax;
  const payloads = Array.from({ length: load.payloadCount }, () => author.sign());
  submitter = new Submitter({ load, payloads, now: monotonicMs, submit });
}

function report(): void {
  const { user, system } = process.cpuUsage(cpuBefore);
  const { startedMs, submittedCount } = submitter!;
  answer({ type: "report", report: { startedMs, submittedCount, cpuMs: (user + system) / 1_000, built, finalized } });
}

/** Takes a payload in as a node does: verified, pending, and sent to every other validator. */
function submit(payload: Uint8Array): string {
  const { execution, engine, network } = parts;
  const name = execution.add(payload);
  engine.setPending(true);
  for (const { nodeId } of network.peers()) network.send(nodeId, channels.payloads, payload);
  return name;
}

async function open(config: ValidatorConfig): Promise<Parts> {
  const validators = Array.from({ length: config.validatorCount }, (_, index) => validatorOf(index));
  const numberOf = new Map(validators.map(({ nodeId }, index) => [nodeId, index]));
  const blocks = new SegmentLog(join(config.folder, "blocks"));
  const execution = new PayloadExecution(networkId, config.genesisTime as TimeMs, {
    onBuilt: (hash) => built.push({ hash: toHex(hash), atMs: monotonicMs() }),
    onFinal({ header, hash, body }, payloads) {
      blocks.append(1, body);
      blocks.sync();
      const { height, view } = header;
      finalized.push({ hash: toHex(hash), atMs: monotonicMs(), height, view, payloadCount: payloads.length });
      submitter?.onFinal(payloads);
      parts.engine.setPending(execution.waitingCount > 0);
    },
  });
  const network = await openNetwork(
    {
      seed: seedOf(`node ${config.index}`),
      networkId,
      listen: { host: "127.0.0.1", port: config.port },
      announce: [`/ip4/127.0.0.1/tcp/${config.reachedPort}`],
      peers: [],
      roleOf: (nodeId) => (numberOf.has(nodeId) ? "validator" : undefined),
      prepare(handlers) {
        handlers.onFrame(channels.consensus, frameBytesMax, (from, frame) =>
          parts?.engine.receive(numberOf.get(from)!, frame),
        );
        handlers.onFrame(channels.payloads, payloadBytes, (_from, payload) => {
          execution.add(payload);
          parts.engine.setPending(true);
        });
      },
    },
    AbortSignal.timeout(20_000),
  );
  const journalDirectory = join(config.folder, "journal");
  SegmentJournal.create(journalDirectory);
  const journal = new SegmentJournal(journalDirectory);
  const engine = openEngine(config, { network, execution, journal, validators });
  network.onPeers(({ nodeId, isConnected }) => engine.setConnected(numberOf.get(nodeId)!, isConnected));
  return { network, engine, execution, journal, validators };
}

/** Resolves when everybody is connected with everybody, and votes. */
async function connect({ network, engine, validators }: Parts, addresses: readonly string[]): Promise<void> {
  const others = validators.filter(({ nodeId }) => nodeId !== network.nodeId);
  for (const address of addresses) if (!network.addresses.includes(address)) network.addAddress(address);
  engine.start();
  network.keepConnected(others.map(({ nodeId }) => nodeId));
  while (network.peers().length < others.length || engine.status().standing !== "voting") await delay(20);
}

function openEngine(
  config: ValidatorConfig,
  { network, execution, journal, validators }: Omit<Parts, "engine">,
): Consensus {
  const transport: Transport = {
    send: (to, frame) => void network.send(validators[to]!.nodeId, channels.consensus, frame),
    broadcast(frame) {
      for (const { nodeId } of network.peers()) network.send(nodeId, channels.consensus, frame);
    },
  };
  return new ConsensusEngine(
    {
      networkId,
      epoch: 0,
      validators,
      self: config.index,
      signatures: ed25519Signatures(validators, seedOf(`consensus ${config.index}`)),
      timing: lanTiming,
      finalized: execution.tip,
      nonce: config.index + 1,
    },
    { execution, journal, transport, clock: systemClock, events: { onFailure, onMisbehaviour, onDiverged: onFailure } },
  );
}

function validatorOf(index: number): Validator {
  return {
    name: `v${index}`,
    consensusKey: publicKeyOf(seedOf(`consensus ${index}`)),
    nodeId: nodeIdOf(publicKeyOf(seedOf(`node ${index}`))),
  };
}

/** The clock that all processes of a machine share. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  setTimer(delayMs, fire) {
    if (delayMs <= 0) {
      const immediate = setImmediate(fire);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

function onFailure(failure: unknown): void {
  console.error(failure);
  process.exit(1);
}

function onMisbehaviour(from: number, reason: string): void {
  onFailure(`validator ${from} misbehaved: ${reason}`);
}
