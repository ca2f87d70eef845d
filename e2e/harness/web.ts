import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import type { ApiClient } from "@guts/api/client";
import type { Browser, BrowserContextOptions, Page } from "playwright";

import { createCheckedClient } from "./checked-client.ts";
import { launchBrowser } from "./browser.ts";
import { repositoryRoot } from "./devnet.ts";
import { startForge, uniqueName, type Forge } from "./forge.ts";

/** A running network and a browser to look at it with: what a test file of the web interface shares. */
export interface Web extends AsyncDisposable {
  readonly forge: Forge;
  /** A page with cookies of its own, nobody signed in. */
  newVisitor(options?: BrowserContextOptions): Promise<Visitor>;
}

/** Somebody in front of a browser. */
export interface Visitor extends AsyncDisposable {
  readonly page: Page;
  /** Opens a path of the node and waits until the page has what it asked for. */
  readonly open: (path: string) => Promise<void>;
  /** Problems that the browser reported since the start: exceptions, refused inline code, requests to elsewhere. */
  readonly complaints: readonly string[];
  /** What axe finds serious or critical on the present page; only these rules of axe, when they are given. */
  findBarriers(rules?: readonly string[]): Promise<readonly string[]>;
  /** Signs up through the pages, as a person would, and answers what they then know. */
  signUp(login?: string): Promise<SignedUp>;
}

/** What a person holds after signing up in the browser. */
export interface SignedUp {
  readonly login: string;
  readonly password: string;
  readonly recoveryCode: string;
  /** A client with a token that the person's browser session created. */
  readonly token: string;
  readonly client: ApiClient;
}

/** How long one step of a visitor may take; a machine that runs other suites beside is slow. */
const stepTimeoutMs = 20_000;

/** Starts a network and a browser for a test file, and builds the web client when that has not been done. */
export async function startWeb(): Promise<Web> {
  buildWebClient();
  const forge = await startForge();
  const browser = await launchBrowser();
  return {
    forge,
    newVisitor: (options) => createVisitor(forge, browser, options),
    async [Symbol.asyncDispose]() {
      await browser.close();
      await forge[Symbol.asyncDispose]();
    },
  };
}

/** Builds the web client unless that has been done. */
export function buildWebClient(): void {
  const home = join(repositoryRoot, "apps", "web");
  if (existsSync(join(home, "dist", "index.html"))) return;
  const vite = join(repositoryRoot, "node_modules", "vite", "bin", "vite.js");
  execFileSync(process.execPath, [vite, "build", "--logLevel", "error"], { cwd: home });
}

async function createVisitor(forge: Forge, browser: Browser, options?: BrowserContextOptions): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: forge.baseUrl,
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: forge.baseUrl });
  context.setDefaultTimeout(stepTimeoutMs);
  const page = await context.newPage();
  const complaints = collectComplaints(page, options?.baseURL ?? forge.baseUrl);
  const untilSettled = watchTraffic(page);
  const open = async (path: string): Promise<void> => {
    await page.goto(path);
    await untilSettled();
  };
  return {
    page,
    open,
    complaints,
    findBarriers: (rules) => findBarriers(page, rules),
    signUp: (login = uniqueName("ada")) => signUpInBrowser(forge, page, login),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/**
 * Follows what a page asks for. The answer waits until the page has been idle twice without having anything to ask for or to
 * wait for: Playwright's own `networkidle` would wait half a second each time.
 */
function watchTraffic(page: Page): () => Promise<void> {
  const count = { asked: 0, answered: 0 };
  page.on("request", () => count.asked++);
  page.on("requestfinished", () => count.answered++);
  page.on("requestfailed", () => count.answered++);
  return async () => {
    const deadline = performance.now() + stepTimeoutMs;
    let before: number;
    do {
      if (performance.now() > deadline) throw new Error(`${page.url()} still waits for answers`);
      before = count.asked;
      await page.waitForLoadState();
      await page.evaluate(untilIdle).catch(passNavigation);
    } while (count.asked > before || count.answered < count.asked);
  };
}

/** Runs in the page. */
async function untilIdle(): Promise<void> {
  for (let count = 0; count < 2; count++) {
    await new Promise<void>((resolve) => requestAnimationFrame(() => requestIdleCallback(() => resolve())));
  }
}

/** A page that goes elsewhere by itself is asked again where it arrives. */
function passNavigation(error: unknown): void {
  if (!String(error).includes("context was destroyed")) throw error;
}

function collectComplaints(page: Page, baseUrl: string): readonly string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    // The browser logs every answer of 400 and more; those are asked for and asserted by the tests themselves.
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isAnswer) complaints.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(baseUrl) && !/^(data|blob):/.test(url)) complaints.push(`request to elsewhere: ${url}`);
  });
  return complaints;
}

/** What axe finds serious or critical on a page. */
export async function findBarriers(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // Pages have no frames of other origins, so axe may finish within the page, which spares it a second one each time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await (rules === undefined ? axe : axe.withRules([...rules])).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} (${node.failureSummary ?? ""})`));
}

/** Gives the page a security key that verifies its person without asking, and answers how many credentials it holds. */
export async function addAuthenticator(page: Page): Promise<() => Promise<number>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return async () => (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length;
}

/** Passes the steps of signing up that show the recovery code and ask for a part of it. */
export async function confirmRecoveryCode(page: Page): Promise<readonly string[]> {
  const groups = await page.getByRole("list", { name: "Your recovery code" }).getByRole("listitem").allTextContents();
  await page.getByLabel("I saved it where I will find it again").check();
  await page.getByRole("button", { name: "Continue" }).click();
  const question = page.getByLabel(/^Group \d of your recovery code$/);
  const label = (await page.locator("label", { hasText: "of your recovery code" }).textContent()) ?? "";
  await question.fill(groups[Number(/\d/.exec(label)?.[0]) - 1] ?? "");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Your repositories" }).waitFor();
  return groups;
}

async function signUpInBrowser(forge: Forge, page: Page, login: string): Promise<SignedUp> {
  const password = "correct horse battery";
  await page.goto("/signup");
  await page.getByLabel("Handle").fill(login);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Continue" }).click();
  const groups = await confirmRecoveryCode(page);
  const token = await createTokenBySession(forge, page);
  return {
    login,
    password,
    recoveryCode: groups.join("-"),
    token,
    client: createCheckedClient({ baseUrl: forge.baseUrl, token }),
  };
}

/** Asks for a token from within the page, so that the request carries the session's cookie and the page's origin. */
async function createTokenBySession(forge: Forge, page: Page): Promise<string> {
  const body = { label: uniqueName("test"), scopes: ["repo", "user", "delete_repo"] };
  const answer = await page.request.post("/api/guts/tokens", { data: body, headers: { origin: forge.baseUrl } });
  const { token } = (await answer.json()) as { readonly token: string };
  return token;
}
