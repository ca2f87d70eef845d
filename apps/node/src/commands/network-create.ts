import { existsSync } from "node:fs";

import { genesisCodec, genesisHash, ledgerLimits, type Genesis } from "@guts/ledger";
import {
  encode,
  fromHex,
  isSoundPublicKey,
  parseNodeId,
  parsePublicKey,
  toHex,
  type PublicKey,
  type TimeMs,
} from "@guts/primitives";
import type { Registration } from "@guts/governance";
import type { Validator } from "@guts/verifier";

import { writeFileDurably } from "../data/data-directory.ts";
import { NodeError } from "../node-error.ts";

/** What the founders of a network decide, as they typed it. */
export interface NetworkCreateOptions {
  readonly name: string;
  readonly registration: Registration;
  /** Public root keys, hexadecimal; their accounts administer the network. */
  readonly administrators: readonly string[];
  /** `NAME=NODEID:CONSENSUSKEY`, as `guts node init` prints it. */
  readonly validators: readonly string[];
  readonly out: string;
}

/** `guts network create`: writes the genesis document and says its hash, which is the network's id. */
export function createNetwork(options: NetworkCreateOptions, time: TimeMs): string {
  const genesis = genesisOf(options, time);
  if (existsSync(options.out))
    throw new NodeError(
      "usage",
      `${options.out} exists. A network's genesis is never overwritten; name another file with --out.`,
    );
  writeFileDurably(options.out, encode(genesisCodec, genesis));
  return toHex(genesisHash(genesis));
}

/** Checks every option, reporting all problems at once, and makes the genesis document. */
export function genesisOf(options: NetworkCreateOptions, time: TimeMs): Genesis {
  const problems: string[] = [];
  const administrators = options.administrators.flatMap((text) => {
    const key = parseSoundKey(text);
    if (key === undefined)
      problems.push(`--administrator ${text}: not an Ed25519 public key of 64 hexadecimal characters`);
    return key ?? [];
  });
  const validators = options.validators.flatMap((text) => {
    const validator = parseValidator(text);
    if (validator === undefined)
      problems.push(`--validator ${text}: not NAME=NODEID:CONSENSUSKEY, as guts node init prints it`);
    return validator ?? [];
  });
  if (options.validators.length === 0)
    problems.push("--validator NAME=NODEID:CONSENSUSKEY is needed, once for each validator");
  if (options.validators.length > 1)
    problems.push("a network of several validators needs consensus among them, which this release does not have yet");
  const nameLength = Buffer.byteLength(options.name);
  if (nameLength === 0 || nameLength > ledgerLimits.networkNameBytesMax)
    problems.push(`--name must have 1 to ${ledgerLimits.networkNameBytesMax} bytes`);
  if (problems.length > 0) throw new NodeError("usage", ["The network cannot be created:", ...problems].join("\n  "));
  return {
    rulesVersion: ledgerLimits.rulesVersion,
    name: options.name,
    time,
    registration: options.registration,
    administrators,
    validators,
  };
}

function parseSoundKey(text: string): PublicKey | undefined {
  const key = parsePublicKey(fromHex(text.toLowerCase()) ?? new Uint8Array());
  return key !== undefined && isSoundPublicKey(key) ? key : undefined;
}

function parseValidator(text: string): Validator | undefined {
  const [, name, id = "", key = ""] = /^([A-Za-z0-9._-]{1,64})=([^:]+):([^:]+)$/.exec(text) ?? [];
  const nodeId = parseNodeId(id.toLowerCase());
  const consensusKey = parseSoundKey(key);
  if (name === undefined || nodeId === undefined || consensusKey === undefined) return undefined;
  return parseSoundKey(nodeId) === undefined ? undefined : { name, nodeId, consensusKey };
}
