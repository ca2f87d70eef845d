import type { Message, Peer, SignedVote } from "@guts/consensus";
import type { Certificate } from "@guts/verifier";

/** The votes that a message shows its sender to have cast, inside certificates too. */
export function ownVotesIn(message: Message, sender: Peer): readonly Omit<SignedVote, "signature" | "validator">[] {
  if (message.type === "vote" || message.type === "proposal") return [message.vote];
  return certificatesIn(message).filter(({ votes }) => votes.some(({ validator }) => validator === sender));
}

/** The certificates that a message passes on. */
export function certificatesIn(message: Message): readonly Certificate[] {
  if (message.type === "certificate") return [message.certificate];
  if (message.type !== "status") return [];
  return [message.entry, message.tip?.certificate].filter((certificate) => certificate !== undefined);
}
