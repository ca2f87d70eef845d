import { GitWireError } from "./errors.ts";

/**
 * Upper bounds of everything a client can make us hold.
 *
 * git itself has none of these. They are far above what its client sends for a repository of 100,000 refs.
 */
export const wireLimits = {
  /** Bytes of a protocol v2 or stateless v0 request body, after content decoding. */
  uploadPackRequestBytesMax: 16 * 1024 * 1024,
  /** Bytes of a receive-pack request before its pack. */
  receivePackCommandBytesMax: 16 * 1024 * 1024,
  /** Objects asked for in one fetch. A mirror clone asks for every distinct tip. */
  wantCountMax: 131_072,
  /** Objects a client says it has in one round of negotiation. */
  haveCountMax: 262_144,
  /** Shallow boundaries that a client names. */
  shallowCountMax: 65_536,
  /** `deepen-not` arguments of one fetch. */
  deepenNotCountMax: 64,
  /** Bytes of an object filter's text. */
  filterBytesMax: 1024,
  /** Parts of a combined object filter. */
  filterPartCountMax: 16,
  /** Capabilities in one list; in protocol v2 server options are among them. */
  capabilityCountMax: 64,
  /** Ref updates of one push. */
  commandCountMax: 65_536,
  /** Push options of one push. */
  pushOptionCountMax: 64,
  /** Bytes of one push option. */
  pushOptionBytesMax: 4096,
  /** Bytes of a push certificate with its signature. */
  pushCertificateBytesMax: 1024 * 1024,
  /** Bytes of a report that we read as a client. */
  reportBytesMax: 16 * 1024 * 1024,
} as const;

/** The name of a limit, as an error carries it. */
export type WireLimitName = keyof typeof wireLimits;

/**
 * The number of `ref-prefix` arguments above which all of them are ignored and every ref is answered.
 *
 * Protocol v2 makes a prefix a hint, so this is no refusal; git's own server does the same.
 */
export const refPrefixCountMax = 16_384;

/** Throws `limit-exceeded` when `value` is above the limit called `name`. */
export function assertWithin(name: WireLimitName, value: number): void {
  const max = wireLimits[name];
  if (value > max) throw new GitWireError("limit-exceeded", { limit: name, max });
}
