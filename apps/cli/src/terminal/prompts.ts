import type { Readable, Writable } from "node:stream";
import { CliError } from "../cli-error.ts";

/** A question with a check of the answer; the check returns what is wrong, in words. */
export interface Question {
  readonly message: string;
  readonly placeholder?: string;
  readonly initialValue?: string;
  readonly check?: (answer: string) => string | undefined;
}

/** One of several answers. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/** Questions to the person at the terminal. Each throws a `cancelled` CliError when the person stops. */
export interface Prompts {
  text(question: Question): Promise<string>;
  /** Like text, but the answer is not shown. */
  secret(question: Question): Promise<string>;
  confirm(message: string, initialValue: boolean): Promise<boolean>;
  select<Value extends string>(message: string, choices: readonly Choice<Value>[]): Promise<Value>;
}

/** Prompts by clack, on standard error so that standard output stays clean for a pipe. */
export async function openClackPrompts(stdin: Readable, stderr: Writable, signal: AbortSignal): Promise<Prompts> {
  const clack = await import("@clack/prompts");
  const common = { input: stdin, output: stderr, signal, withGuide: false };
  const answered = <Answer>(answer: Answer): Exclude<Answer, symbol> => {
    if (typeof answer === "symbol") throw new CliError("cancelled", "cancelled");
    return answer as Exclude<Answer, symbol>;
  };
  const checked = ({ check }: Question) =>
    check === undefined ? {} : { validate: (answer: string | undefined) => check(answer ?? "") };
  return {
    text: async (question) => answered(await clack.text({ ...question, ...common, ...checked(question) })) ?? "",
    secret: async (question) =>
      answered(await clack.password({ message: question.message, ...common, ...checked(question) })) ?? "",
    confirm: async (message, initialValue) => answered(await clack.confirm({ message, initialValue, ...common })),
    select: async (message, choices) =>
      answered(await clack.select<string>({ message, options: [...choices], ...common })) as never,
  };
}
