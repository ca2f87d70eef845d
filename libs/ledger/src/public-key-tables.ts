/** State entries of keys that other programs hold: of OpenSSH for git, and those that sign commits and tags. */
import {
  accountIdCodec,
  bytes,
  digestCodec,
  heightCodec,
  nodeIdCodec,
  oneOf,
  option,
  repositoryIdCodec,
  sshKeyBlobBytesMax,
  struct,
  text,
  timeCodec,
  u64,
  type Decoded,
} from "@guts/primitives";
import { gpgKeyBytesMax, labelBytesMax } from "./limits.ts";
import { defineTable as table } from "./table.ts";

/** SSH keys and deploy keys by the id of their credential: the key, whose it is beside its account's, who vouched for it. */
export const sshKeyTable = table("ssh-key", 0x60, {
  key: digestCodec,
  value: struct({
    blob: bytes(sshKeyBlobBytesMax),
    /** The one repository of a deploy key. */
    repository: option(repositoryIdCodec),
    /** The node that says that the account wished it; none when a key of the account signed for it. */
    vouchedBy: option(nodeIdCodec),
  }),
});
/** An SSH key's row. */
export type SshKeyRow = Decoded<(typeof sshKeyTable)["value"]>;

/** Whom a key serves, for ever: an account or a repository. The row stays when the key is removed. */
export const sshKeyHolderTable = table("ssh-key-holder", 0x61, {
  key: digestCodec,
  value: struct({ type: oneOf({ account: 1, repository: 2 }), id: u64 }),
});
/** An SSH key's holder. */
export type SshKeyHolder = Decoded<(typeof sshKeyHolderTable)["value"]>;

/** SSH keys by their holder, oldest first: the index of the table above, without keys that were removed. */
export const heldSshKeyTable = table("held-ssh-key", 0x62, {
  key: struct({ type: oneOf({ account: 1, repository: 2 }), id: u64, number: u64 }),
  value: digestCodec,
});

/** Keys that sign commits and tags, by account, oldest first. */
export const signingKeyTable = table("signing-key", 0x64, {
  key: struct({ account: accountIdCodec, number: u64 }),
  value: struct({
    type: oneOf({ ssh: 1, gpg: 2 }),
    id: digestCodec,
    title: text(labelBytesMax),
    /** An OpenSSH key's blob; an OpenPGP key's packets. */
    key: bytes(gpgKeyBytesMax),
    addedTime: timeCodec,
    addedHeight: heightCodec,
  }),
});
/** Such a key's row. */
export type SigningKeyRow = Decoded<(typeof signingKeyTable)["value"]>;

/** The number of each of those keys: an account has a key once. */
export const signingKeyNumberTable = table("signing-key-number", 0x65, {
  key: struct({ account: accountIdCodec, id: digestCodec }),
  value: u64,
});
