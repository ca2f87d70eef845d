/** `guts network create`: founds a network. */
import { resolve } from "node:path";

import { Option, type Command } from "commander";
import type { TimeMs } from "@guts/primitives";

import { collect, print } from "./options.ts";

/** Adds `guts network create`. */
export function addNetworkCommand(program: Command): void {
  program
    .command("network")
    .description("found a network")
    .command("create")
    .description("write a genesis document and print its hash, the network's id")
    .requiredOption("--name <name>", "the network's name")
    .addOption(
      new Option("--registration <rule>", "who may sign up").choices(["open", "invite", "closed"]).default("invite"),
    )
    .option(
      "--administrator <key>",
      "public root key of an administrator, in hexadecimal; may be repeated",
      collect,
      [],
    )
    .option(
      "--validator <file>",
      "a validator's node.pub, or NAME=NODEID:CONSENSUSKEY; once for each, up to 100",
      collect,
      [],
    )
    .option("--out <file>", "where to write the document", "genesis.guts")
    .action(async (options: NetworkCreateFlags) => {
      const { createNetwork } = await import("../commands/network-create.ts");
      const { quorumLines } = await import("../commands/quorum-words.ts");
      const { name, registration, administrator, validator, out } = options;
      const decisions = { name, registration, administrators: administrator, validators: validator, out };
      const { networkId, validatorCount } = createNetwork(decisions, Date.now() as TimeMs);
      print(`network    ${networkId}`);
      print(`genesis    ${resolve(out)}`);
      for (const line of quorumLines(validatorCount)) print(line);
    });
}

interface NetworkCreateFlags {
  readonly name: string;
  readonly registration: "open" | "invite" | "closed";
  readonly administrator: readonly string[];
  readonly validator: readonly string[];
  readonly out: string;
}
