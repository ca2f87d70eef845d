/** What a block removes before its first transaction, because its time has come. Bounded, so that blocks stay short. */
import {
  ByteReader,
  commentIdCodec,
  concatBytes,
  decode,
  encode,
  repositoryIdCodec,
  teamIdCodec,
  type Decoded,
  type PublicKey,
  type TimeMs,
} from "@guts/primitives";
import { ForgeState } from "./forge-state.ts";
import { removeFormerBranch } from "./former-branches.ts";
import { removeCollaborator, removeInvitation } from "./kinds/collaborators.ts";
import { removeCredential } from "./kinds/credentials.ts";
import { dropComment } from "./kinds/comments.ts";
import { dropTeam, dueTeamCodec } from "./kinds/teams.ts";
import { removeStar, removeSubscription } from "./kinds/repository-standing.ts";
import { expiriesPerBlockMax } from "./limits.ts";
import { removeNetworkInvitation } from "./network-invitation.ts";
import { removeMember, removeOrganizationInvitation, removeTeamMember, removeTeamRepository } from "./membership.ts";
import type { Overlay } from "./state.ts";
import { removeRow, scanRows, type Table } from "./table.ts";
import * as tables from "./tables.ts";
import { addToTally, tallyOf } from "./tally.ts";

/** Removes what expired before `time`, soonest first, and rows of what was deleted; at most `expiriesPerBlockMax` rows. */
export function expire(state: Overlay, time: TimeMs): void {
  let left = expiriesPerBlockMax;
  for (const due of dueBefore(state, time)) {
    if (left <= 0) break;
    const purge = purges[due.kind];
    if (purge !== undefined) {
      const removed = purge({ state, time, max: left }, due.subject);
      left -= removed.count;
      if (!removed.isComplete) break;
    } else if (due.kind === "credential") {
      const credential = new ForgeState(state).storedCredential(due.subject as never);
      if (credential !== undefined) removeCredential(state, credential);
    } else if (due.kind === "network-invitation") {
      removeNetworkInvitation(state, due.subject as PublicKey);
    } else {
      removeRow(state, tables.idempotencyTable, tables.idempotencyTable.key.read(new ByteReader(due.subject)));
    }
    removeRow(state, tables.expiryTable, due);
    left--;
  }
}

function dueBefore(state: Overlay, time: TimeMs): readonly Due[] {
  const due: Due[] = [];
  for (const [key] of scanRows(state, tables.expiryTable)) {
    if (key.time >= time || due.length >= expiriesPerBlockMax) break;
    due.push(key);
  }
  return due;
}

type Due = Decoded<(typeof tables.expiryTable)["key"]>;

/** The first byte of the key of a reaction to an issue. */
const reactionToIssueTag = 1;

/** What a purge works on: it removes at most `max` rows, and says whether that was all. */
interface PurgeContext {
  readonly state: Overlay;
  readonly time: TimeMs;
  readonly max: number;
}

interface Purged {
  readonly count: number;
  readonly isComplete: boolean;
}

/** What is left of something that was deleted, by the kind of its expiry. */
const purges: Partial<Readonly<Record<Due["kind"], (context: PurgeContext, subject: Uint8Array) => Purged>>> = {
  repository: (context, subject) => {
    const { state } = context;
    return sweepAll(context, subject, [
      swept(tables.refTable, (key) => removeRow(state, tables.refTable, key)),
      swept(tables.repositoryInvitationTable, (key) => removeInvitation(state, key)),
      swept(tables.collaboratorTable, (key) => removeCollaborator(state, key)),
      swept(tables.repositoryTeamTable, (key) => removeTeamRepository(state, key)),
      sweepDeployKeys,
      swept(tables.protectionTable, (key) => removeRow(state, tables.protectionTable, key)),
      swept(tables.protectionSettingsTable, (key) => removeRow(state, tables.protectionSettingsTable, key)),
      swept(tables.protectionActorsTable, (key) => removeRow(state, tables.protectionActorsTable, key)),
      swept(tables.formerBranchTable, (key) => removeFormerBranch(state, key)),
      ...issueSweeps(context),
      swept(tables.commitStatusTable, (key) => removeRow(state, tables.commitStatusTable, key)),
      swept(tables.statusContextsTable, (key) => removeRow(state, tables.statusContextsTable, key)),
      swept(tables.starTable, (key) => removeStar(state, key)),
      swept(tables.subscriptionTable, (key) => removeSubscription(state, key)),
      swept(tables.topicsTable, (key) => removeRow(state, tables.topicsTable, key)),
    ]);
  },
  comment: (context, subject) => {
    const { state } = context;
    const within = encode(tables.reactionSubjectCodec, { type: "comment", comment: decode(commentIdCodec, subject) });
    return sweepAll(context, within, [
      swept(tables.reactionTable, (key) => removeRow(state, tables.reactionTable, key)),
    ]);
  },
  "repository-teams": (context, subject) => {
    const { state } = context;
    const forge = new ForgeState(state);
    const owner = forge.repository(decode(repositoryIdCodec, subject))?.owner;
    return sweepAll(context, subject, [
      swept(tables.repositoryTeamTable, (key) => {
        if (forge.organizations.team(key.team)?.organization !== owner) removeTeamRepository(state, key);
      }),
    ]);
  },
  team: (context, subject) => {
    const { state } = context;
    const { team, organization } = decode(dueTeamCodec, subject);
    return sweepAll(context, encode(teamIdCodec, team), [
      swept(tables.teamMemberTable, (key) => removeTeamMember(state, { id: team, organization }, key.account)),
      swept(tables.teamRepositoryTable, (key) => removeTeamRepository(state, key)),
    ]);
  },
  organization: (context, subject) => {
    const { state } = context;
    const forge = new ForgeState(state);
    return sweepAll(context, subject, [
      swept(tables.organizationMemberTable, (key) => removeMember(state, key)),
      swept(tables.organizationInvitationTable, (key) => removeOrganizationInvitation(state, key)),
      swept(tables.teamSlugTable, (_key, team) => dropTeam(context, forge.organizations.team(team)!)),
    ]);
  },
};

