import type { Message, Peer } from "@guts/consensus";
import { digestOf, toHex } from "@guts/primitives";
import { simulatedEpoch } from "../world/cluster-options.ts";
import type { Liar } from "./liar.ts";
import { scripted } from "./scripted.ts";

/**
 * Answers every question wrongly: whoever asks where it is hears of no view at all, whoever asks for its own votes hears that there
 * are none, whoever asks for a block gets its header with another body. It asks for everything itself, all the time.
 */
export const misleading = scripted("misleading", (liar) => ({
  onMessage(message, from) {
    if (message.type === "status" && message.question !== undefined)
      liar.send(from, statusOf(1, { question: message.question, newestVote: undefined }));
    if (message.type === "blockRequest") answerWithAnotherBody(liar, from, message);
  },
  onTick() {
    const to = liar.random.pick(liar.others)!;
    liar.send(to, statusOf(2 ** 40, undefined));
    liar.send(to, { ...statusOf(1, undefined), question: liar.random.below(2 ** 31) });
    liar.send(to, {
      type: "certificateRequest",
      epoch: simulatedEpoch,
      wanted: Array.from({ length: 64 }, (_, nth) => ({ kind: "notarize", view: 1 + nth })),
    });
    liar.send(to, { type: "blockRequest", epoch: simulatedEpoch, hash: digestOf("header", liar.random.bytes(8)) });
  },
}));

type Status = Extract<Message, { readonly type: "status" }>;

function statusOf(view: number, answer: Status["answer"]): Status {
  const nothing = { entry: undefined, tip: undefined, question: undefined };
  return { type: "status", epoch: simulatedEpoch, view, ...nothing, answer };
}

function answerWithAnotherBody(
  liar: Liar,
  to: Peer,
  { hash }: Extract<Message, { readonly type: "blockRequest" }>,
): void {
  const block = liar.blocks.get(toHex(hash));
  if (block === undefined) return;
  liar.send(to, { type: "blockResponse", header: block.header, body: liar.random.bytes(4) });
}
