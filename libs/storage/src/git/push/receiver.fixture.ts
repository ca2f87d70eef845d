/** What the tests of receiving share: one engine, and pushes that fill in what a test does not care about. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { ObjectId } from "@guts/primitives";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type Client, inPieces, never, repositoryId, TestEngine, testLimits } from "../testing.fixture.ts";
import type { ReceiveOutcome } from "./receive-outcome.ts";
import type { ReceivePackOptions } from "./receive-pack.ts";

type GivenOptions = Partial<ReceivePackOptions> & Pick<ReceivePackOptions, "commands">;

/** The engine of one file of tests; the repository is deleted after each. */
export class Receiver {
  #engine: TestEngine | undefined;

  /** Registers the hooks that open, clean and close the engine. */
  constructor() {
    beforeAll(async () => {
      this.#engine = await TestEngine.open();
    });
    afterAll(() => this.#opened[Symbol.asyncDispose]());
    afterEach(() => this.engine.deleteRepository(repositoryId, never()));
  }

  get engine(): TestEngine["engine"] {
    return this.#opened.engine;
  }

  /** The directory of the repository. */
  get path(): string {
    return this.#opened.path();
  }

  /** Plain git in the stored repository. */
  git(...args: readonly string[]): string {
    return this.#opened.git(...args);
  }

  receive(options: GivenOptions): Promise<ReceiveOutcome> {
    return this.engine.receivePack(repositoryId, {
      pack: undefined,
      tips: [],
      limits: testLimits,
      signal: never(),
      ...options,
    });
  }

  /** A push that must be taken. */
  async accept(options: GivenOptions): Promise<Extract<ReceiveOutcome, { outcome: "received" }>> {
    const outcome = await this.receive(options);
    if (outcome.outcome === "rejected") throw new Error(`${outcome.code}: ${outcome.message}`);
    return outcome;
  }

  /** Pushes and promotes, as far as the engine goes before refs exist. */
  async store(client: Client, commit: ObjectId, haves: readonly string[] = []): Promise<void> {
    await using quarantine = (
      await this.accept({
        commands: [client.update("refs/heads/main", undefined, commit)],
        pack: inPieces(client.pack([commit], haves)),
        tips: haves as ObjectId[],
      })
    ).quarantine;
    await quarantine.promote(never());
  }

  /** Quarantines, and promotions that nobody finished. */
  leftovers(): string[] {
    return readdirSync(join(this.path, "objects")).filter((name) => /^(incoming|promoted)-/.test(name));
  }

  storedPacks(): string[] {
    return readdirSync(join(this.path, "objects/pack")).filter((name) => name.endsWith(".pack"));
  }

  get #opened(): TestEngine {
    return this.#engine!;
  }
}
