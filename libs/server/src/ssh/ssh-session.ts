/** One command of a git client: decided by governance, answered by the engine that HTTP's clients get. */
import { encodeErrorLine, GitWireError, parseProtocolVersion, type ProtocolVersion } from "@guts/git";
import type { Logger } from "pino";

import { Refusal } from "../errors.ts";
import { decideGitAccess } from "../git/git-access.ts";
import type { AccessWatch } from "../git/access-watch.ts";
import type { GitGates } from "../git/git-gates.ts";
import type { UploadPackServices } from "../git/upload-pack.ts";
import { notFetchedWords, tooOftenWords } from "../git/words.ts";
import { againWords, type RateLimiter } from "../http/rate-limiter.ts";
import type { LocatedRepository } from "../use-cases/find-repository.ts";
import { sshRemoteOf, type SshAddress } from "../use-cases/ssh-address.ts";
import { parseExecCommand, type ExecCommand } from "./exec-command.ts";
import type { GitChannel } from "./git-channel.ts";
import { identify, isSuspended, recognize, type IdentifyServices, type SshPerson } from "./identify.ts";
import { serveReceivePack, type SshPushServices } from "./serve-receive-pack.ts";
import { serveUploadPack } from "./serve-upload-pack.ts";
import * as words from "./words.ts";

/** What sessions are served with. */
export interface SshServices extends IdentifyServices, UploadPackServices, Omit<SshPushServices, "pushes"> {
  readonly gates: GitGates;
  readonly accessWatch: AccessWatch;
  readonly rateLimiter: RateLimiter;
  readonly logger: Logger;
  /** Where people reach the node's pages, without a slash at the end. */
  readonly webUrl: string;
  /** Where they reach this door. */
  readonly sshAddress: SshAddress;
}

/** What a session asks, and who does. */
export interface SshAsked {
  /** The key that the connection proved to hold: whose it is, is asked again for every command. */
  readonly keyBlob: Uint8Array;
  readonly userName: string;
  readonly address: string;
  /** The environment's `GIT_PROTOCOL`. */
  readonly gitProtocol: string | undefined;
}

/** Greets somebody who has no command, as GitHub does, and ends. */
export async function greet(services: SshServices, asked: SshAsked, channel: GitChannel): Promise<void> {
  const person = requirePerson(services, asked.keyBlob);
  await channel.exit(1, typeof person === "string" ? person : words.greetingWords(person));
}

/** The person behind a key, or the words for why there is none any more. */
function requirePerson(services: SshServices, keyBlob: Uint8Array): SshPerson | string {
  const person = identify(services, keyBlob);
  if (person === undefined) return words.keyGoneWords();
  return isSuspended(person) ? words.suspendedWords : person;
}

/** Runs the command of an `exec` request and ends the channel with git's exit status. */
export async function execute(
  services: SshServices,
  asked: SshAsked,
  { command, channel }: { readonly command: string; readonly channel: GitChannel },
): Promise<void> {
  try {
    const refusal = await run(services, asked, { command: parseExecCommand(command), channel });
    await (refusal === undefined ? channel.exit(0) : channel.exit(exitStatusRefused, refusal));
  } catch (error) {
    if (channel.signal.aborted) return;
    if (error instanceof GitWireError) await channel.write([encodeErrorLine(error.message)]).catch(() => {});
    else await channel.exit(exitStatusRefused, failureOf(services, error).message);
    await channel.exit(exitStatusRefused);
  }
}

/** What git itself ends with when it dies. */
const exitStatusRefused = 128;

/** Why not, in words, or undefined when it was done. */
async function run(
  services: SshServices,
  asked: SshAsked,
  { command, channel }: { readonly command: ExecCommand; readonly channel: GitChannel },
): Promise<string | undefined> {
  const person = requirePerson(services, asked.keyBlob);
  if (typeof person === "string") return person;
  if (asked.userName !== "git") return words.userNameWords(asked.userName);
  if (command.type !== "git") return words.commandWords(command.type);
  const caller = { account: person.account.id, address: asked.address };
  if (services.rateLimiter.take("git", caller) === undefined) {
    const { limit, resetSeconds } = services.rateLimiter.peek("git", caller);
    return tooOftenWords(limit, againWords(resetSeconds));
  }
  return serve(services, { asked, person, command, channel });
}

