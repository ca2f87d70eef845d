/**
 * The tables behind the workspace check. The arrows are those of ARCHITECTURE.md; change both together.
 */

/** Rows of the architecture, top first: a project imports only from rows above its own. */
export const ROWS = ["base", "core", "contract", "adapter", "doors", "app"] as const;

/** Layers that no product code may import; `testing` is for tests, `test` is for nobody. */
export const TEST_LAYERS = ["testing", "test"] as const;

/** The only arrows inside one row. */
export const ARROWS_WITHIN_A_ROW: ReadonlySet<string> = new Set([
  "@guts/verifier -> @guts/primitives",
  "@guts/ledger -> @guts/governance",
  "@guts/ledger -> @guts/collaboration",
  "@guts/ledger -> @guts/ci",
]);

/** Layers whose sources are functions of their arguments: no clock, no chance, no device. */
export const PURE_LAYERS: ReadonlySet<string> = new Set(["base", "core"]);

/** Names that let the outside world in. A leading dot means a method of any object. */
export const IMPURE_NAMES = [
  "Date",
  "Intl",
  "Math.random",
  "console",
  "crypto",
  "performance",
  "process",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
  ".localeCompare",
  ".toLocaleString",
  ".toLocaleLowerCase",
  ".toLocaleUpperCase",
] as const;

/** The impurities that a named file of a pure layer is allowed, each with its reason. */
export const ALLOWED_IMPURITIES: Readonly<Record<string, readonly string[]>> = {
  // SHA-256 and Ed25519 are functions of their arguments; OpenSSL's are ten times as fast as JavaScript's.
  "libs/primitives/src/native-crypto.node.ts": ["node:crypto"],
};

/** Projects that replicate state: what they hash has one encoding, and a transition never waits. */
export const REPLICATED_PROJECTS: ReadonlySet<string> = new Set([
  "@guts/consensus",
  "@guts/governance",
  "@guts/collaboration",
  "@guts/ci",
  "@guts/ledger",
]);

/** A module that only the named folders (or files) may import in product code. */
export interface PrivateModule {
  readonly what: string;
  readonly module: RegExp;
  readonly allowed: readonly string[];
}

export const PRIVATE_MODULES: readonly PrivateModule[] = [
  {
    what: "programs are started in libs/storage (git), by the CLI (the user's git), by devnet (nodes) and to create a database",
    module: /^(node:)?(child_process|cluster)$/,
    allowed: [
      "libs/storage/src/",
      "apps/cli/src/",
      "apps/node/src/devnet/",
      "libs/database/src/connection/embedded.ts",
    ],
  },
  {
    what: "libp2p belongs to libs/network",
    module: /^(libp2p|@libp2p\/.*|@chainsafe\/libp2p-.*)$/,
    allowed: ["libs/network/"],
  },
  {
    what: "SQL belongs to libs/database",
    module: /^(drizzle-orm|drizzle-kit|postgres|pg|@electric-sql)(\/.*)?$/,
    allowed: ["libs/database/"],
  },
  { what: "ssh2 belongs to the SSH door", module: /^ssh2$/, allowed: ["libs/server/src/ssh/"] },
  { what: "the state store belongs to libs/storage", module: /^node:sqlite$/, allowed: ["libs/storage/src/"] },
];

/** Words that a project must not know, because the ideas behind them belong to others. */
export const FOREIGN_WORDS: Readonly<Record<string, RegExp>> = {
  "@guts/consensus": /repositor|pullrequest|refname|refupdate/i,
  "@guts/ledger": /^(vote|votes|voter|notari[sz]|nullif)/i,
};

/** Longest source file and longest test file, in lines. Above it a file is no longer one room. */
export const sourceLinesMax = 500;
export const testLinesMax = 600;

/** A task without an issue number is a wish. */
export const TASK_WITHOUT_ISSUE = /\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))/;

/** A path that exists on one machine only. */
export const MACHINE_PATH = /(?<![\w.~/$}-])\/(work|farm|root|home|Users)\/[A-Za-z]/;

/** Files that hold those words because they are about them. */
export const ABOUT_WORDS: ReadonlySet<string> = new Set(["tools/workspace/rules.ts", "tools/workspace.test.ts"]);
