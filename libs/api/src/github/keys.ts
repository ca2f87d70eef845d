import { Type, type Static } from "typebox";

import { Nullable, Timestamp } from "../schema.ts";

/** GitHub's `key-simple`: a public SSH key as everybody sees it. */
export const SimpleSshKey = Type.Object(
  { id: Type.Integer(), key: Type.String(), created_at: Timestamp(), last_used: Nullable(Timestamp()) },
  { title: "SimpleSshKey" },
);
export type SimpleSshKey = Static<typeof SimpleSshKey>;

/** GitHub's `key`: an SSH key as its owner sees it. `last_used` is kept by this node only. */
export const SshKey = Type.Object(
  {
    ...SimpleSshKey.properties,
    url: Type.String(),
    title: Type.String(),
    verified: Type.Boolean(),
    read_only: Type.Boolean(),
  },
  { title: "SshKey" },
);
export type SshKey = Static<typeof SshKey>;

/** GitHub's `deploy-key`. */
export const DeployKey = Type.Object(
  { ...SshKey.properties, added_by: Nullable(Type.String()), enabled: Type.Boolean() },
  { title: "DeployKey" },
);
export type DeployKey = Static<typeof DeployKey>;

/** OpenSSH's line of a public key: type, base64 and perhaps a comment. */
const KeyText = Type.String({ minLength: 1, maxLength: 4096 });
const Title = Type.Optional(Type.String({ maxLength: 100 }));

/** The body of `POST /user/keys`. */
export const SshKeyCreation = Type.Object({ key: KeyText, title: Title });
export type SshKeyCreation = Static<typeof SshKeyCreation>;

/** The body of `POST /repos/{owner}/{repo}/keys`. */
export const DeployKeyCreation = Type.Object({ key: KeyText, title: Title, read_only: Type.Optional(Type.Boolean()) });
export type DeployKeyCreation = Static<typeof DeployKeyCreation>;
