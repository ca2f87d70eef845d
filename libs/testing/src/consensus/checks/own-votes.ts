import type { Message, Peer, SignedVote } from "@guts/consensus";
import type { Certificate } from "@guts/verifier";

/** The votes that a message shows its sender to have cast, inside certificates too. */
export function ownVotesIn(message: Message, sender: Peer): readonly Omit<SignedVote, "signature" | "validator">[] {
  if (message.type === "vote" || message.type === "proposal") return [message.vote];
  if (message.type === "certificate") return castIn([message.certificate], sender);
  if (message.type !== "status") return [];
  return castIn([message.entry, message.tip?.certificate], sender);
}

function castIn(certificates: readonly (Certificate | undefined)[], sender: Peer): readonly Certificate[] {
  return certificates.filter(
    (certificate) => certificate?.votes.some(({ validator }) => validator === sender) === true,
  ) as readonly Certificate[];
}
