import type { CommitStatus as StatusShape } from "@guts/api";
import { combineStates, KINDS, ledgerLimits, type CommitStatus } from "@guts/ledger";
import { decode, parseObjectId, type AccountId, type ObjectId, type TimeMs } from "@guts/primitives";

import { Refusal } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { optionsOf } from "../../use-cases/change-repositories.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import { openAtPresentName, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { requireApplied } from "../../use-cases/rejection.ts";
import { resolveCommit } from "../../use-cases/resolve-ref.ts";
import { textReader, Texts } from "../../use-cases/texts.ts";
import { isoTime } from "../iso-time.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { presentationOf, presentRepository } from "./present-repository.ts";
import { presentSimpleUser } from "./present-user.ts";
import { nodeIdOf, Urls } from "./urls.ts";

type Repo = "/api/v3/repos/{owner}/{repo}";
type Name = `POST ${Repo}/statuses/{sha}` | `GET ${Repo}/commits/{ref}/${"status" | "statuses"}`;

/** GitHub's context where nobody names one. */
const usualContext = "default";

/** Statuses of commits, in GitHub's shapes. */
export function statusHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, readModel } = services;
  return {
    "POST /api/v3/repos/{owner}/{repo}/statuses/{sha}": async (call) => createStatus(services, call),
    "GET /api/v3/repos/{owner}/{repo}/commits/{ref}/statuses": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const { commit } = await resolveCommit(services, opened, { name: call.path.ref, signal: call.signal });
      await awaitReadModel(services, call.signal);
      const page = pageOf(call.query);
      const query = { ...page, repository: opened.repository.id, commit };
      const { items, hasMore } = await readModel.statusHistory(query, call.signal);
      const body = items.map(({ payload, result, actor, time }) => {
        const { context, ...said } = decode(KINDS["status.set"].payload, payload);
        const { number } = decode(KINDS["status.set"].result, result);
        return presentStatus(services, { opened, commit, call }, { ...said, context, number, creator: actor, time });
      });
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/repos/{owner}/{repo}/commits/{ref}/status": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const { commit } = await resolveCommit(services, opened, { name: call.path.ref, signal: call.signal });
      const statuses = [...opened.state.statuses.of(opened.repository.id, commit)];
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(statuses, page);
      const commitUrl = `${new Urls(call.baseUrl).repository(opened.fullName)}/commits/${commit}`;
      const held = call.actor.account === undefined ? undefined : opened.held;
      const body = {
        state: combineStates(statuses),
        statuses: items.map((status) => presentStatus(services, { opened, commit, call }, status)),
        sha: commit,
        total_count: statuses.length,
        repository: presentRepository(opened, { ...presentationOf(services, call), held }),
        commit_url: commitUrl,
        url: `${commitUrl}/status`,
      };
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
  };
}

async function createStatus(services: Services, call: Call<`POST ${Repo}/statuses/{sha}`>) {
  const { ledger, transactions, random } = services;
  const { body, signal, actor } = call;
  const opened = openAtPresentName(ledger, call, "set-status");
  const commit = await requireOwnCommit(services, opened, { idText: call.path.sha, signal });
  const texts = new Texts(random, ledgerLimits.statusTextBytesMax);
  const { state, context = usualContext } = body;
  const said = {
    context,
    state,
    description: texts.ref("description", body.description),
    targetUrl: texts.ref("target_url", webAddress(body.target_url)),
  };
  const payload = { repository: opened.repository.id, commit, ...said };
  const outcome = requireApplied(
    await transactions.submit({ kind: "status.set", payload }, optionsOf(call, { texts })),
  );
  const { number } = outcome.result;
  const status = { ...said, number, creator: actor.account.id, time: ledger.time() };
  return {
    status: 201,
    body: presentStatus(services, { opened, commit, call }, status),
    height: outcome.height,
  } as const;
}

/** Only addresses that a browser may be led to. */
function webAddress(text: string | null | undefined): string | null | undefined {
  if (text === null || text === undefined || text === "" || /^https?:\/\//i.test(text)) return text;
  throw new Refusal("invalid", "Validation Failed: target_url must use http(s) scheme");
}

/** GitHub answers 422 for what is no commit of the repository. */
async function requireOwnCommit(
  { git, reachability }: Services,
  { state, repository }: OpenedRepository,
  { idText, signal }: { readonly idText: string; readonly signal: AbortSignal },
): Promise<ObjectId> {
  const id = parseObjectId(idText.toLowerCase(), repository.objectFormat);
  const isThere = id !== undefined && (await reachability.isReachable(state, repository, id, signal));
  if (isThere && (await git.readCommit(repository.id, id, signal)) !== undefined) return id;
  throw new Refusal("invalid", `No commit found for SHA: ${idText}`);
}

interface Place {
  readonly opened: OpenedRepository;
  readonly commit: ObjectId;
  readonly call: { readonly baseUrl: string };
}

type Shown = Pick<CommitStatus, "number" | "state" | "context" | "description" | "targetUrl"> & {
  readonly creator: AccountId;
  readonly time: TimeMs;
};

function presentStatus(
  { ledger }: Pick<Services, "ledger">,
  { opened, commit, call }: Place,
  { number, state, context, description, targetUrl, creator, time }: Shown,
): StatusShape {
  const urls = new Urls(call.baseUrl);
  const text = textReader(ledger);
  const account = opened.state.account(creator);
  const user = account === undefined ? null : presentSimpleUser(account, urls);
  return {
    id: number,
    node_id: nodeIdOf("Status", number),
    url: `${urls.repository(opened.fullName)}/statuses/${commit}`,
    avatar_url: user?.avatar_url ?? null,
    state,
    context,
    description: text(description),
    target_url: text(targetUrl),
    created_at: isoTime(time),
    updated_at: isoTime(time),
    creator: user,
  };
}