/** Removes up to `max` rows and says how many. */
type Sweep = (state: Overlay, within: Uint8Array, max: number) => number;

/** What belongs to the issues and pull requests of a repository that was deleted. */
function issueSweeps(context: PurgeContext): readonly Sweep[] {
  const { state } = context;
  const removal = <Key, Value>(table: Table<Key, Value>) => swept(table, (key) => removeRow(state, table, key));
  return [
    removal(tables.pullTable),
    removal(tables.pullRoundTable),
    removal(tables.pullHeadTable),
    sweepIssueReactions,
    swept(tables.issueCommentTable, (key) => dropComment(context, key)),
    removal(tables.issueLabelTable),
    removal(tables.issueAssigneeTable),
    swept(tables.issueTable, (key, { pinnedTime }) => {
      removeRow(state, tables.issueTable, key);
      if (pinnedTime !== undefined) addToTally(state, "pinnedIssues", key.repository, -1);
    }),
    swept(tables.labelTable, (key) => {
      removeRow(state, tables.labelTable, key);
      addToTally(state, "labels", key.repository, -1);
    }),
    removal(tables.labelNameTable),
    removal(tables.milestoneTable),
    sweepNumbersGiven,
  ];
}

/** Reactions stand by what they react to; those to comments go with each comment. */
function sweepIssueReactions(state: Overlay, repository: Uint8Array, max: number): number {
  const within = concatBytes(Uint8Array.of(reactionToIssueTag), repository);
  const keys = scanRows(state, tables.reactionTable, { within }).take(max).toArray();
  for (const [key] of keys) removeRow(state, tables.reactionTable, key);
  return keys.length;
}

/** How many numbers were given is counted past the rows that had them. */
function sweepNumbersGiven(state: Overlay, repository: Uint8Array, max: number): number {
  const id = decode(repositoryIdCodec, repository);
  const names = (["issueNumbers", "milestoneNumbers"] as const).filter((of) => tallyOf(state, of, id) > 0);
  for (const of of names.slice(0, max)) removeRow(state, tables.tallyTable, { of, id });
  return Math.min(names.length, max);
}

function swept<Key, Value>(table: Table<Key, Value>, remove: (key: Key, value: Value) => void): Sweep {
  return (state, within, max) => {
    const rows = scanRows(state, table, { within }).take(max).toArray();
    for (const [key, value] of rows) remove(key, value);
    return rows.length;
  };
}

/** Deploy keys stand by the repository that they are for. */
function sweepDeployKeys(state: Overlay, repository: Uint8Array, max: number): number {
  const id = decode(repositoryIdCodec, repository);
  const within = encode(tables.sshKeyHolderTable.value, { type: "repository", id });
  const keys = scanRows(state, tables.heldSshKeyTable, { within }).take(max).toArray();
  for (const [, key] of keys) removeCredential(state, new ForgeState(state).storedCredential(key)!);
  return keys.length;
}

function sweepAll({ state, max }: PurgeContext, within: Uint8Array, sweeps: readonly Sweep[]): Purged {
  let count = 0;
  for (const sweep of sweeps) count += sweep(state, within, max - count);
  return { count, isComplete: count < max };
}
