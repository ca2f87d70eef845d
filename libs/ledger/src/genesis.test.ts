import { describe, expect, test } from "vitest";
import { encode, nodeIdOf, publicKeyOf, toHex, type PublicKey } from "@guts/primitives";
import { SimulatedLedger } from "@guts/testing";
import { genesisCodec, genesisHash, parseGenesis, refuseGenesis, type Genesis } from "./genesis.ts";

const { genesis } = new SimulatedLedger(1);
const [first, second, third] = genesis.validators as [never, never, never] & Genesis["validators"];
const unsound = new Uint8Array(32) as PublicKey;
const other = publicKeyOf(new SimulatedLedger(2).newSeed());

describe("a genesis document", () => {
  test("is read, and its hash is the network's id", () => {
    const bytes = encode(genesisCodec, genesis);
    expect(parseGenesis(bytes)).toEqual({ genesis });
    expect(genesisHash(parseGenesis(bytes).genesis!)).toEqual(new SimulatedLedger(1).networkId);
    expect(toHex(genesisHash({ ...genesis, name: "other" }))).not.toBe(toHex(genesisHash(genesis)));
  });

  test("is refused with surplus or missing bytes", () => {
    const bytes = encode(genesisCodec, genesis);
    expect(parseGenesis(bytes.slice(1))).toEqual({ refusal: "malformed" });
    expect(parseGenesis(new Uint8Array([...bytes, 0]))).toEqual({ refusal: "malformed" });
  });

  test.each<[string, Partial<Genesis>]>([
    ["wrong-rules", { rulesVersion: 2 }],
    ["name-missing", { name: "" }],
    ["no-validators", { validators: [] }],
    ["key-unsound", { administrators: [unsound] }],
    ["key-unsound", { validators: [{ ...genesis.validators[0]!, consensusKey: unsound }] }],
    ["key-unsound", { validators: [{ ...genesis.validators[0]!, nodeId: nodeIdOf(unsound) }] }],
    ["validator-repeated", { validators: [first, second, third, first] }],
    [
      "validator-repeated",
      { validators: [genesis.validators[0]!, { ...genesis.validators[0]!, consensusKey: other }] },
    ],
    [
      "validator-repeated",
      { validators: [genesis.validators[0]!, { ...genesis.validators[0]!, nodeId: nodeIdOf(other) }] },
    ],
    ["administrator-repeated", { administrators: [other, other] }],
  ])("is refused: %s", (refusal, changes) => {
    expect(refuseGenesis({ ...genesis, ...changes })).toBe(refusal);
    expect(parseGenesis(encode(genesisCodec, { ...genesis, ...changes }))).toEqual({ refusal });
  });

  test("of one validator without administrators is enough", () => {
    expect(refuseGenesis({ ...genesis, validators: [genesis.validators[0]!], administrators: [] })).toBeUndefined();
  });
});
