/** `guts node`, `guts network` and `guts devnet`: the operator's commands. Each loads only what it needs. */
import { Command } from "commander";

import { NodeError } from "../node-error.ts";
import { addDevnetCommand } from "./devnet-command.ts";
import { addNetworkCommand } from "./network-command.ts";
import { addNodeCommand } from "./node-command.ts";
import { say } from "./options.ts";

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const program = new Command("guts")
  .description("Run nodes and networks of Guts. For everything else, see: guts --help")
  .showHelpAfterError("Add --help for what this command takes.");

addNodeCommand(program);
addNetworkCommand(program);
addDevnetCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  // What an operator can act on is said in words; anything else is a defect and shows its stack.
  if (!(error instanceof NodeError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
