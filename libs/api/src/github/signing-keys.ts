import { Type, type Static } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { Nullable, Timestamp } from "../schema.ts";

/** GitHub's `ssh-signing-key`: an OpenSSH key that signs commits and tags. */
export const SshSigningKey = Type.Object(
  { id: Type.Integer(), key: Type.String(), title: Type.String(), created_at: Timestamp() },
  { title: "SshSigningKey" },
);
export type SshSigningKey = Static<typeof SshSigningKey>;

/** The body of `POST /user/ssh_signing_keys`. */
export const SshSigningKeyCreation = Type.Object({
  key: Type.String({ minLength: 1, maxLength: 4096 }),
  title: Type.Optional(Type.String({ maxLength: 100 })),
});
export type SshSigningKeyCreation = Static<typeof SshSigningKeyCreation>;

/** An address that a key names. Whether it is its account's is not known on the ledger, so it is never `verified`. */
const GpgEmail = Type.Object({ email: Type.String(), verified: Type.Boolean() });

const partFields = {
  id: Type.Integer(),
  key_id: Type.String(),
  public_key: Type.String(),
  can_sign: Type.Boolean(),
  can_encrypt_comms: Type.Boolean(),
  can_encrypt_storage: Type.Boolean(),
  can_certify: Type.Boolean(),
  created_at: Timestamp(),
  expires_at: Nullable(Timestamp()),
  revoked: Type.Boolean(),
} as const;

const GpgSubkey = Type.Object({
  ...partFields,
  primary_key_id: Type.Integer(),
  raw_key: Nullable(Type.String()),
  emails: Type.Array(GpgEmail),
  subkeys: Type.Array(Type.Unknown()),
});

/** GitHub's `gpg-key`: an OpenPGP key that signs commits and tags. `raw_key` is armored. */
export const GpgKey = Type.Object(
  {
    ...partFields,
    primary_key_id: Nullable(Type.Integer()),
    name: Nullable(Type.String()),
    raw_key: Nullable(Type.String()),
    emails: Type.Array(GpgEmail),
    subkeys: Type.Array(GpgSubkey),
  },
  { title: "GpgKey" },
);
export type GpgKey = Static<typeof GpgKey>;

/** The body of `POST /user/gpg_keys`. */
export const GpgKeyCreation = Type.Object({
  armored_public_key: Type.String({ minLength: 1, maxLength: 64 * 1024 }),
  name: Type.Optional(Type.String({ maxLength: 100 })),
});
export type GpgKeyCreation = Static<typeof GpgKeyCreation>;

/** Keys that sign commits and tags. */
export const signingKeyRoutes = defineRoutes({
  "GET /api/v3/user/ssh_signing_keys": {
    operationId: "users/list-ssh-signing-keys-for-authenticated-user",
    summary: "Your SSH keys that sign",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(SshSigningKey) },
  },
  "POST /api/v3/user/ssh_signing_keys": {
    operationId: "users/create-ssh-signing-key-for-authenticated-user",
    summary: "Add an SSH key that signs",
    access: "signed-in",
    body: SshSigningKeyCreation,
    responses: { 201: SshSigningKey },
  },
  "GET /api/v3/user/ssh_signing_keys/{ssh_signing_key_id}": {
    operationId: "users/get-ssh-signing-key-for-authenticated-user",
    summary: "One of your SSH keys that sign",
    access: "signed-in",
    responses: { 200: SshSigningKey },
  },
  "DELETE /api/v3/user/ssh_signing_keys/{ssh_signing_key_id}": {
    operationId: "users/delete-ssh-signing-key-for-authenticated-user",
    summary: "Remove an SSH key that signs",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/users/{username}/ssh_signing_keys": {
    operationId: "users/list-ssh-signing-keys-for-user",
    summary: "An account's SSH keys that sign",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(SshSigningKey) },
  },
  "GET /api/v3/user/gpg_keys": {
    operationId: "users/list-gpg-keys-for-authenticated-user",
    summary: "Your GPG keys",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(GpgKey) },
  },
  "POST /api/v3/user/gpg_keys": {
    operationId: "users/create-gpg-key-for-authenticated-user",
    summary: "Add a GPG key",
    access: "signed-in",
    body: GpgKeyCreation,
    responses: { 201: GpgKey },
  },
  "GET /api/v3/user/gpg_keys/{gpg_key_id}": {
    operationId: "users/get-gpg-key-for-authenticated-user",
    summary: "One of your GPG keys",
    access: "signed-in",
    responses: { 200: GpgKey },
  },
  "DELETE /api/v3/user/gpg_keys/{gpg_key_id}": {
    operationId: "users/delete-gpg-key-for-authenticated-user",
    summary: "Remove a GPG key",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/users/{username}/gpg_keys": {
    operationId: "users/list-gpg-keys-for-user",
    summary: "An account's GPG keys",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(GpgKey) },
  },
});
