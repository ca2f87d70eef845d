import { findKind, kindOf, signedTransactionCodec, type KindName, type PayloadOf } from "@guts/ledger";
import { decode, DecodeError } from "@guts/primitives";

import { Refusal } from "../errors.ts";

/** A signed transaction of the kind that the route is for, in base64. Throws `Refusal` `malformed` for anything else. */
export function requireKind<Kind extends KindName>(envelope: string, name: Kind) {
  const bytes = new Uint8Array(Buffer.from(envelope, "base64"));
  try {
    const { body } = decode(signedTransactionCodec, bytes);
    if (findKind(body.kind)?.name === name) {
      const payload = decode(kindOf(name).payload, body.payload) as PayloadOf<Kind>;
      return { bytes, body, payload };
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  throw new Refusal("malformed", `The envelope must hold a signed transaction of kind ${name}.`);
}

/** The detached texts that came with a signed transaction. */
export function contentsOf(body: { readonly contents?: readonly string[] }): readonly Uint8Array[] {
  return (body.contents ?? []).map((content) => new Uint8Array(Buffer.from(content, "base64")));
}
