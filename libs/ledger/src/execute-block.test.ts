import { describe, expect, test } from "vitest";
import { decode, encode, parseRefName, toHex, utf8, type TimeMs } from "@guts/primitives";
import { validatorsHash, type Header } from "@guts/verifier";
import type { SimulatedCommand } from "@guts/testing";
import { Scenario, silentProfile, update, type Person } from "../test/scenario.ts";
import { blockCodec, transactionsRoot, type Block } from "./block.ts";
import { contentRefOf, type Content } from "./content.ts";
import {
  BlockExecution,
  executeBlock,
  type BlockPlace,
  type ExecutedBlock,
  type GivenContents,
} from "./execute-block.ts";
import { blockTransactionsMax, descriptionBytesMax, expiriesPerBlockMax, profileFieldBytesMax } from "./limits.ts";
import { tallyOf } from "./tally.ts";
import { scanRows } from "./table.ts";
import * as tables from "./tables.ts";

interface Proposal {
  readonly place: BlockPlace;
  readonly block: Block;
  readonly executed: ExecutedBlock;
  readonly contents: ReadonlyMap<string, Content>;
}

/** A block that a proposer made of these commands. */
function propose(scenario: Scenario, commands: readonly SimulatedCommand[]): Proposal {
  const place = scenario.ledger.placeAfter(1_000);
  const execution = new BlockExecution(scenario.ledger.state, place);
  for (const command of commands) {
    const raw = scenario.ledger.envelopeOf(command, scenario.ledger.bodyOf(command, place.time));
    expect(execution.add(raw, scenario.ledger.offered, false).outcome).not.toBe("inadmissible");
  }
  const executed = execution.seal();
  const block = { header: executed.header, transactions: executed.transactions };
  return { place, block, executed, contents: new Map(scenario.ledger.offered) };
}

/** What a voter says of a proposal, perhaps changed on the way. */
function vote(
  scenario: Scenario,
  proposal: Proposal,
  changes: Partial<Proposal & { contents: GivenContents }> = {},
): string {
  const { place, block, contents } = { ...proposal, ...changes };
  const given = { place, contents, isVerified: () => false };
  const verdict = executeBlock(scenario.ledger.state, block, given);
  return verdict.outcome === "valid" ? "valid" : verdict.code;
}

function creations(scenario: Scenario, person: Person, count: number): readonly SimulatedCommand[] {
  return Array.from({ length: count }, (_, index) =>
    scenario.commandOf("repository.create", scenario.repositoryPayload(person, `r${index}`), scenario.root(person)),
  );
}

describe("a voter", () => {
  test("agrees with the proposer in every byte", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const rejected = scenario.commandOf("account.rename", { handle: ada.handle as never }, scenario.root(ada));
    const proposal = propose(scenario, [...creations(scenario, ada, 3), rejected]);
    const given = { place: proposal.place, contents: proposal.contents, isVerified: () => false };
    const block = decode(blockCodec, encode(blockCodec, proposal.block));
    const verdict = executeBlock(scenario.ledger.state, block, given);
    expect(verdict).toEqual({ outcome: "valid", block: proposal.executed });
    expect(proposal.executed.results.map(({ verdict: { type } }) => type)).toEqual([
      "applied",
      "applied",
      "applied",
      "rejected",
    ]);
  });

  const changes: Partial<Record<keyof Header, (header: Header) => unknown>> = {
    networkId: () => new Uint8Array(32),
    epoch: () => 1,
    view: ({ view }) => view + 1,
    height: ({ height }) => height + 1,
    parent: () => new Uint8Array(32),
    time: ({ time }) => time + 1,
    proposer: () => 1,
  };
  const roots = [
    "transactionsRoot",
    "resultsRoot",
    "stateRoot",
    "headersRoot",
    "validatorsHash",
    "nextValidatorsHash",
  ] as const;

  test.each(Object.entries(changes))("refuses a header with another %s than its place", (field, change) => {
    const scenario = new Scenario();
    const proposal = propose(scenario, creations(scenario, scenario.signUp(), 1));
    const header = { ...proposal.block.header, [field]: change(proposal.block.header) };
    expect(vote(scenario, proposal, { block: { ...proposal.block, header } })).toBe("wrong-place");
  });

  test.each(roots)("refuses a header with another %s than its own", (field) => {
    const scenario = new Scenario();
    const proposal = propose(scenario, creations(scenario, scenario.signUp(), 1));
    const header = { ...proposal.block.header, [field]: proposal.block.header[field].map((byte) => byte ^ 1) };
    expect(vote(scenario, proposal, { block: { ...proposal.block, header } })).toBe("wrong-roots");
  });

  test("refuses rules that it does not know, and time that does not pass", () => {
    const scenario = new Scenario();
    scenario.signUp();
    const proposal = propose(scenario, []);
    const header = { ...proposal.block.header, rulesVersion: 2 };
    expect(vote(scenario, proposal, { block: { ...proposal.block, header } })).toBe("wrong-rules");
    const { time } = scenario.ledger.tip;
    const place = { ...proposal.place, time };
    expect(
      vote(scenario, proposal, { place, block: { ...proposal.block, header: { ...proposal.block.header, time } } }),
    ).toBe("wrong-time");
  });

  test("refuses transactions that are missing, exchanged, repeated, forged or malformed", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const proposal = propose(scenario, creations(scenario, ada, 3));
    const [first, second, third] = proposal.block.transactions as [Uint8Array, Uint8Array, Uint8Array];
    const withTransactions = (transactions: readonly Uint8Array[]) =>
      vote(scenario, proposal, { block: { ...proposal.block, transactions } });
    expect(withTransactions([first, second])).toBe("wrong-roots");
    expect(withTransactions([second, first, third])).toBe("wrong-roots");
    expect(withTransactions([first, first, second])).toBe("already-applied");
    expect(withTransactions([first, second, third.with(third.length - 1, third.at(-1)! ^ 1)])).toBe("wrong-signature");
    expect(withTransactions([first, second, third.slice(0, -1)])).toBe("malformed-envelope");
    expect(withTransactions([new Uint8Array()])).toBe("malformed-envelope");
    const place = { ...proposal.place, time: (proposal.place.time + 60 * 60_000) as TimeMs };
    const header = { ...proposal.block.header, time: place.time };
    expect(vote(scenario, proposal, { place, block: { ...proposal.block, header } })).toBe("expired");
  });

  test("trusts signatures that were verified before, and the roots reveal a forged one all the same", () => {
    const scenario = new Scenario();
    const proposal = propose(scenario, creations(scenario, scenario.signUp(), 1));
    const [raw] = proposal.block.transactions as [Uint8Array];
    const forged = raw.with(raw.length - 1, raw.at(-1)! ^ 1);
    const given = { place: proposal.place, contents: proposal.contents, isVerified: () => true };
    const verdict = executeBlock(scenario.ledger.state, { ...proposal.block, transactions: [forged] }, given);
    expect(verdict).toEqual({ outcome: "invalid", code: "wrong-roots" });
  });
});

