import { describe, expect, test } from "vitest";
import {
  nodeIdOf,
  publicKeyOf,
  signMessage,
  type Height,
  type PrivateSeed,
  type RepositoryId,
  type Signature,
} from "@guts/primitives";
import type { Validator } from "@guts/verifier";
import { branch, objectId, Scenario, update, type Person } from "../../test/scenario.ts";
import { receiptLifeBlocksMax, refsPerRepositoryMax, refUpdatesPerPushMax } from "../limits.ts";
import { receiptBytes, type CertifiedUpdate } from "../receipt.ts";
import { readRow, writeRow } from "../table.ts";
import { repositoryTable } from "../tables.ts";
import type { PayloadOf } from "./index.ts";

interface Cast {
  readonly scenario: Scenario;
  readonly ada: Person;
  readonly repository: RepositoryId;
}

function cast(changes: Parameters<Scenario["repository"]>[2] = {}, validators?: readonly Validator[]): Cast {
  const scenario = new Scenario(validators === undefined ? {} : { validators });
  const ada = scenario.signUp();
  return { scenario, ada, repository: scenario.repository(ada, "engine", changes) };
}

function push(
  { scenario, ada, repository }: Cast,
  updates: readonly CertifiedUpdate[],
  changes: Partial<PayloadOf<"refs.change">> = {},
): string {
  return scenario.code("refs.change", scenario.push(repository, updates, changes), scenario.root(ada));
}

const refsOf = ({ scenario, repository }: Cast) =>
  [...scenario.forge.refs(repository)].map(
    ([name, id]) => `${name.replace("refs/heads/", "")}=${Number.parseInt(id[0]!, 16)}`,
  );

describe("refs.change", () => {
  test("creates, moves and deletes refs", () => {
    const all = cast();
    expect(push(all, [update("main", 0, 1), update("dev", 0, 1)])).toBe("applied");
    expect(push(all, [update("main", 1, 2), update("dev", 1, 0), update("refs/tags/v1", 0, 2)])).toBe("applied");
    expect(refsOf(all)).toEqual(["main=2", "refs/tags/v1=2"]);
    expect(all.scenario.forge.repository(all.repository)).toMatchObject({
      refCount: 2,
      pushedTime: all.scenario.ledger.tip.time,
    });
  });

  test("compares each ref with what the pusher saw", () => {
    const all = cast();
    push(all, [update("main", 0, 1)]);
    expect(push(all, [update("main", 0, 2)])).toBe("ref-stale");
    expect(push(all, [update("main", 3, 2)])).toBe("ref-stale");
    expect(push(all, [update("other", 1, 2)])).toBe("ref-stale");
    expect(push(all, [update("other", 1, 0)])).toBe("ref-stale");
    expect(push(all, [update("main", 1, 1)])).toBe("ref-unchanged");
    expect(push(all, [update("main", 0, 0)])).toBe("ref-is-default-branch");
    expect(push(all, [update("dev", 0, 0)])).toBe("ref-unchanged");
  });

  test("applies what applies, and says of each other ref why not", () => {
    const all = cast();
    const { scenario, repository, ada } = all;
    push(all, [update("main", 0, 1)]);
    const payload = scenario.push(repository, [update("main", 9, 2), update("dev", 0, 1)]);
    const result = scenario.mustApply("refs.change", payload, scenario.root(ada));
    expect(result.refusals).toEqual(["ref-stale", undefined]);
    expect(refsOf(all)).toEqual(["dev=1", "main=1"]);
  });

  test("that is atomic applies all or none", () => {
    const all = cast();
    push(all, [update("main", 0, 1)]);
    expect(push(all, [update("dev", 0, 1), update("main", 9, 2)], { isAtomic: true })).toBe("ref-stale");
    expect(refsOf(all)).toEqual(["main=1"]);
    expect(push(all, [update("dev", 0, 1), update("main", 1, 2)], { isAtomic: true })).toBe("applied");
    expect(refsOf(all)).toEqual(["dev=1", "main=2"]);
  });

  test("that does nothing, or names a ref twice, is rejected", () => {
    const all = cast();
    expect(push(all, [])).toBe("nothing-to-do");
    expect(push(all, [update("a", 0, 1), update("a", 1, 2)])).toBe("ref-repeated");
    expect(push(all, [update("main", 0, 1), update("main", 0, 1)], { isAtomic: true })).toBe("ref-repeated");
  });

  test("goes to branches, tags and notes; branches point to commits", () => {
    const all = cast();
    expect(push(all, [update("refs/pull/1/head", 0, 1)])).toBe("ref-hidden");
    expect(push(all, [{ ...update("main", 0, 1), newType: "blob" }])).toBe("ref-not-a-commit");
    expect(push(all, [{ ...update("main", 0, 1), newType: "tag" }])).toBe("ref-not-a-commit");
    expect(push(all, [{ ...update("refs/tags/v1", 0, 1), newType: "tag" }, update("refs/notes/commits", 0, 2)])).toBe(
      "applied",
    );
  });

  test("refuses ids of another hash function", () => {
    const all = cast({ objectFormat: "sha256" });
    expect(push(all, [update("main", 0, 1)])).toBe("object-format-mismatch");
    expect(push(all, [{ ...update("main", 0, 1, "sha256"), oldId: objectId(0) }])).toBe("object-format-mismatch");
    expect(push(all, [update("main", 0, 1, "sha256")])).toBe("applied");
  });

  test("keeps a ref from being a directory of another", () => {
    const all = cast();
    push(all, [update("a/b", 0, 1), update("x", 0, 1), update("a.b", 0, 1)]);
    expect(push(all, [update("a", 0, 1)])).toBe("ref-conflict");
    expect(push(all, [update("x/y", 0, 1)])).toBe("ref-conflict");
    expect(push(all, [update("a/b/c/d", 0, 1)])).toBe("ref-conflict");
    expect(push(all, [update("a/c", 0, 1), update("a-b", 0, 1), update("xy/z", 0, 1)])).toBe("applied");
    // Within one push deletions come first, whatever the order of the commands.
    expect(push(all, [update("x/y", 0, 1), update("x", 1, 0)], { isAtomic: true })).toBe("applied");
    // What is created first bars what would be below it.
    expect(push(all, [update("n", 0, 1), update("n/m", 0, 1)], { isAtomic: true })).toBe("ref-conflict");
  });

  test("ends at the limit of refs, where deletions make room", () => {
    const all = cast();
    push(all, [update("main", 0, 1)]);
    all.scenario.arrange((state) => {
      const row = readRow(state, repositoryTable, all.repository)!;
      writeRow(state, repositoryTable, all.repository, { ...row, refCount: refsPerRepositoryMax - 1 });
    });
    expect(push(all, [update("last", 0, 1)])).toBe("applied");
    expect(push(all, [update("more", 0, 1)])).toBe("ref-limit");
    expect(push(all, [update("more", 0, 1), update("last", 1, 0)])).toBe("applied");
  });

  test("takes as many updates as one push may have", () => {
    const all = cast();
    const many = (count: number) => Array.from({ length: count }, (_, index) => update(`b${index}`, 0, 1));
    expect(push(all, many(refUpdatesPerPushMax))).toBe("applied");
    expect(() => push(all, many(refUpdatesPerPushMax + 1))).toThrow("at most");
  });
});

