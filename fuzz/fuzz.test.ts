import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readCorpus } from "./engine/campaign.ts";
import { execute, type FuzzTarget } from "./engine/target.ts";

const here = import.meta.dirname;
const crashes = mkdtempSync(join(tmpdir(), "guts-fuzz-"));
afterAll(() => rmSync(crashes, { recursive: true }));

const secondsPerTarget = process.env["GUTS_TEST_TIER"] === "long" ? 60 : 2;
const targets = readdirSync(join(here, "targets")).map((file) => basename(file, ".ts"));

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs `node fuzz/run.ts` with these arguments. */
function fuzz(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(here, "run.ts"), ...args, "--crashes", crashes], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr });
    });
  });
}

/** Two at once: each works in a process of its own. */
describe.concurrent.each(targets)("target %s", (name) => {
  it("copes with every input of its corpus", async () => {
    const target = (await import(`./targets/${name}.ts`)) as FuzzTarget;
    const corpus = readCorpus(join(here, "corpus", name));
    expect(corpus.length).toBeGreaterThan(0);
    for (const input of corpus)
      expect({ input: input.name, verdict: await execute(target, input.bytes) }).toEqual({
        input: input.name,
        verdict: { outcome: "ok" },
      });
  });

  it(`copes with ${secondsPerTarget} seconds of mutations`, { timeout: (secondsPerTarget + 60) * 1000 }, async () => {
    const seed = process.env["GUTS_SEED"] ?? "1";
    const ended = await fuzz(name, "--seconds", String(secondsPerTarget), "--seed", seed);
    expect(ended.output).toContain(`${name}: clean`);
    expect(ended.code).toBe(0);
  });
});

describe("the fuzzer", () => {
  const planted = (bug: string): string => join(here, "fixtures", `planted-${bug}.ts`);

  it("finds a planted bug, shrinks its input to the bytes that matter, and replays it", async () => {
    const first = await fuzz(planted("bug"), "--seed", "1", "--executions", "1000000");
    expect(first.code).toBe(1);
    expect(first.output).toContain("TypeError");
    const file = readdirSync(crashes).find((name) => name.startsWith("planted-bug-"))!;
    expect(readFileSync(join(crashes, file), "latin1")).toBe("git");
    expect(first.output).toContain(`--replay`);
    expect(first.output).toContain(file);
    const again = await fuzz(planted("bug"), "--replay", join(crashes, file));
    expect([again.code, again.output.includes("TypeError")]).toEqual([1, true]);
  });

  it("does the same again from the same seed", async () => {
    const run = () => fuzz("pkt-line", "--seed", "7", "--executions", "2000");
    const [first, second] = [await run(), await run()];
    expect(first.output).toContain("2");
    expect(second).toEqual(first);
  });

  it("ends a target that hangs and names its input", async () => {
    const ended = await fuzz(planted("hang"), "--hang", "1");
    expect(ended.code).toBe(1);
    expect(ended.output).toContain("hangs");
    const file = readdirSync(crashes).find((name) => name.startsWith("planted-hang-"))!;
    expect(readFileSync(join(crashes, file)).length).toBeGreaterThan(8);
  });

  it("takes an invariant violation for a bug and a typed error for none", async () => {
    const { assert, GutsError } = await import("@guts/primitives");
    const violate = (): void => assert(false, "planted");
    const refuse = (): never => {
      throw new GutsError("refused", "refused", undefined);
    };
    expect(await execute({ fuzz: violate }, new Uint8Array(0))).toMatchObject({ outcome: "crash" });
    expect(await execute({ fuzz: refuse }, new Uint8Array(0))).toEqual({ outcome: "ok" });
  });

  it("says what it can do when it is asked for something else", async () => {
    const ended = await fuzz("no-such-target");
    expect(ended.code).toBe(2);
    for (const name of targets) expect(ended.output).toContain(name);
  });
});
