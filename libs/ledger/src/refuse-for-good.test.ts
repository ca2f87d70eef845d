import { decode, publicKeyOf, type Height, type TimeMs } from "@guts/primitives";
import { describe, expect, test } from "vitest";
import { codeOf, Scenario, silentProfile, type By, type Person } from "../test/scenario.ts";
import { refuseForGood } from "./refuse-for-good.ts";
import { envelopeCodec, type TransactionBody } from "./transaction.ts";

/** A transaction of one account that no block holds. */
class Waiting {
  readonly scenario = new Scenario();
  readonly ada: Person = this.scenario.signUp();
  #raw: Uint8Array = new Uint8Array();

  send(by: By, changes: Partial<TransactionBody> = {}): void {
    const { ledger } = this.scenario;
    const command = this.scenario.commandOf("account.update", silentProfile, by);
    this.#raw = ledger.envelopeOf(command, { ...ledger.bodyOf(command, ledger.tip.time), ...changes });
  }

  /** What its submitter may be told now. */
  get verdict(): string | undefined {
    const { ledger } = this.scenario;
    return refuseForGood(ledger.state, decode(envelopeCodec, this.#raw), ledger.tip);
  }

  /** What a block after `stepMs` says to it. */
  inBlockAfter(stepMs: number): string {
    return codeOf(this.scenario.attemptRaw(this.#raw, { stepMs }));
  }
}

/** What is said for good holds in the next block and in the last that the transaction could stand in. */
function expectForGood(waiting: Waiting, code: string): void {
  expect(waiting.verdict).toBe(code);
  for (const stepMs of [1, 1_000, 30_000]) {
    expect([code, "expired"]).toContain(waiting.inBlockAfter(stepMs));
    waiting.scenario.wait(stepMs);
  }
}

describe("is refused for good", () => {
  test("when it has expired by the time or by the height of the newest block", () => {
    for (const late of ["time", "height"] as const) {
      const waiting = new Waiting();
      const { scenario, ada } = waiting;
      const { time, height } = scenario.ledger.tip;
      waiting.send(
        scenario.root(ada),
        late === "time"
          ? { expiresTime: (time + 10) as TimeMs, expiresHeight: (height + 9) as Height }
          : { expiresHeight: (height + 1) as Height },
      );
      expect(waiting.verdict).toBeUndefined();
      scenario.wait(10);
      expectForGood(waiting, "expired");
    }
  });

  test("when its account was closed", () => {
    const waiting = new Waiting();
    waiting.send(waiting.scenario.delegated(waiting.ada));
    expect(waiting.verdict).toBeUndefined();
    waiting.scenario.mustApply("account.close", {}, waiting.scenario.root(waiting.ada));
    expectForGood(waiting, "account-not-active");
  });

  test("when its key was revoked, or is another account's", () => {
    const waiting = new Waiting();
    const { scenario, ada } = waiting;
    waiting.send(scenario.device(ada));
    expect(waiting.verdict).toBeUndefined();
    scenario.mustApply("key.revoke", { key: publicKeyOf(ada.deviceSeed) }, scenario.root(ada));
    expectForGood(waiting, "key-not-live");
    waiting.send({ ...scenario.root(scenario.signUp()), account: ada.id });
    expectForGood(waiting, "key-not-live");
  });

  test("when its idempotency key is recorded until it has expired itself", () => {
    const waiting = new Waiting();
    const { scenario, ada } = waiting;
    const body = {
      idempotencyKey: new Uint8Array(16).fill(3),
      expiresTime: (scenario.ledger.tip.time + 20_000) as TimeMs,
    };
    waiting.send(scenario.root(ada), body);
    expect(waiting.verdict).toBeUndefined();
    scenario.mustApply("repository.create", scenario.repositoryPayload(ada, "first"), scenario.root(ada), { body });
    expectForGood(waiting, "key-reused");
  });
});

describe("may still be applied", () => {
  test("when its idempotency key is forgotten before it expires", () => {
    const waiting = new Waiting();
    const { scenario, ada } = waiting;
    const idempotencyKey = new Uint8Array(16).fill(4);
    const { time } = scenario.ledger.tip;
    waiting.send(scenario.root(ada), { idempotencyKey, expiresTime: (time + 20_000) as TimeMs });
    const body = { idempotencyKey, expiresTime: (time + 5_000) as TimeMs };
    scenario.mustApply("repository.create", scenario.repositoryPayload(ada, "first"), scenario.root(ada), { body });
    expect(waiting.verdict).toBeUndefined();
    expect(waiting.inBlockAfter(1)).toBe("key-reused");
    expect(waiting.inBlockAfter(6_000)).toBe("applied");
  });

  test("when its credential ended, since the account may record it again", () => {
    const waiting = new Waiting();
    const { scenario, ada } = waiting;
    const payload = scenario.tokenPayload();
    scenario.mustApply("credential.create", payload, scenario.delegated(ada));
    waiting.send(scenario.credential(ada, payload.id));
    scenario.mustApply("credential.revoke", { id: payload.id }, scenario.root(ada));
    expect([waiting.verdict, waiting.inBlockAfter(1)]).toEqual([undefined, "credential-not-live"]);
    scenario.mustApply("credential.create", payload, scenario.delegated(ada));
    expect([waiting.verdict, waiting.inBlockAfter(1)]).toEqual([undefined, "applied"]);
  });

  test("when its key or its delegation is not there yet", () => {
    const waiting = new Waiting();
    const { scenario, ada } = waiting;
    waiting.send({ ...scenario.root(ada), signer: { type: "key", seed: scenario.ledger.newSeed() } });
    expect([waiting.verdict, waiting.inBlockAfter(1)]).toEqual([undefined, "key-not-live"]);
    waiting.send(scenario.delegated(ada, scenario.away));
    expect([waiting.verdict, waiting.inBlockAfter(1)]).toEqual([undefined, "delegation-missing"]);
  });
});
