/**
 * What `npm test` and `npm run test:long` run. Adding a suite is adding an entry here.
 *
 * A suite's tests learn the tier from GUTS_TEST_TIER (`short` or `long`) and take fewer or more rounds; no test is left out
 * without a word, and a skipped test counts as a failed one.
 */

/** How much to run: `short` on every change, `long` before a release. */
export type Tier = "short" | "long";

/** A program that a suite starts and that does not come with `npm ci`. */
export type SystemNeed = "git" | "ssh-keygen" | "chromium" | "postgresql" | "cc" | "gh";

/** One suite and how it is started. */
export interface Suite {
  readonly name: string;
  /** What it proves, for the table in docs/quality.md. */
  readonly proves: string;
  readonly run: SuiteRun;
  readonly needs: readonly SystemNeed[];
  /**
   * Whether it has the machine for itself: it computes all the time. The others wait about half of theirs (for git, for disks,
   * for validators that are away), so in the short tier two of them run at once.
   */
  readonly isAlone: boolean;
  /** Whether it uses the web interface or the guts command, which are then built first. */
  readonly isOfBundles?: boolean;
  /** Its time limit in each tier, some times what it takes beside another; the suite does not run in a tier without one. */
  readonly minutesMax: Readonly<Partial<Record<Tier, number>>>;
}

/** vitest over the files that `paths` match under `config`, or a script whose last line is `N passed, N failed`. */
export type SuiteRun =
  | {
      readonly kind: "vitest";
      readonly config: string;
      readonly paths: readonly string[];
      /** Test files at once, where those that the configuration allows would take too much memory. */
      readonly filesAtOnce?: number;
      /** Where nodes keep their rows: embedded unless said otherwise. */
      readonly database?: "postgresql";
    }
  | { readonly kind: "script"; readonly file: string };

/** vitest takes every file whose path has the words; the slash keeps `node/` from meaning `four-nodes`. */
const against = (folder: string): Extract<SuiteRun, { kind: "vitest" }> => ({
  kind: "vitest",
  config: "e2e/vitest.config.ts",
  paths: [`${folder}/`],
});

/** A suite against running nodes once more, for the long tier, with the nodes' rows in PostgreSQL. */
function onPostgresql(
  name: string,
  {
    minutesMax,
    needs,
    paths = [`e2e/${name}/`],
  }: Pick<Suite, "needs"> & { readonly minutesMax: number; readonly paths?: readonly string[] },
): Suite {
  return {
    name: `${name}-postgresql`,
    proves: `the same as ${name}, with the read model of every node in PostgreSQL`,
    run: { kind: "vitest", config: "e2e/vitest.config.ts", paths, database: "postgresql" },
    needs: ["git", "postgresql", ...needs],
    isAlone: false,
    isOfBundles: true,
    minutesMax: { long: minutesMax },
  };
}

/** Every suite, in the order in which they start: what fails fast comes first; of those that run two at once the longest. */
export const suites: readonly Suite[] = [
  {
    name: "check",
    proves: "format, lint, types, and the architecture of the workspace",
    run: { kind: "script", file: "tools/check.ts" },
    needs: ["git"],
    isAlone: true,
    minutesMax: { short: 5, long: 5 },
  },
  {
    name: "unit",
    proves: "every library and app by itself, with real git and real databases where it uses them",
    run: { kind: "vitest", config: "vitest.config.ts", paths: [] },
    needs: ["git", "ssh-keygen", "postgresql"],
    isAlone: true,
    minutesMax: { short: 10, long: 30 },
  },
  {
    name: "consensus",
    proves:
      "that consensus keeps its promises in simulated networks that fail and lie, and that the tests would notice",
    run: { kind: "vitest", config: "libs/consensus/vitest.sim.config.ts", paths: [] },
    needs: [],
    isAlone: true,
    minutesMax: { short: 4, long: 90 },
  },
  {
    name: "fuzz",
    proves:
      "the parsers of git, consensus, sync and transfer meet hostile input with a typed error, and the fuzzer finds planted bugs",
    run: { kind: "vitest", config: "fuzz/vitest.config.ts", paths: [] },
    needs: ["git"],
    isAlone: true,
    minutesMax: { short: 4, long: 60 },
  },
  {
    name: "network",
    proves:
      "that several nodes are one forge: any takes any write and shows it at once, any one of four may be lost, three stop without one, nothing acknowledged is lost",
    // Each file has three or four nodes of half a gigabyte.
    run: { ...against("e2e/network"), filesAtOnce: 1 },
    needs: ["git", "chromium", "cc"],
    isAlone: false,
    isOfBundles: true,
    minutesMax: { short: 15, long: 60 },
  },
  {
    name: "web",
    proves: "the web interface in a real browser: pages, keyboard, themes, accessibility, weight",
    run: against("e2e/web"),
    needs: ["git", "chromium"],
    isAlone: false,
    isOfBundles: true,
    minutesMax: { short: 10, long: 15 },
  },
  {
    name: "crash",
    proves: "that neither SIGKILL nor power loss at random points of a stream of pushes loses what was acknowledged",
    run: against("e2e/crash"),
    needs: ["git", "cc"],
    isAlone: false,
    minutesMax: { short: 12, long: 60 },
  },
  {
    name: "git",
    proves: "git hosting with the real git client against a running node",
    run: against("e2e/git"),
    needs: ["git", "gh"],
    isAlone: false,
    minutesMax: { short: 10, long: 20 },
  },
  {
    name: "hostile",
    proves: "that hostile requests are refused with a clear error while the node lives and nothing changes",
    run: against("e2e/hostile"),
    needs: ["git"],
    isAlone: false,
    minutesMax: { short: 10, long: 10 },
  },
  {
    name: "node",
    proves: "the operator's commands, the contract of guts devnet, and a node on PostgreSQL",
    run: against("e2e/node"),
    needs: ["git", "postgresql"],
    isAlone: false,
    minutesMax: { short: 10, long: 15 },
  },
  {
    name: "cli",
    proves: "the guts command by its stories, as a person types it",
    run: against("e2e/cli"),
    needs: ["git"],
    isAlone: false,
    isOfBundles: true,
    minutesMax: { short: 8, long: 10 },
  },
  {
    name: "large",
    proves:
      "that real repositories can be pushed, cloned, fetched and browsed: this one, and one of 20,000 commits and 5,000 refs",
    run: against("e2e/large"),
    needs: ["git"],
    isAlone: true,
    minutesMax: { long: 20 },
  },
  onPostgresql("git", { minutesMax: 20, needs: ["gh"] }),
  onPostgresql("web", { minutesMax: 15, needs: ["chromium"] }),
  onPostgresql("cli", { minutesMax: 10, needs: [] }),
  onPostgresql("hostile", { minutesMax: 10, needs: [] }),
  onPostgresql("network", { minutesMax: 60, needs: ["chromium", "cc"] }),
  onPostgresql("crash", { minutesMax: 30, needs: ["cc"], paths: ["e2e/crash/sigkill"] }),
  onPostgresql("large", { minutesMax: 20, needs: [] }),
];
