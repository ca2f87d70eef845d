/** What people show of themselves: the whole profile, and a picture. */
import { accountIdCodec, bool, option, struct, type AccountId } from "@guts/primitives";
import { scopesAllow } from "@guts/governance";
import { changedText, contentRefCodec, textChangeCodec } from "../content.ts";
import { applied, actorScope, boundedRefs, defineKind, rejected, scopesOf, type ActContext } from "../kind.ts";
import { avatarBytesMax, profileFieldBytesMax } from "../limits.ts";
import { organizationScope, refuseForOrganization } from "../organization-act.ts";
import { imageFormatCodec } from "../profile-tables.ts";
import type { RejectionCode } from "../rejection.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";

/** Changes the profile, with the fields that `account.update` does not know. An absent field stays, a present one is set or cleared. */
export const profileChange = defineKind({
  tag: 7,
  payload: struct({
    displayName: textChangeCodec,
    bio: textChangeCodec,
    location: textChangeCodec,
    website: textChangeCodec,
    company: textChangeCodec,
    twitterUsername: textChangeCodec,
    hireable: option(struct({ value: option(bool) })),
  }),
  result: struct({}),
  authority: "write-profile",
  contents: ({ displayName, bio, location, website, company, twitterUsername }) =>
    boundedRefs(
      [displayName, bio, location, website, company, twitterUsername].map((change) => change?.value),
      profileFieldBytesMax,
    ),
  scope: actorScope,
  apply: ({ state, forge, actor, time }, payload) => {
    const account = readRow(state, tables.accountTable, actor)!;
    writeRow(state, tables.accountTable, actor, {
      ...account,
      displayName: changedText(account.displayName, payload.displayName),
      bio: changedText(account.bio, payload.bio),
      location: changedText(account.location, payload.location),
      website: changedText(account.website, payload.website),
      updatedTime: time,
    });
    const profile = forge.profile(actor);
    writeRow(state, tables.profileTable, actor, {
      company: changedText(profile.company, payload.company),
      twitterUsername: changedText(profile.twitterUsername, payload.twitterUsername),
      hireable: payload.hireable === undefined ? profile.hireable : payload.hireable.value,
    });
    return applied({});
  },
});

/** Gives an account, or an organization that the actor owns, a picture, or takes it away. */
export const avatarSet = defineKind({
  tag: 8,
  payload: struct({
    account: accountIdCodec,
    /** The bytes are detached content, and must be a picture of this format. */
    avatar: option(struct({ format: imageFormatCodec, image: contentRefCodec })),
  }),
  result: struct({}),
  authority: "any",
  contents: ({ avatar }) =>
    avatar === undefined ? [] : [{ ref: avatar.image, bytesMax: avatarBytesMax, format: avatar.format }],
  scope: (_context, { account }) => organizationScope(account),
  apply: (context, { account, avatar }) => {
    const refusal = refuseAvatar(context, account);
    if (refusal !== undefined) return rejected(refusal);
    const { state, time } = context;
    if (avatar !== undefined) writeRow(state, tables.avatarTable, account, { ...avatar, setTime: time });
    else if (readRow(state, tables.avatarTable, account) === undefined) return rejected("already-so");
    else removeRow(state, tables.avatarTable, account);
    return applied({});
  },
});

function refuseAvatar(context: ActContext, account: AccountId): RejectionCode | undefined {
  if (account !== context.actor) return refuseForOrganization(context, account, "administer");
  const scopes = scopesOf(context.authority);
  return scopes === undefined || scopesAllow(scopes, "write-profile") ? undefined : "scope-missing";
}
