/** What validators say to each other, and the bytes of it (docs/protocol/consensus.md, "Messages"). */
import {
  bytes,
  decode,
  DecodeError,
  digestCodec,
  encode,
  list,
  option,
  struct,
  u64,
  union,
  type Decoded,
} from "@guts/primitives";
import { certificateCodec, headerCodec, voteKindCodec } from "@guts/verifier";
import { signedVoteCodec } from "./evidence.ts";
import { bodyBytesMax, frameBytesMax, wantedCertificatesMax } from "./limits.ts";

/** Which certificate of which view is asked for. */
export const certificateNameCodec = struct({ kind: voteKindCodec, view: u64 });
export type CertificateName = Decoded<typeof certificateNameCodec>;

const tipCodec = struct({ header: headerCodec, certificate: certificateCodec });

export const messageCodec = union({
  /** The leader's block. `vote` is the leader's notarize vote for it; `parentView` says which certificates the voter needs. */
  proposal: [1, struct({ parentView: u64, header: headerCodec, body: bytes(bodyBytesMax), vote: signedVoteCodec })],
  /** The sender's own vote. */
  vote: [2, struct({ vote: signedVoteCodec })],
  certificate: [3, struct({ certificate: certificateCodec })],
  certificateRequest: [4, struct({ epoch: u64, wanted: list(certificateNameCodec, wantedCertificatesMax) })],
  blockRequest: [5, struct({ epoch: u64, hash: digestCodec })],
  blockResponse: [6, struct({ header: headerCodec, body: bytes(bodyBytesMax) })],
  /** Where the sender is; it repeats it, and answers a status from behind with certificates. */
  status: [
    7,
    struct({
      epoch: u64,
      /** The sender's current view. */
      view: u64,
      /** The certificate of `view - 1`, when it is not the tip's. A view that no certificate proves counts for nothing. */
      entry: option(certificateCodec),
      /** The last finalized block, when a certificate names it. */
      tip: option(tipCodec),
      /** Asks for the receiver's status and for the newest vote of the sender's key. */
      question: option(u64),
      answer: option(struct({ question: u64, newestVote: option(signedVoteCodec) })),
    }),
  ],
});

/** One message. */
export type Message = Decoded<typeof messageCodec>;
export type MessageOf<Type extends Message["type"]> = Extract<Message, { readonly type: Type }>;

/** A finalized block's header with a certificate that names it. */
export type Tip = Decoded<typeof tipCodec>;

/** The frame of a message. */
export function encodeMessage(message: Message): Uint8Array {
  return encode(messageCodec, message);
}

/** The message in a frame, or undefined when it is none. Never throws for any bytes. */
export function decodeMessage(frame: Uint8Array): Message | undefined {
  if (frame.length > frameBytesMax) return undefined;
  try {
    return decode(messageCodec, frame);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The epoch that a message speaks of. */
export function epochOf(message: Message): number {
  if (message.type === "proposal" || message.type === "blockResponse") return message.header.epoch;
  if (message.type === "vote") return message.vote.epoch;
  return message.type === "certificate" ? message.certificate.epoch : message.epoch;
}
