import { Type, type Static } from "typebox";

import { SignedTransaction } from "../guts/network.ts";
import { Nullable, Strings, Timestamp } from "../schema.ts";

/** GitHub's `simple-user`: an account as it appears inside other resources. */
export const SimpleUser = Type.Object(
  {
    login: Type.String(),
    id: Type.Integer(),
    node_id: Type.String(),
    gravatar_id: Nullable(Type.String()),
    ...Strings(
      "avatar_url",
      "url",
      "html_url",
      "followers_url",
      "following_url",
      "gists_url",
      "starred_url",
      "subscriptions_url",
      "organizations_url",
      "repos_url",
      "events_url",
      "received_events_url",
      "type",
    ).properties,
    site_admin: Type.Boolean(),
  },
  { title: "SimpleUser" },
);
export type SimpleUser = Static<typeof SimpleUser>;

/** GitHub's `public-user`: what anyone may see of an account. */
export const PublicUser = Type.Object(
  {
    ...SimpleUser.properties,
    name: Nullable(Type.String()),
    company: Nullable(Type.String()),
    blog: Nullable(Type.String()),
    location: Nullable(Type.String()),
    email: Nullable(Type.String()),
    hireable: Nullable(Type.Boolean()),
    bio: Nullable(Type.String()),
    twitter_username: Nullable(Type.String()),
    public_repos: Type.Integer(),
    public_gists: Type.Integer(),
    followers: Type.Integer(),
    following: Type.Integer(),
    created_at: Timestamp(),
    updated_at: Timestamp(),
  },
  { title: "PublicUser" },
);
export type PublicUser = Static<typeof PublicUser>;

/** GitHub's `private-user`: what an account sees of itself. */
export const PrivateUser = Type.Object(
  {
    ...PublicUser.properties,
    private_gists: Type.Integer(),
    total_private_repos: Type.Integer(),
    owned_private_repos: Type.Integer(),
    disk_usage: Type.Integer(),
    collaborators: Type.Integer(),
    two_factor_authentication: Type.Boolean(),
  },
  { title: "PrivateUser" },
);
export type PrivateUser = Static<typeof PrivateUser>;

/** What an account may change about itself; absent fields stay, an empty string clears. */
export const UserUpdate = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 255 })),
  bio: Type.Optional(Type.String({ maxLength: 1024 })),
  blog: Type.Optional(Type.String({ maxLength: 255 })),
  location: Type.Optional(Type.String({ maxLength: 255 })),
  company: Type.Optional(Type.String({ maxLength: 255 })),
  /** Without the `@`; null clears it. */
  twitter_username: Type.Optional(Nullable(Type.String({ pattern: "^@?[A-Za-z0-9_]{0,15}$" }))),
  /** Whether one looks for work; null says nothing of it. */
  hireable: Type.Optional(Nullable(Type.Boolean())),
});
export type UserUpdate = Static<typeof UserUpdate>;

/**
 * An account for somebody else. GitHub Enterprise Server's `login`, and the sign-up that the person's own root key signed: an
 * `account.create` with an invitation, base64, since nobody else may hold the key of an account.
 */
export const UserCreation = Type.Object({
  login: Type.String({ minLength: 1, maxLength: 39 }),
  ...SignedTransaction.properties,
});
export type UserCreation = Static<typeof UserCreation>;

/** Why an account is suspended or let go; kept on the ledger, so it must not name what is private. */
export const Suspension = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) });
export type Suspension = Static<typeof Suspension>;