describe("contents", () => {
  function withBio(text: Uint8Array, changes: Partial<Content> = {}) {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const content = { salt: new Uint8Array(16).fill(1), text };
    const ref = contentRefOf(content);
    const payload = { ...silentProfile, bio: { value: ref } };
    const command = scenario.commandOf("account.update", payload, scenario.root(ada));
    const contents = new Map([[toHex(ref.digest), { ...content, ...changes }]]);
    return {
      scenario,
      ada,
      command,
      contents,
      code: scenario.code("account.update", payload, scenario.root(ada), { contents }),
    };
  }

  test.each<[string, Uint8Array, Partial<Content>, string]>([
    ["that are those of the transaction are kept", utf8("über"), {}, "applied"],
    ["of another text", utf8("one"), { text: utf8("two") }, "content-inadmissible"],
    ["with another salt", utf8("one"), { salt: new Uint8Array(16) }, "content-inadmissible"],
    ["with U+0000", utf8("a\0b"), {}, "content-inadmissible"],
    ["that are not UTF-8", Uint8Array.of(0xc3), {}, "content-inadmissible"],
    ["at their limit", new Uint8Array(profileFieldBytesMax).fill(97), {}, "applied"],
    ["one byte longer", new Uint8Array(profileFieldBytesMax + 1).fill(97), {}, "content-inadmissible"],
  ])("%s", (_what, text, changes, code) => expect(withBio(text, changes).code).toBe(code));

  test("with a length that is not theirs are refused", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const bio = scenario.ledger.offerText("abc");
    const code = (length: number) => {
      const payload = { ...silentProfile, bio: { value: { ...bio, length } } };
      return scenario.code("account.update", payload, scenario.root(ada), {
        contents: new Map(scenario.ledger.offered),
      });
    };
    expect([code(2), code(4), code(3)]).toEqual(["content-inadmissible", "content-inadmissible", "applied"]);
  });

  test("that did not come along keep a block from being voted for, not from being replayed", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const description = scenario.ledger.offerText("x".repeat(descriptionBytesMax));
    const payload = { ...scenario.repositoryPayload(ada, "r"), description };
    const proposal = propose(scenario, [scenario.commandOf("repository.create", payload, scenario.root(ada))]);
    expect(proposal.executed.contents.size).toBe(1);
    expect(vote(scenario, proposal)).toBe("valid");
    expect(vote(scenario, proposal, { contents: new Map() })).toBe("content-missing");
    expect(vote(scenario, proposal, { contents: "finalized" } as never)).toBe("valid");
  });
});

