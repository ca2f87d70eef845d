/** What the bench and its validators tell each other over the process channel. */

/** One validator of a cluster. */
export interface ValidatorConfig {
  readonly index: number;
  readonly validatorCount: number;
  /** Milliseconds; the same for all. */
  readonly genesisTime: number;
  readonly port: number;
  /** Where the others reach it. */
  readonly reachedPort: number;
  /** For its journal and block log. */
  readonly folder: string;
}

/** What one validator is to submit. */
export interface Load {
  readonly name: string;
  /** Payloads signed beforehand; a run that has submitted them all ends early. */
  readonly payloadCount: number;
  /** Its own payloads that are not final at the same time. */
  readonly inFlightMax: number;
  /** Least time between two payloads, in milliseconds; 0 is as soon as there is room. */
  readonly intervalMs: number;
  readonly blockPayloadsMax: number;
  readonly seconds: number;
}

/** To a validator. */
export type Command =
  | { readonly type: "open"; readonly config: ValidatorConfig }
  /** Multiaddrs of all validators. */
  | { readonly type: "connect"; readonly addresses: readonly string[] }
  | { readonly type: "prepare"; readonly load: Load }
  | { readonly type: "run" }
  /** Once it has the block of this height. */
  | { readonly type: "report"; readonly height: number }
  | { readonly type: "close" };

/** A moment of a block, by the monotonic clock that all processes of a machine share, in milliseconds. */
export interface BlockMoment {
  readonly hash: string;
  readonly atMs: number;
}

/** A block that became final at one validator. */
export interface FinalMoment extends BlockMoment {
  readonly height: number;
  readonly view: number;
  readonly payloadCount: number;
}

/** What one validator saw of a run. */
export interface Report {
  readonly startedMs: number;
  readonly submittedCount: number;
  readonly cpuMs: number;
  readonly built: readonly BlockMoment[];
  readonly finalized: readonly FinalMoment[];
}

/** From a validator. */
export type Answer =
  | { readonly type: "connected" | "prepared" | "closed" }
  /** Its own payloads are final. */
  | { readonly type: "done"; readonly height: number }
  | { readonly type: "open"; readonly address: string }
  | { readonly type: "report"; readonly report: Report };
