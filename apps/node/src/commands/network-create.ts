import { existsSync } from "node:fs";

import { genesisCodec, genesisHash, ledgerLimits, type Genesis } from "@guts/ledger";
import { encode, toHex, type TimeMs } from "@guts/primitives";
import type { Registration } from "@guts/governance";
import { validatorCountMax, type Validator } from "@guts/verifier";

import { writeFileDurably } from "../data/data-directory.ts";
import { parseSoundKey } from "../keys/node-public-file.ts";
import { NodeError } from "../node-error.ts";
import { readValidator } from "./validator-options.ts";

/** What the founders of a network decide, as they typed it. */
export interface NetworkCreateOptions {
  readonly name: string;
  readonly registration: Registration;
  /** Public root keys, hexadecimal; their accounts administer the network. */
  readonly administrators: readonly string[];
  /** Each the path of a public file, or `NAME=NODEID:CONSENSUSKEY`, as `guts node init` gives them. */
  readonly validators: readonly string[];
  readonly out: string;
}

/** A network that its validators can now start. */
export interface CreatedNetwork {
  /** The hash of its genesis document, in hexadecimal. */
  readonly networkId: string;
  readonly validatorCount: number;
}

/** `guts network create`: writes the genesis document. */
export function createNetwork(options: NetworkCreateOptions, time: TimeMs): CreatedNetwork {
  const genesis = genesisOf(options, time);
  if (existsSync(options.out))
    throw new NodeError(
      "usage",
      `${options.out} exists. A network's genesis is never overwritten; name another file with --out.`,
    );
  writeFileDurably(options.out, encode(genesisCodec, genesis));
  return { networkId: toHex(genesisHash(genesis)), validatorCount: genesis.validators.length };
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
    const validator = readValidator(text);
    if (!("problem" in validator)) return validator;
    problems.push(`--validator ${text}: ${validator.problem}`);
    return [];
  });
  problems.push(...problemsOfSet(validators));
  if (options.validators.length === 0)
    problems.push("--validator FILE is needed, once for each validator: the node.pub that guts node init writes");
  if (options.validators.length > validatorCountMax)
    problems.push(`a network has at most ${validatorCountMax} validators, not ${options.validators.length}`);
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

/** What two validators must not share: a name would confuse people, a key would give one node two votes. */
function problemsOfSet(validators: readonly Validator[]): readonly string[] {
  const keys = { name: "name", nodeId: "node key", consensusKey: "consensus key" } as const;
  const textOf = (validator: Validator, field: keyof typeof keys): string =>
    field === "consensusKey" ? toHex(validator.consensusKey) : validator[field].toLowerCase();
  return (Object.keys(keys) as (keyof typeof keys)[]).flatMap((field) => {
    const seen = new Set<string>();
    return validators.flatMap((validator) => {
      const text = textOf(validator, field);
      if (seen.has(text)) return [`two validators have the ${keys[field]} ${text}; each needs its own`];
      seen.add(text);
      return [];
    });
  });
}
