/** Signing in by a code that is confirmed in a browser: the device flow of RFC 8628, at the addresses that GitHub has for it. */
import { setTimeout as delay } from "node:timers/promises";
import { CliError } from "../../cli-error.ts";
import { hostLabel, type HostUrl } from "../../config/host-name.ts";
import type { CommandContext } from "../../context.ts";
import { nodeFetch } from "../../http/node-fetch.ts";
import { safeText } from "../../terminal/safe-text.ts";
import { withProgress } from "../../terminal/progress.ts";

const clientId = "guts-cli";
const grantType = "urn:ietf:params:oauth:grant-type:device_code";
/** Longest pause between two questions, whatever a node says. */
const intervalSecondsMax = 60;

interface Begun {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly intervalSeconds: number;
  readonly expiresSeconds: number;
}

/** Shows a code, opens the page for it, and waits until it is confirmed there. Answers the token. */
export async function signInWithBrowser(context: CommandContext, host: HostUrl, scopes: string): Promise<string> {
  const { platform } = context;
  const begun = beganOf(await post(context, host, "/login/device/code", { client_id: clientId, scope: scopes }), host);
  // The page is the node's own: what it says its address is could lead elsewhere.
  const page = `${host}/login/device`;
  platform.stderr.write(`Your code: ${safeText(begun.userCode)}\nEnter it at ${page}\n`);
  if (platform.isInteractive) await platform.openBrowser(page).catch(() => {}); // The address is on the screen.
  return await withProgress(platform.stderr, "Waiting for the browser", () => waitForToken(context, host, begun));
}

async function waitForToken(context: CommandContext, host: HostUrl, begun: Begun): Promise<string> {
  const { signal, now } = context.platform;
  const deadline = now() + begun.expiresSeconds * 1000;
  let seconds = begun.intervalSeconds;
  while (now() < deadline) {
    await delay(seconds * 1000, undefined, { signal });
    const fields = { client_id: clientId, device_code: begun.deviceCode, grant_type: grantType };
    const answer = await post(context, host, "/login/oauth/access_token", fields);
    const { access_token: token, error } = answer;
    if (typeof token === "string") return token;
    if (error === "slow_down") seconds = secondsOf(answer["interval"], seconds + 5);
    else if (error !== "authorization_pending") throw endedBy(error, host);
  }
  throw endedBy("expired_token", host);
}

function endedBy(error: unknown, host: HostUrl): CliError {
  if (error === "access_denied") return new CliError("cancelled", "the login was refused in the browser");
  if (error === "expired_token")
    return new CliError("authentication-needed", "the code has expired", { hint: "Begin again." });
  return new CliError("unexpected", `${hostLabel(host)} gave no token: ${safeText(String(error))}`);
}

type Answer = Readonly<Record<string, unknown>>;

async function post(
  { platform }: CommandContext,
  host: HostUrl,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<Answer> {
  const response = await nodeFetch(platform, host)(`${host}${path}`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(fields),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && typeof answer === "object" && answer !== null) return answer as Answer;
  const words = (answer as { readonly message?: unknown } | undefined)?.message;
  const reason = typeof words === "string" ? `: ${safeText(words)}` : "";
  throw new CliError("unexpected", `${hostLabel(host)} answered ${response.status}${reason}`, {
    hint: "Is it an older node? Sign in with a password or a token.",
  });
}

function beganOf(answer: Answer, host: HostUrl): Begun {
  const { device_code: deviceCode, user_code: userCode } = answer;
  if (typeof deviceCode !== "string" || typeof userCode !== "string" || userCode.length > 32)
    throw new CliError("unexpected", `${hostLabel(host)} gave no code`, { hint: "Is it an older node?" });
  const intervalSeconds = secondsOf(answer["interval"], 5);
  return { deviceCode, userCode, intervalSeconds, expiresSeconds: Number(answer["expires_in"]) || 900 };
}

function secondsOf(value: unknown, fallback: number): number {
  const seconds = typeof value === "number" && value >= 0 ? value : fallback;
  return Math.min(seconds, intervalSecondsMax);
}
