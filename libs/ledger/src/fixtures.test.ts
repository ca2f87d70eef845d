import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  decode,
  domainNames,
  encode,
  encodeRecoveryCode,
  fromHex,
  parseRecoveryCode,
  publicKeyOf,
  rootSeedOf,
  toHex,
  utf8,
  type Digest,
} from "@guts/primitives";
import { certificateCodec, refuseCertificate, stateProofCodec, verifyStateProof } from "@guts/verifier";
import { MemoryState } from "@guts/testing";
import {
  decodeCase,
  fixtureFolder,
  formatOf,
  formats,
  fromJson,
  hasFixture,
  readFixture,
  stateTables,
  toJson,
  type FixtureCase,
  type FixtureChain,
} from "../test/fixtures.ts";
import { blockCodec, decodeEnvelope } from "./block.ts";
import { executeBlock, type ParentBlock } from "./execute-block.ts";
import { ForgeState } from "./forge-state.ts";
import { genesisHash, parseGenesis } from "./genesis.ts";
import { findKind, KINDS } from "./kinds/index.ts";
import { credentialIdOf } from "./transaction.ts";

interface CaseFile {
  readonly format: string;
  readonly cases: readonly FixtureCase[];
}

const casesOf = (file: string) => (readFixture(file) as CaseFile).cases;
const files = readdirSync(fixtureFolder).map((file) => basename(file, ".json"));
const chainFiles = files.filter((file) => /^chain(-|$)/.test(file));
const caseFiles = files.filter((file) => !chainFiles.includes(file) && file !== "secrets");
const cases = caseFiles.flatMap((file) => casesOf(file).map((each) => ({ file, name: each.name, fixture: each })));

describe("fixtures", () => {
  test("are there for every format, kind, table and domain", () => {
    for (const name of Object.keys(formats)) expect([name, hasFixture(name)]).toEqual([name, true]);
    const namesIn = (file: string) => casesOf(file).map(({ name }) => name);
    expect(namesIn("payloads").toSorted()).toEqual(Object.keys(KINDS).toSorted());
    expect(namesIn("results").toSorted()).toEqual(Object.keys(KINDS).toSorted());
    const tables = stateTables.map(({ name }) => name).toSorted();
    expect([namesIn("state-keys").toSorted(), namesIn("state-values").toSorted()]).toEqual([tables, tables]);
    expect(namesIn("digest")).toEqual(Object.keys(domainNames));
  });

  test.each(cases)(
    "$file: $name is the value, the value is the bytes, the digest is its own",
    ({ file, name, fixture }) => {
      const format = formatOf(file, name)!;
      const value = decodeCase(format, fixture);
      expect(toJson(value)).toEqual(fixture.value);
      expect(toHex(encode(format.codec, fromJson(fixture.value)))).toBe(fixture.hex);
      expect(format.digest === undefined ? undefined : toHex(format.digest(value))).toBe(fixture.digest);
    },
  );

  test("of secrets: a recovery code gives its root key, a token its credential", () => {
    const { recoveryCode, token } = readFixture("secrets") as Record<"recoveryCode" | "token", Record<string, string>>;
    const code = encodeRecoveryCode(fromHex(recoveryCode["entropy"]!)!);
    expect([code, parseRecoveryCode(code)]).toEqual([recoveryCode["code"], code]);
    expect(toHex(rootSeedOf(code))).toBe(recoveryCode["rootSeed"]);
    expect(toHex(publicKeyOf(rootSeedOf(code)))).toBe(recoveryCode["rootKey"]);
    const text = token["text"]!;
    expect(text).toMatch(/^guts_[0-9A-Za-z]{40}$/);
    expect(toHex(credentialIdOf(utf8(text)))).toBe(token["credential"]);
    const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const checksum = Array.from(text.slice(-6)).reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
    expect(checksum).toBe(crc32(text.slice(0, -6)));
  });
});

describe("the fixture chains", () => {
  const chains = new Map(chainFiles.map((file) => [file, readFixture(file) as FixtureChain]));

  test.each(chainFiles)("%s is replayed to the same hashes, roots and verdicts, every block certified", (file) => {
    const chain = chains.get(file)!;
    const { genesis } = parseGenesis(fromHex(chain.genesis)!);
    expect(toHex(genesisHash(genesis!))).toBe(chain.networkId);
    const networkId = genesisHash(genesis!);
    const state = MemoryState.ofGenesis(genesis!);
    let parent: ParentBlock = { hash: networkId, height: 0 as never, time: genesis!.time };
    for (const expected of chain.blocks) {
      const block = decode(blockCodec, fromHex(expected.block)!);
      const { epoch, view, proposer, time } = block.header;
      const place = { networkId, epoch, view, proposer, time, parent };
      const verdict = executeBlock(state, block, { place, contents: "finalized", isVerified: () => false });
      if (verdict.outcome === "invalid")
        throw new RangeError(`height ${block.header.height} is invalid: ${verdict.code}`);
      const executed = verdict.block;
      expect([toHex(executed.hash), toHex(executed.header.stateRoot)]).toEqual([expected.hash, expected.stateRoot]);
      expect(verdictsOf(executed.results, block.transactions)).toEqual(expected.verdicts);
      const certificate = decode(certificateCodec, fromHex(expected.certificate)!);
      const { validators } = new ForgeState(state).network();
      expect([toHex(certificate.header), refuseCertificate(certificate, networkId, validators)]).toEqual([
        expected.hash,
        undefined,
      ]);
      state.apply(executed);
      parent = { hash: executed.hash, height: executed.header.height, time };
    }
  });

  test("prove what the state proofs say of the first one's end", () => {
    for (const { hex } of casesOf("state-proof")) {
      const root = fromHex(chains.get("chain")!.blocks.at(-1)!.stateRoot)! as Digest;
      expect(verifyStateProof(root, decode(stateProofCodec, fromHex(hex)!))).toBe(true);
    }
  });

  test("apply every kind and reject most", () => {
    const verdicts = [...chains.values()].flatMap(({ blocks }) => blocks.flatMap((block) => block.verdicts));
    const kinds = Object.keys(KINDS);
    expect(kinds.filter((kind) => !verdicts.includes(kind))).toEqual([]);
    expect(new Set(verdicts.filter((verdict) => verdict.includes(" "))).size).toBeGreaterThan(20);
    expect(chains.get("chain")!.blocks.length).toBeGreaterThan(30);
  });
});

type Results = Extract<ReturnType<typeof executeBlock>, { outcome: "valid" }>["block"]["results"];

function verdictsOf(results: Results, transactions: readonly Uint8Array[]): readonly string[] {
  return results.map(({ verdict }, index) => {
    const { name } = findKind(decodeEnvelope(transactions[index]!)!.body.kind)!;
    return verdict.type === "applied" ? name : `${name} ${verdict.code}`;
  });
}
