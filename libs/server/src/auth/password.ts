import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

import { createGate, type Gate } from "../http/gate.ts";
import { signInLimits } from "../limits.ts";

/**
 * Passwords under argon2id (RFC 9106), written as PHC strings: `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`.
 *
 * Parameters are OWASP's minimum for argon2id (19 MiB, two passes). They are part of the string, so that they can be
 * raised and old hashes still verify. The work runs in libuv's thread pool, at most a few at a time.
 */
export interface PasswordHasher {
  /** A new hash with a fresh salt. Throws `Refusal` `busy` when too many wait. */
  hash(password: string, signal: AbortSignal): Promise<string>;
  /** Whether `password` has this hash. An undefined hash takes as long as a real one and is never right. */
  verify(password: string, phc: string | undefined, signal: AbortSignal): Promise<boolean>;
}

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

const CURRENT: Parameters = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;
const MEMORY_KIB_MAX = 262_144;
const argon2Async = promisify(argon2);

/** A hasher with its own bound on work done at the same time. */
export function createPasswordHasher(): PasswordHasher {
  const { hashConcurrencyMax, hashQueueLengthMax } = signInLimits;
  const gate: Gate = createGate({ activeMax: hashConcurrencyMax, queueLengthMax: hashQueueLengthMax });
  const derive = (password: string, salt: Buffer, parameters: Parameters, signal: AbortSignal): Promise<Buffer> =>
    gate.run(signal, () =>
      argon2Async("argon2id", {
        // NFC, so that the same password typed on another system is the same bytes.
        message: Buffer.from(password.normalize("NFC"), "utf8"),
        nonce: salt,
        tagLength: TAG_BYTES,
        memory: parameters.memory,
        passes: parameters.passes,
        parallelism: parameters.parallelism,
      }),
    );
  return {
    async hash(password, signal) {
      const salt = randomBytes(SALT_BYTES);
      return formatPhc(CURRENT, salt, await derive(password, salt, CURRENT, signal));
    },
    async verify(password, phc, signal) {
      const known = phc === undefined ? undefined : parsePhc(phc);
      const { parameters, salt, tag } = known ?? DUMMY;
      const derived = await derive(password, salt, parameters, signal);
      return timingSafeEqual(derived, tag) && known !== undefined;
    },
  };
}

/** What an unknown account is checked against, so that it costs the same time. */
const DUMMY = { parameters: CURRENT, salt: Buffer.alloc(SALT_BYTES), tag: Buffer.alloc(TAG_BYTES) };

function formatPhc({ memory, passes, parallelism }: Parameters, salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

function parsePhc(phc: string): typeof DUMMY | undefined {
  const match = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/.exec(phc);
  if (match === null) return undefined;
  const [memory = 0, passes = 0, parallelism = 0] = match.slice(1, 4).map(Number);
  const salt = Buffer.from(match[4] ?? "", "base64");
  const tag = Buffer.from(match[5] ?? "", "base64");
  if (memory > MEMORY_KIB_MAX || passes < 1 || parallelism < 1 || salt.length < 8 || tag.length !== TAG_BYTES)
    return undefined;
  return { parameters: { memory, passes, parallelism }, salt, tag };
}
