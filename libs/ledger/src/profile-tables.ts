/** State of what accounts say and show of themselves beside their row: the rest of the profile, and a picture. */
import {
  accountIdCodec,
  bool,
  oneOf,
  option,
  struct,
  timeCodec,
  type Codec,
  type Decoded,
  type ImageFormat,
} from "@guts/primitives";
import { contentRefCodec } from "./content.ts";
import { defineTable as table } from "./table.ts";

/** Formats that a picture may have. */
export const imageFormatCodec: Codec<ImageFormat> = oneOf({ png: 1, jpeg: 2, webp: 3 });

/** Pictures of people and organizations. Without a row, or once it is redacted, a pattern stands for it. */
export const avatarTable = table("avatar", 0x66, {
  key: accountIdCodec,
  value: struct({ format: imageFormatCodec, image: contentRefCodec, setTime: timeCodec }),
});
/** A picture's row. */
export type AvatarRow = Decoded<(typeof avatarTable)["value"]>;

/** What a profile says beyond an account's row. */
export const profileTable = table("profile", 0x67, {
  key: accountIdCodec,
  value: struct({
    company: option(contentRefCodec),
    twitterUsername: option(contentRefCodec),
    /** Whether the person looks for work; undefined when they do not say. */
    hireable: option(bool),
  }),
});
/** That part of a profile. */
export type ProfileRow = Decoded<(typeof profileTable)["value"]>;