interface Served {
  readonly asked: SshAsked;
  readonly person: SshPerson;
  readonly command: Extract<ExecCommand, { type: "git" }>;
  readonly channel: GitChannel;
}

async function serve(services: SshServices, served: Served): Promise<string | undefined> {
  const { person, command, channel, asked } = served;
  const { ledger, webUrl, limits } = services;
  const isPush = command.service === "git-receive-pack";
  const access = decideGitAccess(ledger.state(), { ...command, actor: person.reader, baseUrl: webUrl, isKey: true });
  if (access.access !== "open") return access.words;
  const { located } = access;
  if (ledger.completeness(located.repository.id) === "absent") return notFetchedWords(located.fullName);
  if (located.isFormerName) await channel.tell(words.movedWords(sshRemoteOf(services.sshAddress, located.fullName)));
  const protocol = parseProtocolVersion(asked.gitProtocol);
  using deadline = deadlineOf(channel.signal, isPush ? limits.receiveTimeoutMs : limits.uploadTimeoutMs);
  const { signal } = deadline;
  if (!isPush) return serveFetch(services, served, { located, protocol, deadline: signal });
  const onFailure = (error: unknown): Refusal => failureOf(services, error);
  const push = { channel, located, protocol, baseUrl: webUrl, signal, onFailure };
  await serveReceivePack(
    { ...services, pushes: services.gates.pushes },
    { ...push, actor: person.pusher ?? { account: person.account, credential: undefined } },
  );
  return undefined;
}

/** A fetch, which ends when its person may not fetch any more. */
async function serveFetch(
  services: SshServices,
  { person, command, channel, asked }: Served,
  {
    located,
    protocol,
    deadline,
  }: { readonly located: LocatedRepository; readonly protocol: ProtocolVersion; readonly deadline: AbortSignal },
): Promise<string | undefined> {
  const { ledger, accessWatch, webUrl } = services;
  const { repository, owner } = located;
  using watched = accessWatch.watch(() => {
    const now = recognize(services, asked.keyBlob);
    if (now === undefined || isSuspended(now) || now.account.id !== person.account.id) return false;
    const request = { ...command, owner: owner.handle, name: repository.name, actor: now.reader, baseUrl: webUrl };
    return decideGitAccess(ledger.state(), request).access === "open";
  });
  watched.signal.addEventListener("abort", () => channel.cutSoon());
  const signal = AbortSignal.any([deadline, watched.signal]);
  const open = { state: ledger.state(), repository, protocol, signal };
  const run = (chunks: AsyncIterable<Uint8Array>) => counted(services, { chunks, person, signal });
  try {
    await serveUploadPack(services, { channel, open, run });
    return undefined;
  } catch (error) {
    throw watched.signal.aborted ? watched.signal.reason : error;
  }
}

/** Makes the pack in its turn, and counts it until its last byte or until the client leaves. */
async function* counted(
  { gates, metrics }: SshServices,
  {
    chunks,
    person,
    signal,
  }: { readonly chunks: AsyncIterable<Uint8Array>; readonly person: SshPerson; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array, undefined> {
  const place = await gates.uploads.enter(signal, `account ${person.account.id}`);
  metrics.gitActive.inc({ service: "upload-pack" });
  let outcome = "cancelled";
  try {
    yield* chunks;
    outcome = "ok";
  } catch (error) {
    if (!signal.aborted) outcome = "failed";
    throw error;
  } finally {
    place[Symbol.dispose]();
    metrics.gitActive.dec({ service: "upload-pack" });
    metrics.gitOperations.inc({ service: "upload-pack", outcome });
  }
}

/** A refusal as it is; anything else is logged, and reveals nothing. */
function failureOf({ logger }: SshServices, error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if ((error as Error).name === "TimeoutError") return new Refusal("timeout", words.tooSlowWords);
  logger.error({ err: error }, "git over ssh failed");
  return new Refusal("busy", words.failureWords);
}

/** A signal that aborts with the channel or after `timeoutMs`; its timer ends with the block. */
function deadlineOf(channel: AbortSignal, timeoutMs: number): Disposable & { readonly signal: AbortSignal } {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException("it took too long", "TimeoutError")), timeoutMs);
  return { signal: AbortSignal.any([channel, late.signal]), [Symbol.dispose]: () => clearTimeout(timer) };
}
