/** The codecs of what refs are made of. */
import {
  bytes,
  fromHex,
  mapped,
  objectIdLength,
  parseObjectId,
  parseRefName,
  refNameBytesMax,
  text,
  toHex,
  type Codec,
  type ObjectId,
  type RefName,
} from "@guts/primitives";

/** The name of a ref. */
export const refNameCodec: Codec<RefName> = mapped(text(refNameBytesMax), parseRefName, (name) => name);

/** The raw bytes of an object id; its length tells the format. */
export const objectIdCodec: Codec<ObjectId> = mapped(
  bytes(32),
  (raw) => parseObjectId(toHex(raw), raw.length === objectIdLength("sha1") / 2 ? "sha1" : "sha256"),
  (id) => fromHex(id)!,
);