describe("the default branch", () => {
  const defaultOf = ({ scenario, repository }: Cast) => scenario.forge.repository(repository)?.defaultBranch;

  test.each([
    [["dev"], "dev"],
    [["dev", "main"], "main"],
    [["dev", "master"], "master"],
    [["master", "main"], "main"],
  ])("of a first push of %j is %s", (names, expected) => {
    const all = cast();
    expect(
      push(
        all,
        names.map((name) => update(name, 0, 1)),
      ),
    ).toBe("applied");
    expect(defaultOf(all)).toBe(branch(expected));
    expect(push(all, [update("other", 0, 1)])).toBe("applied");
    expect(defaultOf(all)).toBe(branch(expected));
  });

  test("waits for a branch, and stays where somebody chose it", () => {
    const all = cast();
    push(all, [update("refs/tags/v1", 0, 1)]);
    expect(all.scenario.forge.repository(all.repository)?.defaultBranchIs).toBe("assumed");
    push(all, [update("dev", 0, 1)]);
    expect(defaultOf(all)).toBe(branch("dev"));
    const chosen = cast({ defaultBranch: branch("trunk") });
    push(chosen, [update("dev", 0, 1)]);
    expect(defaultOf(chosen)).toBe(branch("trunk"));
  });

  test("cannot be deleted by a push", () => {
    const all = cast();
    push(all, [update("main", 0, 1), update("dev", 0, 1)]);
    expect(push(all, [update("main", 1, 0)])).toBe("ref-is-default-branch");
    expect(push(all, [update("dev", 1, 0)])).toBe("applied");
  });
});

