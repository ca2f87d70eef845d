import { usageError } from "../../cli-error.ts";
import type { CommandContext } from "../../context.ts";
import type { GutsCommand } from "../../tree/guts-command.ts";
import { bashCompletion } from "./bash.ts";
import { fishCompletion } from "./fish.ts";
import { completionNodes } from "./tree.ts";
import { zshCompletion } from "./zsh.ts";

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** `guts completion <shell>`. */
export async function printCompletion(context: CommandContext, program: GutsCommand, shell: string): Promise<void> {
  if (!Object.hasOwn(scripts, shell))
    throw usageError(`there is no completion for "${shell}"`, "There is one for bash, zsh and fish.");
  context.platform.stdout.write(scripts[shell as keyof typeof scripts](completionNodes(program)));
  return await Promise.resolve();
}
