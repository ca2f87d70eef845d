import { readFileSync } from "node:fs";

/** The software's version: that of the workspace. */
export const version = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string }
).version;
