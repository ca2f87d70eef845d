import type { GutsCommand, OpenContext } from "./guts-command.ts";
import { group } from "./guts-command.ts";
import { accountCommands } from "./account-commands.ts";
import { administrationCommands } from "./administration-commands.ts";
import { authCommand } from "./auth-command.ts";
import { issueCommands } from "./issue-commands.ts";
import { helpCommand, operatorCommands } from "./other-commands.ts";
import { networkCommand } from "./network-command.ts";
import { organizationCommand } from "./org-command.ts";
import { teamCommand } from "./team-command.ts";
import { repositoryCommands } from "./repository-commands.ts";
import { toolCommands } from "./tool-commands.ts";

/** The whole command tree. Nothing in it loads what carries a command out before that command runs. */
export function createProgram(version: string, open: OpenContext): GutsCommand {
  const program = group(
    "guts",
    "Work with a Guts forge from the command line",
    "Work with a Guts forge from the command line: accounts, repositories, keys and tokens.",
  )
    .version(version, "-V, --version", "Show the version of guts")
    .option("--host <host>", "Talk to this node: host, host:port or a URL")
    .withExamples(
      ["Make an account at a node", "guts auth signup --host forge.example.org"],
      ["Make a repository of the current directory and push it", "guts repo create --source . --push"],
      ["Get a repository", "guts repo clone alice/hello"],
    );
  const under = (heading: string, commands: readonly GutsCommand[]) => {
    for (const child of commands) {
      child.listHeading = heading;
      program.addCommand(child);
    }
  };
  under("CORE COMMANDS", [
    authCommand(open),
    ...repositoryCommands(open),
    ...issueCommands(open),
    organizationCommand(open),
    teamCommand(open),
  ]);
  under("ACCOUNT COMMANDS", [...accountCommands(open), ...administrationCommands(open)]);
  under("NETWORK COMMANDS", [networkCommand(open)]);
  under("ADDITIONAL COMMANDS", [...toolCommands(open, program), helpCommand(program)]);
  under("OPERATOR COMMANDS", operatorCommands());
  return program;
}
