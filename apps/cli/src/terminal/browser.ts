import type { spawn } from "node:child_process";
import { CliError } from "../cli-error.ts";

/**
 * Opens `url` with BROWSER, or with the desktop's opener.
 *
 * The address is one argument of a fixed vector, never part of a shell's line. Throws `unexpected` when nothing opens it.
 */
export async function openBrowser(
  environment: Readonly<Record<string, string | undefined>>,
  url: string,
  start: typeof spawn,
): Promise<void> {
  const [program, ...args] = opener(environment);
  await new Promise<void>((resolve, reject) => {
    const child = start(program!, [...args, url], { stdio: "ignore", detached: true });
    child.on("error", (cause) =>
      reject(new CliError("unexpected", "no browser could be opened", { hint: `Open ${url}`, cause })),
    );
    child.on("spawn", () => {
      child.unref();
      resolve();
    });
  });
}

function opener(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const chosen = environment["BROWSER"]?.trim();
  if (chosen) return chosen.split(/\s+/);
  return process.platform === "darwin" ? ["open"] : ["xdg-open"];
}
