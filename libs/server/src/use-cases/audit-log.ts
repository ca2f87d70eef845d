import type { AuditEntry, AuditQuery } from "@guts/api";
import { perPageDefault, perPageMax } from "@guts/api";
import { refuseOrganizationAction, refuseSecurityLog, scopesAllow } from "@guts/governance";
import { auditOf, KINDS, type ForgeState, type KindName } from "@guts/ledger";
import { fromHex, parseDigest, toHex, type AccountId, type Digest, type RepositoryId } from "@guts/primitives";

import { refuseActor, type SignedInActor } from "../auth/actor.ts";
import { notFound } from "../errors.ts";
import type { AuditAct, AuditLog } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { isAdministrator } from "./administration.ts";
import { parseAuditPhrase } from "./audit-phrase.ts";
import { findAccount, locateRepository } from "./find-repository.ts";
import { awaitReadModel } from "./lists.ts";
import { refusalOfRejection } from "./rejection.ts";
import { textReader } from "./texts.ts";

type Needs = Pick<Services, "ledger" | "readModel">;

/** Who asks for a page of a log. */
export interface AuditRequest {
  readonly actor: SignedInActor;
  readonly query: AuditQuery;
  readonly signal: AbortSignal;
}

/** A page of acts, newest first, and the sequence after which the next one goes on. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly nextAfter: number | undefined;
}

/** Acts of a log that the actor has been let to read, by GitHub's query. Throws `Refusal` for a phrase nobody understands. */
export async function listAuditLog(needs: Needs, request: AuditRequest, log: AuditLog): Promise<AuditPage> {
  const { query, signal, actor } = request;
  const state = needs.ledger.state();
  const { actor: handle, repo, ...phrase } = parseAuditPhrase(query.phrase ?? "");
  const by = handle === undefined ? undefined : findAccount(state, handle)?.account.id;
  const on = repo === undefined ? undefined : locateRepository(state, repo.owner, repo.name)?.repository.id;
  if ((handle !== undefined && by === undefined) || (repo !== undefined && on === undefined))
    return { entries: [], nextAfter: undefined };
  await awaitReadModel(needs, signal);
  const limit = Math.min(query.per_page ?? perPageDefault, perPageMax);
  const where = on === undefined ? { log } : { log: { type: "repository", id: on } as const, within: log };
  const acts = await needs.readModel.audit({ ...where, ...phrase, actor: by, before: query.after, limit }, signal);
  const present = presenterOf(needs, actor);
  return {
    entries: acts.map(present),
    nextAfter: acts.length === limit ? acts.at(-1)?.sequence : undefined,
  };
}

/** An act by its transaction, to whoever may read one of the logs that list it. Throws `Refusal` `not-found`. */
export async function openAct(
  needs: Needs,
  actor: SignedInActor,
  idText: string,
  signal: AbortSignal,
): Promise<{ readonly id: Digest; readonly entry: AuditEntry }> {
  const id = parseDigest(fromHex(idText) ?? new Uint8Array());
  if (id === undefined) throw notFound();
  await awaitReadModel(needs, signal);
  const found = await needs.readModel.auditAct(id, signal);
  const isTheirs = found?.logs.some((log) => mayRead(needs.ledger.state(), actor, log)) === true;
  if (found === undefined || !isTheirs) throw unreadable(actor);
  return { id, entry: presenterOf(needs, actor)(found.act) };
}

/** The event log of this address, to whoever may read the audit log of the same. Throws `Refusal` `not-found`. */
export function openLog(
  ledger: Needs["ledger"],
  actor: SignedInActor,
  { type, id: idText }: { readonly type: string; readonly id: string },
): AuditLog {
  const id = Number(idText);
  const isSound = (type === "network" && id === 0) || ((type === "account" || type === "repository") && id > 0);
  if (!isSound || !Number.isSafeInteger(id)) throw notFound();
  const log = { type, id } as AuditLog;
  if (!mayRead(ledger.state(), actor, log)) throw unreadable(actor);
  return log;
}

/** What is answered to who may not read: what the credential lacks, or that nothing is there. */
function unreadable({ scopes }: SignedInActor) {
  return scopesAllow(scopes, "read-audit-log") ? notFound() : refusalOfRejection("scope-missing");
}

/** Whether governance lets the actor read a log. */
function mayRead(state: ForgeState, actor: SignedInActor, { type, id }: AuditLog): boolean {
  const { account, scopes } = actor;
  if (type === "network") return isAdministrator(actor);
  if (type === "repository") {
    const repository = state.repository(id as RepositoryId);
    return repository !== undefined && refuseActor(state, actor, repository, "read-audit-log") === undefined;
  }
  const access = state.organizations.access(id as AccountId, account.id, scopes);
  if (access !== undefined) return refuseOrganizationAction(access, "read-audit-log") === undefined;
  return refuseSecurityLog(id as AccountId, account.id, scopes) === undefined;
}

function presenterOf({ ledger }: Pick<Needs, "ledger">, actor: SignedInActor): (act: AuditAct) => AuditEntry {
  const state = ledger.state();
  const text = textReader(ledger);
  return (act) => {
    const entry = auditOf({ ...act, kind: knownKind(act.kind) })!;
    const { scope, time } = act;
    const repositoryId = scope.type === "repository" ? (scope.id as RepositoryId) : entry.repository;
    const repository = repositoryId === undefined ? undefined : state.repository(repositoryId);
    const holder = scope.type === "account" ? state.account(scope.id as AccountId) : ownerOf(state, repository?.owner);
    const organization = holder?.isOrganization === true ? holder : undefined;
    const isNamed = repository !== undefined && refuseActor(state, actor, repository, "read") === undefined;
    const owner = ownerOf(state, repository?.owner);
    return {
      "@timestamp": time,
      created_at: new Date(time).toISOString(),
      _document_id: toHex(act.transactionId),
      action: entry.action,
      actor: state.account(act.actor)?.handle ?? null,
      actor_id: act.actor,
      user: ownerOf(state, entry.target)?.handle ?? null,
      user_id: entry.target ?? null,
      org: organization?.handle ?? null,
      org_id: organization?.id ?? null,
      repo: isNamed && owner !== undefined ? `${owner.handle}/${repository.name}` : null,
      repo_id: repositoryId ?? null,
      team: entry.team === undefined ? null : (state.organizations.team(entry.team)?.name ?? null),
      node: entry.node === undefined ? null : (nodeName(state, entry.node) ?? entry.node),
      about: entry.about ?? null,
      reason: typeof entry.reason === "string" ? entry.reason || null : text(entry.reason),
      sequence: act.sequence,
      height: act.height,
      index: act.index,
    };
  };
}

function ownerOf(state: ForgeState, id: AccountId | undefined) {
  return id === undefined ? undefined : state.account(id);
}

function nodeName(state: ForgeState, id: Parameters<ForgeState["node"]>[0]): string | undefined {
  return state.node(id)?.name;
}

/** Rows are made by this release's own projection: it knows their kinds. */
function knownKind(kind: string): KindName {
  if (!Object.hasOwn(KINDS, kind)) throw new TypeError(`a row of an unknown kind ${kind}`);
  return kind as KindName;
}
