import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decode, toHex, type Height } from "@guts/primitives";
import { MemoryState, RandomUsers, SimulatedLedger } from "@guts/testing";
import { decodeEnvelope } from "./block.ts";
import { executeBlock, type BlockPlace, type ExecutedBlock } from "./execute-block.ts";
import { decideCommand } from "./execute-transaction.ts";
import { expire } from "./expire.ts";
import { findKind, type LedgerCommand } from "./kinds/index.ts";
import { Overlay } from "./state.ts";
import { scanRows } from "./table.ts";
import * as tables from "./tables.ts";
import { tallyOf } from "./tally.ts";

const blockCount = 10;

/** A history of random people; each block is executed again by a voter on the state before it. */
function* history(seed: number): Iterable<{ readonly ledger: SimulatedLedger; readonly block: ExecutedBlock }> {
  const ledger = new SimulatedLedger(seed);
  const users = new RandomUsers(ledger);
  for (let height = 0; height < blockCount; height++) yield { ledger, block: users.appendBlock(6) };
}

test("one seed gives one history", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      const [left, right] = [Array.from(history(seed)), Array.from(history(seed))];
      expect(left.map(({ block }) => toHex(block.hash))).toEqual(right.map(({ block }) => toHex(block.hash)));
    }),
    { numRuns: 2 },
  );
});

test("voters replay what proposers made, from genesis and with the same roots", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      const blocks = Array.from(history(seed), ({ block }) => block);
      const voter = new SimulatedLedger(seed); // The same genesis.
      for (const block of blocks) {
        const { header, transactions } = block;
        const { networkId, epoch, view, proposer, time } = header;
        const place: BlockPlace = { networkId, epoch, view, proposer, time, parent: voter.tip };
        const given = { place, contents: "finalized", isVerified: () => false } as const;
        const verdict = executeBlock(voter.state, { header, transactions }, given);
        expect(verdict).toMatchObject({ outcome: "valid", block: { hash: block.hash, events: block.events } });
        if (verdict.outcome === "valid") voter.append(verdict.block);
      }
    }),
    { numRuns: 2 },
  );
});

test("what is decided early is what is executed", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      const ledger = new SimulatedLedger(seed);
      const users = new RandomUsers(ledger);
      for (let height = 0; height < 3 * blockCount; height++) {
        const before = new MemoryState();
        before.write(
          ledger.state.entries().map(([key, value]) => ({ key, value })),
          [],
        );
        const block = users.appendBlock(1);
        const [raw] = block.transactions;
        if (raw === undefined) continue;
        const { body, authorization, admission } = decodeEnvelope(raw)!;
        const { name, kind } = findKind(body.kind)!;
        const command = { kind: name, payload: decode(kind.payload, body.payload) } as LedgerCommand;
        const actor = { account: body.account as never, authorization, admittedBy: admission.node };
        const position = { networkId: body.networkId, time: block.header.time, height: block.header.height as Height };
        const early = new Overlay(before);
        expire(early, position.time); // As the block does before its first transaction.
        const decided = decideCommand(early, command, actor, position);
        const executed = block.results[0]!.verdict;
        const code = executed.type === "rejected" ? executed.code : undefined;
        const said = decided.outcome === "applied" ? undefined : decided.code;
        expect([name, decided.outcome, said]).toEqual([name, executed.type, code]);
      }
    }),
    { numRuns: 2 },
  );
});

/** Tallies of numbers that were given, which outlive what had them. */
const numbersGiven: ReadonlySet<tables.TallyName> = new Set(["issueNumbers", "milestoneNumbers"]);

/** What the other tallies of a state count, counted. */
function countRows(state: MemoryState): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  const count = (of: tables.TallyName, id: number) => counted.set(`${of} ${id}`, (counted.get(`${of} ${id}`) ?? 0) + 1);
  for (const [, { account }] of scanRows(state, tables.handleTable)) count("handles", account);
  for (const [{ account }] of scanRows(state, tables.keyTable)) count("keys", account);
  for (const [{ account }] of scanRows(state, tables.accountCredentialTable)) count("credentials", account);
  for (const [{ account }] of scanRows(state, tables.delegationTable)) count("delegations", account);
  for (const [, { owner }] of scanRows(state, tables.repositoryTable)) count("repositories", owner);
  for (const [{ account }] of scanRows(state, tables.accountCollaborationTable)) count("collaborations", account);
  for (const [{ repository }] of scanRows(state, tables.collaboratorTable)) count("members", repository);
  for (const [{ repository }] of scanRows(state, tables.repositoryInvitationTable)) count("members", repository);
  for (const [, { sinceHeight }] of scanRows(state, tables.nodeTable)) if (sinceHeight > 0) count("nodes", 0);
  for (const [{ organization, account }, { role }] of scanRows(state, tables.organizationMemberTable)) {
    count("organizationMembers", organization);
    count("organizations", account);
    if (role === "owner") count("organizationOwners", organization);
  }
  for (const [{ organization }] of scanRows(state, tables.organizationInvitationTable))
    count("organizationMembers", organization);
  for (const [, { organization }] of scanRows(state, tables.teamTable)) count("teams", organization);
  for (const [{ team }] of scanRows(state, tables.teamMemberTable)) count("teamMembers", team);
  for (const [{ repository }] of scanRows(state, tables.repositoryTeamTable)) count("repositoryTeams", repository);
  for (const [{ type, id }] of scanRows(state, tables.heldSshKeyTable))
    count(type === "account" ? "sshKeys" : "deployKeys", id);
  for (const [{ account, followed }] of scanRows(state, tables.followTable)) {
    count("following", account);
    count("followers", followed);
  }
  for (const [, { parent }] of scanRows(state, tables.forkTable)) count("forks", parent);
  for (const [{ repository, account }] of scanRows(state, tables.starTable)) {
    count("stars", repository);
    count("starred", account);
  }
  for (const [{ repository, account }, row] of scanRows(state, tables.subscriptionTable)) {
    count("subscriptions", account);
    if (row.state === "subscribed") count("subscribers", repository);
  }
  for (const [{ repository }] of scanRows(state, tables.formerBranchTable)) count("formerBranches", repository);
  for (const [{ account }] of scanRows(state, tables.signingKeyTable)) count("signingKeys", account);
  for (const [{ repository }] of scanRows(state, tables.labelTable)) count("labels", repository);
  for (const [{ repository }, { pinnedTime }] of scanRows(state, tables.issueTable))
    if (pinnedTime !== undefined) count("pinnedIssues", repository);
  scanRows(state, tables.networkInvitationOfferTable).forEach(() => count("networkInvitations", 0));
  return counted;
}

test("tallies are what they count", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      const ledger = new SimulatedLedger(seed);
      const users = new RandomUsers(ledger);
      for (let height = 0; height < 3 * blockCount; height++) users.appendBlock(8);
      const { state } = ledger;
      const counted = countRows(state);
      const tallies = Array.from(scanRows(state, tables.tallyTable));
      const rows = tallies.filter(([{ of }]) => !numbersGiven.has(of));
      expect(new Map(rows.map(([{ of, id }, value]) => [`${of} ${id}`, value]))).toEqual(counted);
      for (const [{ repository, number }] of scanRows(state, tables.issueTable))
        expect(tallyOf(state, "issueNumbers", repository)).toBeGreaterThanOrEqual(number);
      for (const [{ repository, milestone }] of scanRows(state, tables.milestoneTable))
        expect(tallyOf(state, "milestoneNumbers", repository)).toBeGreaterThanOrEqual(milestone);
    }),
    { numRuns: 2 },
  );
});
