/**
 * Gossip of public announcements: best effort, nothing depends on it.
 *
 * Messages carry no author and no signature; what matters in them proves itself. A message is known by the hash of its
 * topic and bytes, so the same announcement by many nodes is one message. Topics are a closed list.
 */
import { createHash } from "node:crypto";

import {
  gossipsub,
  StrictNoSign,
  TopicValidatorResult,
  type GossipSub,
  type GossipSubComponents,
  type Message,
} from "@libp2p/gossipsub";
import type { PeerId } from "@libp2p/interface";

import { assert, utf8, type NodeId } from "@guts/primitives";

import { nodeIdOfPeer } from "./identity.ts";
import type { NetworkLimits } from "./limits.ts";
import type { GossipVerdict, NetworkLog } from "./network.ts";

/** What gossip needs of the node. */
export interface GossipOptions {
  /** Begins the name of every topic on the wire, so that networks do not mix. */
  readonly prefix: string;
  readonly topics: readonly string[];
  readonly limits: NetworkLimits;
  readonly log: NetworkLog;
  readonly onRejected: (from: NodeId, topic: string) => void;
}

/** Makes the libp2p service. */
export function createGossipService({
  prefix,
  topics,
  limits,
}: GossipOptions): (components: GossipSubComponents) => GossipSub {
  return gossipsub({
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: messageId,
    floodPublish: true,
    emitSelf: false,
    fallbackToFloodsub: false,
    doPX: false,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    awaitRpcHandler: true,
    allowedTopics: topics.map((topic) => prefix + topic),
    maxInboundDataLength: limits.gossipBytesMax + 64 * 1024,
    maxOutboundBufferSize: 4 * limits.gossipBytesMax,
    maxTopicBytesPerPeer: 64 * 1024,
    // Nodes of one operator, or of a test, share an address.
    scoreParams: { IPColocationFactorWeight: 0 },
  });
}

function messageId({ topic, data }: Message): Uint8Array {
  return createHash("sha256").update(utf8(topic)).update(Uint8Array.of(0)).update(data).digest();
}

const resultByVerdict: Readonly<Record<GossipVerdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
};

/** Publishes and receives on the topics of one network. */
export class Gossip {
  readonly #options: GossipOptions;
  readonly #service: GossipSub;

  constructor(service: GossipSub, options: GossipOptions) {
    this.#service = service;
    this.#options = options;
  }

  /** Sends to every subscribed neighbour; what fails is logged, for nobody waits for it. */
  publish(topic: string, bytes: Uint8Array): void {
    assert(bytes.length <= this.#options.limits.gossipBytesMax, "gossip above the cap of all topics");
    this.#service.publish(this.#nameOf(topic), bytes).catch((error: unknown) => {
      this.#options.log.debug({ err: error, topic }, "an announcement could not be gossiped");
    });
  }

  /** Receives a topic. The handler is the validator: what it does not accept goes no further. */
  subscribe(topic: string, bytesMax: number, handler: (from: NodeId, bytes: Uint8Array) => GossipVerdict): void {
    assert(bytesMax <= this.#options.limits.gossipBytesMax, "above the cap of all topics");
    const name = this.#nameOf(topic);
    assert(!this.#service.topicValidators.has(name), "a topic has one handler");
    this.#service.topicValidators.set(name, (peerId: PeerId, { data }: Message) => {
      const from = nodeIdOfPeer(peerId);
      if (from === undefined) return TopicValidatorResult.Ignore;
      const verdict = data.length > bytesMax ? "reject" : handler(from, data);
      if (verdict === "reject") this.#options.onRejected(from, topic);
      return resultByVerdict[verdict];
    });
    this.#service.subscribe(name);
  }

  #nameOf(topic: string): string {
    assert(this.#options.topics.includes(topic), "a topic that is not on the network's list");
    return this.#options.prefix + topic;
  }
}
