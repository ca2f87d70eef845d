import type { GpgKey, SshSigningKey } from "@guts/api";
import type { SigningKey } from "@guts/ledger";

import { notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import { writeArmor } from "../../openpgp/armor.ts";
import type { OpenPgpKeyPart, OpenPgpPublicKey } from "../../openpgp/public-key.ts";
import type { Services } from "../../services.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import {
  addGpgKey,
  addSshSigningKey,
  findSigningKey,
  listSigningKeys,
  removeSigningKey,
} from "../../use-cases/signing-keys.ts";
import { isoTime } from "../iso-time.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { publicKeyLine } from "../public-key-line.ts";

type SshName =
  | `${"GET" | "POST"} /api/v3/user/ssh_signing_keys`
  | `${"GET" | "DELETE"} /api/v3/user/ssh_signing_keys/{ssh_signing_key_id}`
  | "GET /api/v3/users/{username}/ssh_signing_keys";
type GpgName =
  | `${"GET" | "POST"} /api/v3/user/gpg_keys`
  | `${"GET" | "DELETE"} /api/v3/user/gpg_keys/{gpg_key_id}`
  | "GET /api/v3/users/{username}/gpg_keys";

/** Keys that sign commits and tags, in GitHub's shapes. */
export function signingKeyHandlers(services: Services): Pick<RouteHandlers, SshName | GpgName> {
  return { ...sshHandlers(services), ...gpgHandlers(services) };
}

function sshHandlers(services: Services): Pick<RouteHandlers, SshName> {
  const found = (number: string) => ({ type: "ssh", number }) as const;
  return {
    "GET /api/v3/user/ssh_signing_keys": (call) =>
      paged(call, listSigningKeys(services, call.actor, "ssh").map(presentSsh)),
    "POST /api/v3/user/ssh_signing_keys": async (call) => {
      const { key, height } = await addSshSigningKey(services, call, call.body);
      return { status: 201, body: presentSsh(key), height };
    },
    "GET /api/v3/user/ssh_signing_keys/{ssh_signing_key_id}": ({ actor, path }) => ({
      status: 200,
      body: presentSsh(findSigningKey(services, actor, found(path.ssh_signing_key_id))),
    }),
    "DELETE /api/v3/user/ssh_signing_keys/{ssh_signing_key_id}": async (call) => ({
      status: 204,
      body: undefined,
      height: await removeSigningKey(services, call, found(call.path.ssh_signing_key_id)),
    }),
    "GET /api/v3/users/{username}/ssh_signing_keys": (call) =>
      paged(call, keysOf(services, call.path.username, "ssh").map(presentSsh)),
  };
}

function gpgHandlers(services: Services): Pick<RouteHandlers, GpgName> {
  const found = (number: string) => ({ type: "gpg", number }) as const;
  const present = gpgPresenter(services);
  const one = (key: SigningKey): GpgKey => {
    const [shown] = present(key);
    // Only a node that lies puts something on the ledger that is no key.
    if (shown === undefined) throw notFound();
    return shown;
  };
  return {
    "GET /api/v3/user/gpg_keys": (call) => paged(call, listSigningKeys(services, call.actor, "gpg").flatMap(present)),
    "POST /api/v3/user/gpg_keys": async (call) => {
      const { key, height } = await addGpgKey(services, call, call.body);
      return { status: 201, body: one(key), height };
    },
    "GET /api/v3/user/gpg_keys/{gpg_key_id}": ({ actor, path }) => ({
      status: 200,
      body: one(findSigningKey(services, actor, found(path.gpg_key_id))),
    }),
    "DELETE /api/v3/user/gpg_keys/{gpg_key_id}": async (call) => ({
      status: 204,
      body: undefined,
      height: await removeSigningKey(services, call, found(call.path.gpg_key_id)),
    }),
    "GET /api/v3/users/{username}/gpg_keys": (call) =>
      paged(call, keysOf(services, call.path.username, "gpg").flatMap(present)),
  };
}

function keysOf({ ledger }: Services, username: string, type: SigningKey["type"]): readonly SigningKey[] {
  const found = findAccount(ledger.state(), username);
  if (found === undefined) throw notFound();
  return [...ledger.state().signingKeys(found.account.id, type)];
}

interface ListCall {
  readonly query: { readonly per_page?: number; readonly page?: number };
  readonly baseUrl: string;
  readonly url: string;
}

/** One page of a list that is short enough to be read whole. */
function paged<Shape>(call: ListCall, shapes: readonly Shape[]) {
  const page = pageOf(call.query);
  const { items, hasMore } = slicePage(shapes, page);
  return { status: 200 as const, body: [...items], headers: pageLinks(page, hasMore, call) };
}

function presentSsh({ number, key, title, addedTime }: SigningKey): SshSigningKey {
  return { id: number, key: publicKeyLine(key), title, created_at: isoTime(addedTime) };
}

/** Shows OpenPGP keys; what is no key is left out. */
function gpgPresenter({ signatures }: Services): (key: SigningKey) => readonly GpgKey[] {
  return (key) => {
    const read = signatures.openPgpKey(key);
    return typeof read === "string" ? [] : [presentGpg(key, read)];
  };
}

function presentGpg(key: SigningKey, read: OpenPgpPublicKey): GpgKey {
  const added = isoTime(key.addedTime);
  const subkeys = read.subkeys.map((part, index) => ({
    ...presentPart(part, { id: key.number * 1000 + index + 1, added, tag: 14 }),
    primary_key_id: key.number,
    raw_key: null,
    emails: [],
    subkeys: [],
  }));
  return {
    ...presentPart(read, { id: key.number, added, tag: 6 }),
    primary_key_id: null,
    name: key.title,
    raw_key: writeArmor(key.key),
    emails: read.emails.map((email) => ({ email, verified: false })),
    subkeys,
  };
}

function presentPart(part: OpenPgpKeyPart, { id, added, tag }: { id: number; added: string; tag: number }) {
  return {
    id,
    key_id: part.keyId,
    public_key: packetText(tag, part.body),
    can_sign: part.canSign,
    can_encrypt_comms: part.canEncryptComms,
    can_encrypt_storage: part.canEncryptStorage,
    can_certify: part.canCertify,
    created_at: added,
    expires_at: part.expiresMs === undefined ? null : isoTime(part.expiresMs),
    revoked: part.isRevoked,
  };
}

/** A key's packet in base64, with a head of the new format and a length of five bytes. */
function packetText(tag: number, body: Uint8Array): string {
  const head = Buffer.alloc(6);
  head.writeUInt8(0xc0 | tag, 0);
  head.writeUInt8(0xff, 1);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]).toString("base64");
}
