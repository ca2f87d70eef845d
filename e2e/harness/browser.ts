import { type Browser, chromium } from "playwright";

import { findChromium } from "../../tools/system-packages.ts";

/** Keeps the browser from asking anybody but the node under test, and from waiting for those who do not answer. */
const quietArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/** Starts the system's Chromium without a window. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("no Chromium; npm test installs it, or set GUTS_CHROMIUM");
  return chromium.launch({ executablePath, headless: true, args: quietArguments });
}
