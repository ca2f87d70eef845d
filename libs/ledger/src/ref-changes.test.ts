/** What it costs to decide a large push: the state is read for the refs, and once for everything else. */
import { expect, test } from "vitest";
import { plainProtection, protectionLimits } from "@guts/governance";
import type { AccountId, RefName, TeamId } from "@guts/primitives";
import { objectId, Scenario } from "../test/scenario.ts";
import { ForgeState } from "./forge-state.ts";
import { refUpdatesPerPushMax, teamsPerMemberMax } from "./limits.ts";
import { RefChanges } from "./ref-changes.ts";
import type { StateReader } from "./state.ts";
import { writeRow } from "./table.ts";
import * as tables from "./tables.ts";

/** Counts how often the state is read. */
class CountedReader implements StateReader {
  readonly #base: StateReader;
  count = 0;

  constructor(base: StateReader) {
    this.#base = base;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.count++;
    return this.#base.get(key);
  }

  *scan(from: Uint8Array, to: Uint8Array): ReturnType<StateReader["scan"]> & Generator<never> {
    this.count++;
    for (const entry of this.#base.scan(from, to)) {
      this.count++;
      yield entry as never;
    }
  }
}

test("a push of 1,000 refs against all the rules that there may be reads rules, people and teams once", () => {
  const scenario = new Scenario();
  const [ada, bob] = [scenario.signUp(), scenario.signUp()];
  const organization = scenario.organization(ada, [bob]);
  const created = { ...scenario.repositoryPayload(ada, "engine"), owner: organization };
  const { repository } = scenario.mustApply("repository.create", created, scenario.root(ada));
  const team = scenario.team(organization, ada, [bob]);
  scenario.mustApply("team.set-repository", { team, repository, role: "write" }, scenario.root(ada));
  const ruleCount = protectionLimits.protectionRulesPerRepositoryMax;
  scenario.arrange((state) => {
    for (let number = 1; number <= ruleCount; number++) {
      const key = { repository, number };
      writeRow(state, tables.protectionTable, key, { target: "branch", pattern: `release-${number}/*` });
      const named = { accounts: [] as AccountId[], teams: [team] as TeamId[] };
      const settings = { ...plainProtection, pushers: named, isLocked: number === ruleCount };
      const { time } = scenario.ledger.tip;
      const row = { settings, setBy: ada.id, createdTime: time, updatedTime: time };
      writeRow(state, tables.protectionSettingsTable, key, row);
    }
  });
  const reader = new CountedReader(scenario.ledger.state);
  const forge = new ForgeState(reader);
  const row = forge.repository(repository)!;
  const changes = new RefChanges(forge, repository, { account: bob.id, isSigned: false });
  const zero = objectId(0);
  const refusals = Array.from({ length: refUpdatesPerPushMax }, (_, index) => {
    const name = `refs/heads/release-${1 + (index % ruleCount)}/${index}` as RefName;
    const update = {
      name,
      oldId: zero,
      newId: objectId(1),
      isFastForward: false,
      hasMerges: false,
      newType: "commit",
    } as const;
    return changes.refuse(row, update);
  });
  expect(refusals.filter((refusal) => refusal === "ref-protected")).toHaveLength(refUpdatesPerPushMax / ruleCount);
  expect(new Set(refusals)).toEqual(new Set([undefined, "ref-protected"]));
  const perRef = 3; // The ref, the one ancestor of its name, and those below it.
  const once = 4 * ruleCount + 4 * teamsPerMemberMax;
  expect(reader.count).toBeLessThan(perRef * refUpdatesPerPushMax + once);
  expect(reader.count).toBeGreaterThan(refUpdatesPerPushMax);
});
