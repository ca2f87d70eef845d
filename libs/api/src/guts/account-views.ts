import { Type, type Static } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { Nullable, OneOf } from "../schema.ts";
import { Account } from "./identity.ts";
import { FilteredPage, PersonCard } from "./organization-views.ts";
import { RepositoryCard } from "./views.ts";

/** An account's page. `isViewer` says whether it is one's own. */
export const AccountView = Type.Object(
  {
    account: Account,
    isOrganization: Type.Boolean(),
    /** Organizations of a person: those where the membership is public, or the viewer's too. */
    organizations: Type.Array(Type.Object({ handle: Type.String(), name: Nullable(Type.String()) })),
    bio: Nullable(Type.String()),
    blog: Nullable(Type.String()),
    location: Nullable(Type.String()),
    company: Nullable(Type.String()),
    twitterUsername: Nullable(Type.String()),
    /** The address that they show at this node. */
    email: Nullable(Type.String()),
    /** Whether they look for work; null when they do not say. */
    isHireable: Nullable(Type.Boolean()),
    followerCount: Type.Integer(),
    followingCount: Type.Integer(),
    isViewer: Type.Boolean(),
    /** Whether the viewer follows the account; null for who is not signed in and on one's own page. */
    isFollowed: Nullable(Type.Boolean()),
    /** How many repositories it has starred, also those that the viewer may not see. */
    starredCount: Type.Integer(),
    /** Its own, or those that it has starred. */
    repositories: Type.Array(RepositoryCard),
    page: Type.Integer(),
    hasMore: Type.Boolean(),
  },
  { title: "AccountView" },
);
export type AccountView = Static<typeof AccountView>;

/** The two lists of who follows whom. */
export const FollowList = OneOf("followers", "following");
export type FollowList = Static<typeof FollowList>;

/** Somebody who follows or is followed. `isFollowed` is about the viewer, null as on the account's page. */
export const FollowCard = Type.Object(
  {
    ...PersonCard.properties,
    bio: Nullable(Type.String()),
    location: Nullable(Type.String()),
    company: Nullable(Type.String()),
    isFollowed: Nullable(Type.Boolean()),
  },
  { title: "FollowCard" },
);
export type FollowCard = Static<typeof FollowCard>;

/** A page of who follows an account, or of whom it follows, oldest first. */
export const FollowsView = Type.Object(
  { people: Type.Array(FollowCard), page: Type.Integer(), hasMore: Type.Boolean() },
  { title: "FollowsView" },
);
export type FollowsView = Static<typeof FollowsView>;

/** The body of `PUT /accounts/{handle}/avatar`: a PNG, JPEG or WebP picture of at most 128 KiB and 512 pixels a side, in base64. */
export const AvatarUpload = Type.Object({ image: Type.String({ minLength: 4, maxLength: 174_764 }) });
export type AvatarUpload = Static<typeof AvatarUpload>;

/** Pictures and views of accounts. */
export const accountViewRoutes = defineRoutes({
  "PUT /api/guts/accounts/{handle}/avatar": {
    operationId: "accounts/set-avatar",
    summary: "Give yourself, or an organization that you own, a picture",
    access: "signed-in",
    body: AvatarUpload,
    responses: { 200: Account },
  },
  "DELETE /api/guts/accounts/{handle}/avatar": {
    operationId: "accounts/remove-avatar",
    summary: "Take the picture away",
    access: "signed-in",
    responses: { 200: Account },
  },
  "GET /api/guts/view/accounts/{handle}": {
    operationId: "views/account",
    summary: "An account's page",
    access: "anyone",
    query: Type.Object({ ...FilteredPage.properties, tab: Type.Optional(OneOf("repositories", "stars")) }),
    responses: { 200: AccountView },
  },
  "GET /api/guts/view/accounts/{handle}/follows": {
    operationId: "views/follows",
    summary: "Who follows an account, or whom it follows",
    access: "anyone",
    query: Type.Object({ list: FollowList, page: PageQuery.properties.page }),
    responses: { 200: FollowsView },
  },
});