describe("a block", () => {
  test("holds as many transactions as its limit, and not one more", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const proposal = propose(scenario, creations(scenario, ada, blockTransactionsMax));
    expect(vote(scenario, proposal)).toBe("valid");
    const execution = new BlockExecution(scenario.ledger.state, proposal.place);
    for (const raw of proposal.block.transactions) execution.add(raw, new Map(), true);
    const [one] = creations(scenario, ada, 1);
    const raw = scenario.ledger.envelopeOf(one!, scenario.ledger.bodyOf(one!, proposal.place.time));
    expect(execution.add(raw, new Map(), true)).toEqual({ outcome: "inadmissible", code: "block-full" });
  });

  test("is full when its work is, and takes smaller transactions still", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const repository = scenario.repository(ada);
    const pushOf = (name: string, count: number) => {
      const updates = Array.from({ length: count }, (_, index) => update(`${name}${index}`, 0, 1));
      return scenario.commandOf("refs.change", scenario.push(repository, updates), scenario.root(ada));
    };
    const place = scenario.ledger.placeAfter(1_000);
    const execution = new BlockExecution(scenario.ledger.state, place);
    const add = (command: SimulatedCommand) => {
      const verdict = execution.add(
        scenario.ledger.envelopeOf(command, scenario.ledger.bodyOf(command, place.time)),
        new Map(),
        true,
      );
      return verdict.outcome === "applied" ? "applied" : verdict.code;
    };
    expect([add(pushOf("a", 900)), add(pushOf("b", 900)), add(pushOf("c", 100))]).toEqual([
      "applied",
      "block-full",
      "applied",
    ]);
  });

  test("holds a hundred ordinary pushes: signatures that were right do not fill it", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const repository = scenario.repository(ada);
    const pushes = Array.from({ length: 100 }, (_, index) =>
      scenario.commandOf(
        "refs.change",
        scenario.push(repository, [update(`branch-${index}`, 0, 1)]),
        scenario.device(ada),
      ),
    );
    expect(scenario.ledger.appendBlock(1_000, pushes).events).toHaveLength(100);
  });

  test("without transactions moves time and the range of headers", () => {
    const scenario = new Scenario();
    const [first, second, third] = [scenario.wait(1), scenario.wait(1), scenario.wait(1)];
    expect(toHex(second.header.headersRoot)).not.toBe(toHex(third.header.headersRoot));
    expect(first.header.transactionsRoot).toEqual(new Uint8Array(32));
    expect(transactionsRoot([])).toEqual(new Uint8Array(32));
    const { validators } = scenario.forge.network();
    expect(third.header).toMatchObject({ height: 3, parent: second.hash, validatorsHash: validatorsHash(validators) });
    expect([...scanRows(scenario.ledger.state, tables.headersTable)][0]?.[1].count).toBe(2);
    expect(first.header.parent).toEqual(scenario.ledger.networkId);
  });
});

describe("what time removes", () => {
  test("are refs and members of deleted repositories, over as many blocks as it takes", () => {
    const scenario = new Scenario();
    const [ada, bob, eve] = [scenario.signUp(), scenario.signUp(), scenario.signUp()];
    const [gone, kept] = [scenario.repository(ada), scenario.repository(ada)];
    for (let batch = 0; batch < 3; batch++) {
      const updates = Array.from({ length: 500 }, (_, index) => update(`${batch}-${index}`, 0, 1));
      scenario.mustApply("refs.change", scenario.push(gone, updates), scenario.root(ada));
    }
    scenario.mustApply("refs.change", scenario.push(kept, [update("main", 0, 1)]), scenario.root(ada));
    scenario.collaborator(ada, gone, bob, "write");
    scenario.mustApply("collaborator.invite", { repository: gone, account: eve.id, role: "read" }, scenario.root(ada));
    scenario.mustApply("repository.delete", { repository: gone }, scenario.root(ada));
    const members = 2;
    const refs = () => [...scenario.forge.refs(gone)].length;
    expect(refs()).toBe(1_500);
    const changes = scenario.wait(1).changes.length;
    expect([refs(), changes]).toEqual([1_500 - expiriesPerBlockMax, expiriesPerBlockMax + 1]);
    for (let block = 1; block < Math.ceil((1_500 + members) / expiriesPerBlockMax); block++) scenario.wait(1);
    expect(refs()).toBe(0);
    expect(scenario.forge.ref(kept, parseRefName("refs/heads/main")!)).toBeDefined();
    expect(scenario.forge.collaboratorRole(gone, bob.id)).toBeUndefined();
    expect(scenario.forge.repositoryInvitation(gone, eve.id)).toBeUndefined();
    expect(tallyOf(scenario.ledger.state, "members", gone)).toBe(0);
    expect(tallyOf(scenario.ledger.state, "collaborations", bob.id)).toBe(0);
    const due = [...scanRows(scenario.ledger.state, tables.expiryTable)].filter(([{ kind }]) => kind === "repository");
    expect(due).toEqual([]);
  });
});
