/**
 * What a fetch asks for: the arguments of the v2 command `fetch` (gitprotocol-v2), which v0 and v1 send as lines of
 * their request (gitprotocol-pack).
 *
 * Our reading is stricter than git's, which ignores what follows an object id: a line has to fit the grammar whole.
 * `encodeFetchRequest` and `encodeUploadPackRequest` write a request back in one canonical form, so that the git that
 * serves it sees exactly what was checked here and nothing else.
 */
import type { ObjectFormat, ObjectId } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import { assertWithin } from "../limits.ts";
import { excerptOf } from "./byte-string.ts";
import { parseObjectFilter, type ObjectFilter } from "./object-filter.ts";
import { readObjectId } from "./object-format.ts";

/** How much history a shallow fetch wants. */
export interface Deepening {
  /** Commits from each tip, or from the present boundary when `isRelative`; 0x7fffffff stands for all history. */
  readonly depth: number | undefined;
  /** `depth` counts from the client's present shallow boundary. */
  readonly isRelative: boolean;
  /** Only commits newer than this time, in seconds since the epoch. */
  readonly sinceSeconds: number | undefined;
  /** Only commits that none of these refs reaches. */
  readonly not: readonly string[];
}

/** The part of a fetch that all protocol versions share. */
export interface FetchRequest {
  /** Objects to send with all they reach, without repetition, in the client's order. */
  readonly wants: readonly ObjectId[];
  /** Objects the client has. */
  readonly haves: readonly ObjectId[];
  /** Commits at which the client's history ends. */
  readonly shallows: readonly ObjectId[];
  readonly deepening: Deepening;
  readonly filter: ObjectFilter | undefined;
  /** The client has said all it has: the pack must follow. */
  readonly isDone: boolean;
}

/** The largest depth, which means "no limit" (INFINITE_DEPTH of git). */
export const infiniteDepth = 0x7fffffff;

/** Collects the lines of a fetch. One per request; `toRequest` gives the result. */
export class FetchRequestBuilder {
  readonly #format: ObjectFormat;
  readonly #wants = new Set<ObjectId>();
  readonly #haves = new Set<ObjectId>();
  readonly #shallows = new Set<ObjectId>();
  readonly #not = new Set<string>();
  #depth: number | undefined;
  #sinceSeconds: number | undefined;
  #filter: ObjectFilter | undefined;
  #isDone = false;

  constructor(format: ObjectFormat) {
    this.#format = format;
  }

  /**
   * Reads `want`, `have`, `shallow`, `deepen`, `deepen-since`, `deepen-not`, `filter` and `done`, and returns false for
   * any other line. Throws `object-id-invalid`, `line-malformed`, `filter-unsupported`, `limit-exceeded`.
   */
  read(line: string): boolean {
    const separator = line.indexOf(" ");
    const keyword = separator === -1 ? line : line.slice(0, separator);
    const value = separator === -1 ? undefined : line.slice(separator + 1);
    if (value === undefined) {
      if (keyword !== "done") return false;
      this.#isDone = true;
      return true;
    }
    return this.#readValue(keyword, value);
  }

  /** What was read. `isRelative` comes from an argument in v2 and from a capability in v0. */
  toRequest(isRelative: boolean): FetchRequest {
    return {
      wants: [...this.#wants],
      haves: [...this.#haves],
      shallows: [...this.#shallows],
      deepening: { depth: this.#depth, isRelative, sinceSeconds: this.#sinceSeconds, not: [...this.#not] },
      filter: this.#filter,
      isDone: this.#isDone,
    };
  }

  #readValue(keyword: string, value: string): boolean {
    switch (keyword) {
      case "want":
        this.#wants.add(readObjectId(value, this.#format));
        assertWithin("wantCountMax", this.#wants.size);
        return true;
      case "have":
        this.#haves.add(readObjectId(value, this.#format));
        assertWithin("haveCountMax", this.#haves.size);
        return true;
      case "shallow":
        this.#shallows.add(readObjectId(value, this.#format));
        assertWithin("shallowCountMax", this.#shallows.size);
        return true;
      case "filter":
        this.#filter = parseObjectFilter(value);
        return true;
      default:
        return this.#readDeepening(keyword, value);
    }
  }

  #readDeepening(keyword: string, value: string): boolean {
    switch (keyword) {
      case "deepen":
        this.#depth = readInteger(value, 1, infiniteDepth);
        return true;
      case "deepen-since":
        this.#sinceSeconds = readInteger(value, 1, Number.MAX_SAFE_INTEGER);
        return true;
      case "deepen-not":
        this.#not.add(readRevision(value));
        assertWithin("deepenNotCountMax", this.#not.size);
        return true;
      default:
        return false;
    }
  }
}

/** The lines behind the wants in canonical order: shallow boundaries, deepening and filter. */
export function formatShape(request: FetchRequest): readonly string[] {
  const { depth, sinceSeconds, not } = request.deepening;
  return [
    ...request.shallows.map((id) => `shallow ${id}`),
    ...(depth === undefined ? [] : [`deepen ${depth}`]),
    ...(sinceSeconds === undefined ? [] : [`deepen-since ${sinceSeconds}`]),
    ...not.map((revision) => `deepen-not ${revision}`),
    ...(request.filter === undefined ? [] : [`filter ${request.filter}`]),
  ];
}

function readInteger(text: string, min: number, max: number): number {
  const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new GitWireError("line-malformed", { expected: `integer from ${min} to ${max}`, excerpt: excerptOf(text) });
}

/** A ref as a person may abbreviate it. git resolves it among refs only; it must not look like anything else. */
function readRevision(text: string): string {
  // oxlint-disable-next-line no-control-regex -- a ref name holds none of these
  if (text.length > 0 && text.length <= 1024 && !text.startsWith("-") && !/[\u0000-\u0020\u007f~^:?*[\\]/.test(text))
    return text;
  throw new GitWireError("line-malformed", { expected: "ref name", excerpt: excerptOf(text) });
}
