/** Organizations: found, describe, rename, delete. An organization is an account that members act for. */
import { accountIdCodec, encode, foldName, option, struct, type AccountId } from "@guts/primitives";
import { changedText, contentRefCodec, textChangeCodec } from "../content.ts";
import { renameAccount } from "../handles.ts";
import { applied, boundedRefs, defineKind, rejected } from "../kind.ts";
import { organizationsPerAccountMax, profileFieldBytesMax } from "../limits.ts";
import { writeMember } from "../membership.ts";
import { nextNumber } from "../numbering.ts";
import { organizationScope, refuseForOrganization } from "../organization-act.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";

/** Founds an organization, with the acting account as its owner. */
export const organizationCreate = defineKind({
  tag: 60,
  payload: struct({ handle: tables.handleCodec, displayName: option(contentRefCodec) }),
  result: struct({ organization: accountIdCodec }),
  authority: "administer-organizations",
  contents: ({ displayName }) => boundedRefs([displayName], profileFieldBytesMax),
  cost: () => ({ repositories: 1 }),
  scope: (_context, _payload, { organization }) => organizationScope(organization),
  apply: (context, { handle, displayName }) => {
    const { state, actor, time, height } = context;
    if (tallyOf(state, "organizations", actor) >= organizationsPerAccountMax) return rejected("organization-limit");
    if (readRow(state, tables.handleTable, foldName(handle)) !== undefined) return rejected("handle-taken");
    const organization = nextNumber(state, "account") as AccountId;
    writeRow(state, tables.handleTable, foldName(handle), { account: organization, state: "current" });
    addToTally(state, "handles", organization, 1);
    writeRow(state, tables.accountTable, organization, {
      handle,
      status: "active",
      isAdministrator: "no",
      createdTime: time,
      createdHeight: height,
      updatedTime: time,
      displayName,
      bio: undefined,
      location: undefined,
      website: undefined,
    });
    writeRow(state, tables.organizationTable, organization, { basePermission: "read", repositoryCreation: "all" });
    writeMember(context, { organization, account: actor }, "owner");
    return applied({ organization });
  },
});

/** Changes an organization's profile and settings. An absent field stays, a present one is set or cleared. */
export const organizationUpdate = defineKind({
  tag: 61,
  payload: struct({
    organization: accountIdCodec,
    displayName: textChangeCodec,
    bio: textChangeCodec,
    location: textChangeCodec,
    website: textChangeCodec,
    basePermission: option(tables.basePermissionCodec),
    repositoryCreation: option(tables.repositoryCreationCodec),
  }),
  result: struct({}),
  authority: "any",
  contents: ({ displayName, bio, location, website }) =>
    boundedRefs([displayName?.value, bio?.value, location?.value, website?.value], profileFieldBytesMax),
  scope: (_context, { organization }) => organizationScope(organization),
  apply: (context, payload) => {
    const { organization: id } = payload;
    const refusal = refuseForOrganization(context, id, "administer");
    if (refusal !== undefined) return rejected(refusal);
    const { state, forge, time } = context;
    const account = readRow(state, tables.accountTable, id)!;
    const settings = forge.organizations.settings(id)!;
    writeRow(state, tables.organizationTable, id, {
      basePermission: payload.basePermission ?? settings.basePermission,
      repositoryCreation: payload.repositoryCreation ?? settings.repositoryCreation,
    });
    writeRow(state, tables.accountTable, id, {
      ...account,
      displayName: changedText(account.displayName, payload.displayName),
      bio: changedText(account.bio, payload.bio),
      location: changedText(account.location, payload.location),
      website: changedText(account.website, payload.website),
      updatedTime: time,
    });
    return applied({});
  },
});

/** Gives an organization another handle. The former one redirects and stays with it. */
export const organizationRename = defineKind({
  tag: 62,
  payload: struct({ organization: accountIdCodec, handle: tables.handleCodec }),
  result: struct({}),
  authority: "any",
  scope: (_context, { organization }) => organizationScope(organization),
  apply: (context, { organization, handle }) => {
    const refusal =
      refuseForOrganization(context, organization, "administer") ?? renameAccount(context, organization, handle);
    return refusal === undefined ? applied({}) : rejected(refusal);
  },
});

/** Deletes an organization without repositories. Its handles stay taken; members and teams go in the blocks that follow. */
export const organizationDelete = defineKind({
  tag: 63,
  payload: struct({ organization: accountIdCodec }),
  result: struct({}),
  authority: "any",
  scope: (_context, { organization }) => organizationScope(organization),
  apply: (context, { organization }) => {
    const refusal = refuseForOrganization(context, organization, "administer");
    if (refusal !== undefined) return rejected(refusal);
    const { state, time } = context;
    if (tallyOf(state, "repositories", organization) > 0) return rejected("account-owns-repositories");
    const account = readRow(state, tables.accountTable, organization)!;
    writeRow(state, tables.accountTable, organization, { ...account, status: "closed", updatedTime: time });
    removeRow(state, tables.organizationTable, organization);
    const subject = encode(accountIdCodec, organization);
    writeRow(state, tables.expiryTable, { time, kind: "organization", subject }, {});
    return applied({});
  },
});
