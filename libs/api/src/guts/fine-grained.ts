import { Type, type Static } from "typebox";

import { Nullable, OneOf } from "../schema.ts";

/** Repositories that one fine-grained token may name; without a list it reaches all of its owner's. */
export const tokenRepositoriesMax = 50;

const Level = OneOf("none", "read", "write");

/** How much of each part of a repository, by GitHub's names. `write` holds `read`. */
export const TokenPermissions = Type.Object(
  { contents: Level, administration: Level, metadata: Level, issues: Level, pull_requests: Level },
  { title: "TokenPermissions" },
);
export type TokenPermissions = Static<typeof TokenPermissions>;

/** Where a fine-grained token reaches, and how far there. */
export const TokenRestriction = Type.Object(
  {
    /** Only repositories of this account or organization; null: whoever owns them. */
    owner: Nullable(Type.String()),
    /** Only these; null: all. One that the request may not see has no name. */
    repositories: Nullable(Type.Array(Type.Object({ id: Type.Integer(), fullName: Nullable(Type.String()) }))),
    permissions: TokenPermissions,
  },
  { title: "TokenRestriction" },
);
export type TokenRestriction = Static<typeof TokenRestriction>;

/** The body of `POST /tokens/fine-grained`. What is not among `permissions` is `none`; metadata is always readable. */
export const FineGrainedCreation = Type.Object({
  label: Type.String({ minLength: 1, maxLength: 100 }),
  /** Days, or a fraction of one. Without it the token lives until it is revoked. */
  expiresInDays: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 366 })),
  /** The account or organization whose repositories it reaches; one's own without it. */
  owner: Type.Optional(Type.String({ minLength: 1, maxLength: 39 })),
  /** Names of the owner's repositories, without the owner; all of them without a list. */
  repositories: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      minItems: 1,
      maxItems: tokenRepositoriesMax,
      uniqueItems: true,
    }),
  ),
  permissions: Type.Object(
    {
      contents: Type.Optional(Level),
      administration: Type.Optional(Level),
      metadata: Type.Optional(OneOf("read")),
      issues: Type.Optional(Level),
      pull_requests: Type.Optional(Level),
    },
    { additionalProperties: false },
  ),
});
export type FineGrainedCreation = Static<typeof FineGrainedCreation>;