describe("the receipt", () => {
  const terms = (all: Cast, changes: object = {}) => {
    const honest = all.scenario.push(all.repository, [update("main", 0, 1)]).receipt;
    return { receipt: { ...honest, ...changes } };
  };
  const one = [update("main", 0, 1)];

  test("is good up to its last height", () => {
    const all = cast();
    const at = (distance: number) => {
      const expiresHeight = (all.scenario.ledger.tip.height + 1 + distance) as Height;
      const unsigned = { ...terms(all).receipt, expiresHeight, signatures: undefined as never };
      return push(all, one, { receipt: unsigned });
    };
    expect(at(-1)).toBe("receipt-expired");
    expect(at(0)).toBe("applied");
  });

  test.each([
    ["too few signatures", (all: Cast) => terms(all, { signatures: terms(all).receipt.signatures.slice(1) })],
    [
      "one signature three times",
      (all: Cast) => terms(all, { signatures: Array(3).fill(terms(all).receipt.signatures[0]) }),
    ],
    ["signatures out of order", (all: Cast) => terms(all, { signatures: terms(all).receipt.signatures.toReversed() })],
    ["a signer that is none", (all: Cast) => terms(all, { signatures: renumbered(all, [0, 1, 7]) })],
    ["signatures of each other", (all: Cast) => terms(all, { signatures: exchanged(all) })],
    ["terms that nobody signed", (all: Cast) => terms(all, { baseHeight: 1 })],
    [
      "another epoch",
      (all: Cast) => ({ receipt: { ...terms(all).receipt, epoch: 1, signatures: undefined as never } }),
    ],
    [
      "a placement of later rules",
      (all: Cast) => ({ receipt: { ...terms(all).receipt, placement: 2, signatures: undefined as never } }),
    ],
    [
      "facts of later rules",
      (all: Cast) => ({ receipt: { ...terms(all).receipt, factsVersion: 4, signatures: undefined as never } }),
    ],
  ])("proves nothing with %s", (_what, changes) => {
    const all = cast();
    expect(push(all, one, changes(all))).toBe("receipt-insufficient");
    expect(refsOf(all)).toEqual([]);
  });

  test("builds on a height that is final, and holds for a bounded number of blocks", () => {
    const all = cast();
    const code = (changes: object) => {
      const unsigned = { ...terms(all, changes).receipt, signatures: undefined as never };
      return push(all, [update("main", 0, 1)], { receipt: unsigned });
    };
    const next = () => all.scenario.ledger.tip.height + 1;
    expect(code({ baseHeight: next() })).toBe("receipt-insufficient");
    expect(code({ baseHeight: 1, expiresHeight: 1 + receiptLifeBlocksMax + 1 })).toBe("receipt-insufficient");
    expect(code({ baseHeight: next() - 1, expiresHeight: next() - 1 + receiptLifeBlocksMax })).toBe("applied");
  });

  test.each([
    [4, 3],
    [7, 5],
  ])("of %i validators needs %i signatures, of any of them", (validatorCount, quorum) => {
    const seeds = Array.from(
      { length: validatorCount },
      (_, index) => new Uint8Array(32).fill(index + 1) as PrivateSeed,
    );
    const validators = seeds.map((seed, index) => {
      const key = publicKeyOf(seed);
      return { name: `v${index}`, consensusKey: key, nodeId: nodeIdOf(key) };
    });
    const template = new Scenario();
    const nodes = template.ledger.nodes.map(({ id, seed }, index) => ({
      name: `n${index}`,
      consensusKey: publicKeyOf(seed),
      nodeId: id,
    }));
    // The scenario's own nodes admit transactions, so they must be there; their consensus keys are exchanged for ours.
    const all = cast({}, [
      ...nodes.map((node, index) => ({ ...node, consensusKey: validators[index]!.consensusKey })),
      ...validators.slice(nodes.length),
    ]);
    const attempt = (signers: readonly number[], name: string) => {
      const updates = [update(name, 0, 1)];
      const { receipt } = all.scenario.push(all.repository, updates);
      const { signatures: _, ...rest } = receipt;
      const { networkId } = all.scenario.ledger;
      const bytes = receiptBytes({ networkId, repository: all.repository, updates, packs: [], ...rest });
      const signatures = signers.map((validator) => ({
        validator,
        signature: signMessage(seeds[validator] ?? seeds[0]!, bytes),
      }));
      return push(all, updates, { receipt: { ...rest, signatures } });
    };
    const everybody = [...validators.keys()];
    expect(attempt(everybody.slice(0, quorum - 1), "a")).toBe("receipt-insufficient");
    expect(attempt(everybody.slice(0, quorum), "b")).toBe("applied");
    expect(attempt(everybody.slice(-quorum), "c")).toBe("applied");
    expect(attempt(everybody, "d")).toBe("applied");
    expect(attempt([...everybody.slice(1, quorum), validatorCount], "e")).toBe("receipt-insufficient");
  });

  test("is of these updates, packs and this repository alone", () => {
    const all = cast();
    const other = all.scenario.repository(all.ada);
    const { receipt } = all.scenario.push(all.repository, one);
    expect(push(all, [update("main", 0, 2)], { receipt })).toBe("receipt-insufficient");
    expect(push(all, one, { receipt, packs: [{ sha256: new Uint8Array(32), sizeBytes: 1 }] })).toBe(
      "receipt-insufficient",
    );
    expect(push({ ...all, repository: other }, one, { receipt })).toBe("receipt-insufficient");
    expect(push(all, one, { receipt })).toBe("applied");
  });

  function renumbered(all: Cast, validators: readonly number[]) {
    return terms(all).receipt.signatures.map(({ signature }, index) => ({ validator: validators[index]!, signature }));
  }

  function exchanged(all: Cast): readonly { validator: number; signature: Signature }[] {
    const [first, second, third] = terms(all).receipt.signatures;
    return [{ ...first!, signature: second!.signature }, { ...second!, signature: first!.signature }, third!];
  }
});
