import type { CommandContext } from "../context.ts";
import { safeLine } from "../terminal/safe-text.ts";

/** Says on standard error that something was done. */
export function sayDone(context: CommandContext, text: string): void {
  context.platform.stderr.write(`${context.errorStyle.good("✓")} ${safeLine(text)}\n`);
}

/** Says something worth knowing on standard error. */
export function sayNote(context: CommandContext, text: string): void {
  context.platform.stderr.write(`${context.errorStyle.warning("!")} ${safeLine(text)}\n`);
}
