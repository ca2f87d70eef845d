import { Command, Option } from "commander";
import type { CommandContext } from "../context.ts";
import { usageError } from "../cli-error.ts";
import { formatHelp } from "./help.ts";
import { nearest } from "./nearest.ts";

/** One line of the examples of a command: what it does, and the command. */
export interface Example {
  readonly does: string;
  readonly run: string;
}

/** What carries a command out; it gets the positional arguments and options as commander has parsed them. */
export type Handler<Options> = (context: CommandContext, args: readonly string[], options: Options) => Promise<void>;

/** Opens the context of a run; called when a command really runs, never for help. */
export type OpenContext = () => Promise<CommandContext>;

/**
 * A command with what our help and our completions need beyond commander's: examples, the fields of `--json`, and
 * which shell completion an argument takes.
 *
 * commander's `summary` is the one line of a list, `description` the paragraph of the command's own help.
 */
export class GutsCommand extends Command {
  examples: readonly Example[] = [];
  jsonFields: readonly string[] = [];
  /** Shown under another heading in its parent's help. */
  listHeading: string | undefined;
  /** Served by another program; help lists it, completion offers it. */
  isElsewhere = false;

  override createCommand(name?: string): GutsCommand {
    return new GutsCommand(name);
  }

  constructor(name?: string) {
    super(name);
    this.configureHelp({ formatHelp: (shown) => formatHelp(shown as GutsCommand) });
    this.helpOption("-h, --help", "Show help for this command");
    this.helpCommand(false);
    this.showSuggestionAfterError(true);
    this.exitOverride((error) => {
      throw error.exitCode === 0 ? error : this.usageErrorOf(error.message);
    });
  }

  /** Adds examples in the order they should be read, simplest first. */
  withExamples(...pairs: readonly (readonly [does: string, run: string])[]): this {
    this.examples = pairs.map(([does, run]) => ({ does, run }));
    return this;
  }

  /** Adds `--json [fields]`. */
  withJson(fields: readonly string[]): this {
    this.jsonFields = fields;
    return this.option("--json [fields]", "Print JSON: all fields, or the ones of a comma-separated list");
  }

  /** Adds `-R, --repo`. */
  withRepository(): this {
    return this.option(
      "-R, --repo <[HOST/]OWNER/REPO>",
      "Select another repository than that of the current directory",
    );
  }

  /** Says what runs the command. The handler is loaded when it runs, so that help stays fast. */
  runs<Options>(open: OpenContext, load: () => Promise<Handler<Options>>): this {
    return this.action(async (...given: unknown[]) => {
      const positional = given.slice(0, -2).flatMap((value) => (value === undefined ? [] : value)) as string[];
      const [context, handler] = await Promise.all([open(), load()]);
      await handler(context, positional, this.optsWithGlobals() as Options);
    });
  }

  /** Makes this a group: alone it prints its help, and an unknown subcommand is answered with the nearest one. */
  asGroup(): this {
    return this.allowExcessArguments()
      .allowUnknownOption()
      .action(() => {
        const [unknown] = this.args;
        if (unknown === undefined) return this.outputHelp();
        throw this.unknownSubcommand(unknown);
      });
  }

  /** The full command as a person types it: `guts repo list`. */
  get path(): string {
    return this.parent === null ? this.name() : `${(this.parent as GutsCommand).path} ${this.name()}`;
  }

  /** The subcommands as our own class. */
  get children(): readonly GutsCommand[] {
    return this.commands as readonly GutsCommand[];
  }

  /** commander's own words about a wrong command line, in our form. */
  private usageErrorOf(message: string) {
    const [problem = "", suggestion] = message.replace(/^error: /, "").split("\n");
    const similar = suggestion?.match(/^\(Did you mean (.*)\?\)$/)?.[1];
    const hint = similar === undefined ? `Run \`${this.path} --help\` for its usage.` : `Did you mean ${similar}?`;
    return usageError(problem.replaceAll("'", '"'), hint);
  }

  private unknownSubcommand(unknown: string) {
    if (unknown.startsWith("-")) return usageError(`unknown option "${unknown}"`, `Run \`${this.path} --help\`.`);
    const similar = nearest(
      unknown,
      this.children.flatMap((child) => [child.name(), ...child.aliases()]),
    );
    const hint =
      similar === undefined ? `Run \`${this.path} --help\` for the list.` : `Did you mean \`${this.path} ${similar}\`?`;
    return usageError(`unknown command "${unknown}" for "${this.path}"`, hint);
  }
}

/** A command with its one-line summary. */
export function command(usage: string, summary: string, description?: string): GutsCommand {
  const [name, ...args] = usage.split(" ");
  const made = new GutsCommand(name).summary(summary).description(description ?? `${summary}.`);
  for (const arg of args) made.argument(arg);
  return made;
}

/** A group of commands with its one-line summary. */
export function group(name: string, summary: string, description?: string): GutsCommand {
  return command(name, summary, description).asGroup();
}

/** An option that takes one of a closed set of values. */
export function choice(flags: string, description: string, values: readonly string[]): Option {
  return new Option(flags, description).choices(values);
}

/** Collects the values of an option that may be repeated, or hold several separated by commas. */
export const gather = (text: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  ...text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
];
