import { GutsError } from "@guts/primitives";
import type { ObjectFormat } from "@guts/primitives";
import type { WireLimitName } from "./limits.ts";

/**
 * What went wrong on the wire, and the data each code carries.
 *
 * Every code means that this stream of bytes is refused for good: sending the same bytes again gives the same error.
 */
export interface GitWireErrorData {
  /** Four bytes that are no pkt-line length: not hexadecimal, 3, or above 65520. */
  readonly "pkt-line-length-invalid": { readonly header: string };
  /** The bytes end inside a pkt-line. */
  readonly "pkt-line-truncated": { readonly missingBytes: number };
  /** A payload that does not fit into one pkt-line was to be encoded. */
  readonly "pkt-line-too-long": { readonly payloadBytes: number };
  /** The stream ends between two pkt-lines, where the grammar wants more. */
  readonly "request-incomplete": { readonly expected: string };
  /** A flush, delimiter, response end or data where the grammar has something else. */
  readonly "pkt-line-unexpected": { readonly expected: string; readonly found: string };
  /** Bytes follow the end of a request that must be the whole body. */
  readonly "request-has-trailing-bytes": undefined;
  /** A line that fits no production of the grammar. `excerpt` is printable and short. */
  readonly "line-malformed": { readonly expected: string; readonly excerpt: string };
  /** Text where an object id of the repository's format belongs. */
  readonly "object-id-invalid": { readonly excerpt: string; readonly objectFormat: ObjectFormat };
  /** Client and repository name objects with different hash functions. */
  readonly "object-format-mismatch": { readonly expected: ObjectFormat; readonly found: string };
  /** A protocol v2 command that is not advertised. */
  readonly "command-unknown": { readonly command: string };
  /** An argument that the command does not have, or whose feature is not advertised. */
  readonly "argument-unknown": { readonly argument: string };
  /** An object filter that is malformed or not offered. */
  readonly "filter-unsupported": { readonly filter: string };
  /** More than a limit of `limits.ts` allows. */
  readonly "limit-exceeded": { readonly limit: WireLimitName; readonly max: number };
  /** A side-band packet without a band, or with one that is not 1, 2 or 3. */
  readonly "side-band-invalid": { readonly band: number | undefined };
  /** The other side reported a fatal error (band 3 or an `ERR` line). `message` is sanitized. */
  readonly "remote-error": { readonly message: string };
}

/** The closed set of codes of `GitWireError`. */
export type GitWireErrorCode = keyof GitWireErrorData;

/** Bytes that are not git's protocol, or ask for more than we allow. The request fails; the process does not. */
export class GitWireError<Code extends GitWireErrorCode = GitWireErrorCode> extends GutsError<
  Code,
  GitWireErrorData[Code]
> {
  constructor(code: Code, data: GitWireErrorData[Code], options?: { cause?: unknown }) {
    super(code, describe(code, data), data, options);
  }
}

function describe(code: GitWireErrorCode, data: GitWireErrorData[GitWireErrorCode]): string {
  const words = code.replaceAll("-", " ");
  if (data === undefined) return words;
  return `${words}: ${Object.entries(data)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ")}`;
}
