import { join } from "node:path";
import type { Platform } from "./platform.ts";

/** What the environment says, read here and nowhere else. */
export interface Settings {
  /** GUTS_HOST: the node to talk to, when no `--host` is given. */
  readonly host: string | undefined;
  /** GUTS_TOKEN: the token for that node, instead of the stored one. */
  readonly token: string | undefined;
  /** GUTS_CONFIG_DIR, or `guts` under XDG_CONFIG_HOME, or `~/.config/guts`. */
  readonly configDirectory: string;
  readonly useColor: boolean;
}

/** Reads the settings that `guts help environment` documents. Empty variables count as unset. */
export function readSettings(platform: Pick<Platform, "environment" | "home" | "stdout">): Settings {
  const value = (name: string) => platform.environment[name] || undefined;
  return {
    host: value("GUTS_HOST"),
    token: value("GUTS_TOKEN")?.trim(),
    configDirectory:
      value("GUTS_CONFIG_DIR") ?? join(value("XDG_CONFIG_HOME") ?? join(platform.home, ".config"), "guts"),
    useColor: wantsColor(value, platform.stdout.isTerminal),
  };
}

/** NO_COLOR (no-color.org) wins over CLICOLOR_FORCE, which wins over what the output is. */
function wantsColor(value: (name: string) => string | undefined, isTerminal: boolean): boolean {
  if (value("NO_COLOR") !== undefined) return false;
  const forced = value("CLICOLOR_FORCE");
  if (forced !== undefined && forced !== "0") return true;
  return isTerminal && value("CLICOLOR") !== "0" && value("TERM") !== "dumb";
}
