import { ledgerLimits, type ContentRef } from "@guts/ledger";
import type { MilestoneNumber, TimeMs } from "@guts/primitives";

import { invalidField } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { submitUnlessSo } from "../../use-cases/change-issues.ts";
import { optionsOf } from "../../use-cases/change-repositories.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import { requireMilestone } from "../../use-cases/open-issue.ts";
import { openRepository, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { requireApplied } from "../../use-cases/rejection.ts";
import { assertShort, Texts } from "../../use-cases/texts.ts";
import { pageLinks, pageOf } from "../paging.ts";
import { issueViewOf, presentMilestone } from "./present-issue.ts";

type Milestones = "/api/v3/repos/{owner}/{repo}/milestones";
type One = `${Milestones}/{milestone_number}`;
type Name = `${"GET" | "POST"} ${Milestones}` | `${"GET" | "PATCH" | "DELETE"} ${One}`;

/** Milestones, in GitHub's shapes. */
export function milestoneHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, readModel } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/milestones": async (call) => {
      const opened = openRepository(ledger, call.actor, call.path, "read-issues");
      const { state = "open", sort = "due_on", direction = "asc" } = call.query;
      await awaitReadModel(services, call.signal);
      const page = pageOf(call.query);
      const isClosed = state === "all" ? undefined : state === "closed";
      const query = { ...page, repository: opened.repository.id, isClosed, sort, direction };
      const { items, hasMore } = await readModel.issues.milestones(query, call.signal);
      const body = await presentAll(services, call, opened, items);
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "POST /api/v3/repos/{owner}/{repo}/milestones": async (call) => createMilestone(services, call),
    "GET /api/v3/repos/{owner}/{repo}/milestones/{milestone_number}": async (call) => {
      const opened = openRepository(ledger, call.actor, call.path, "read-issues");
      const number = requireMilestone(opened, call.path.milestone_number);
      const [body] = await presentAll(services, call, opened, [number]);
      return { status: 200, body: body! };
    },
    "PATCH /api/v3/repos/{owner}/{repo}/milestones/{milestone_number}": async (call) => updateMilestone(services, call),
    "DELETE /api/v3/repos/{owner}/{repo}/milestones/{milestone_number}": async (call) => {
      const opened = openRepository(ledger, call.actor, call.path, "moderate");
      const milestone = requireMilestone(opened, call.path.milestone_number);
      const payload = { repository: opened.repository.id, milestone };
      const { height } = await submitUnlessSo(services, call, { kind: "milestone.delete", payload });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
  };
}

async function presentAll(
  services: Services,
  call: Pick<Call<`GET ${One}`>, "baseUrl" | "signal">,
  opened: OpenedRepository,
  numbers: readonly MilestoneNumber[],
) {
  const { id } = opened.repository;
  await awaitReadModel(services, call.signal);
  const counts = await services.readModel.issues.milestoneCounts(id, numbers, call.signal);
  const view = issueViewOf(services, call);
  return numbers.flatMap((number) => {
    const row = view.state.issues.milestone(id, number);
    return row === undefined ? [] : [presentMilestone(view, opened, { number, row, counts: counts.get(number) })];
  });
}

async function createMilestone(services: Services, call: Call<`POST ${Milestones}`>) {
  const { ledger, transactions, random } = services;
  const opened = openRepository(ledger, call.actor, call.path, "moderate");
  const texts = new Texts(random, ledgerLimits.bodyBytesMax);
  await assertTitleFree(services, call, opened, { title: call.body.title });
  const payload = {
    repository: opened.repository.id,
    title: requireTitle(texts, call.body.title),
    description: texts.ref("description", call.body.description),
    dueTime: timeOf(call.body.due_on),
  };
  const outcome = await transactions.submit({ kind: "milestone.create", payload }, optionsOf(call, { texts }));
  const { result, height } = requireApplied(outcome);
  if (call.body.state === "closed") await close(services, call, opened, result.milestone);
  const now = openRepository(ledger, call.actor, call.path, "read-issues");
  const [body] = await presentAll(services, call, now, [result.milestone]);
  return { status: 201, body: body!, height } as const;
}

async function close(
  { transactions }: Services,
  call: Call<`POST ${Milestones}`>,
  { repository }: OpenedRepository,
  milestone: MilestoneNumber,
): Promise<void> {
  const unchanged = { title: undefined, description: undefined, dueTime: undefined };
  const payload = { repository: repository.id, milestone, ...unchanged, isClosed: true };
  requireApplied(await transactions.submit({ kind: "milestone.update", payload }, optionsOf(call, { part: "close" })));
}

async function updateMilestone(services: Services, call: Call<`PATCH ${One}`>) {
  const { ledger, transactions, random } = services;
  const opened = openRepository(ledger, call.actor, call.path, "moderate");
  const milestone = requireMilestone(opened, call.path.milestone_number);
  const texts = new Texts(random, ledgerLimits.bodyBytesMax);
  const { title, description, due_on: dueOn, state } = call.body;
  if (title !== undefined) await assertTitleFree(services, call, opened, { title, own: milestone });
  const payload = {
    repository: opened.repository.id,
    milestone,
    title: title === undefined ? undefined : requireTitle(texts, title),
    description: texts.change("description", description),
    dueTime: dueOn === undefined ? undefined : { value: timeOf(dueOn) },
    isClosed: state === undefined ? undefined : state === "closed",
  };
  const outcome = await transactions.submit({ kind: "milestone.update", payload }, optionsOf(call, { texts }));
  const { height } = requireApplied(outcome);
  const now = openRepository(ledger, call.actor, call.path, "read-issues");
  const [body] = await presentAll(services, call, now, [milestone]);
  return { status: 200, body: body!, height } as const;
}

/** Two milestones of one title would be one in people's words; the ledger does not read titles, so doors look. */
async function assertTitleFree(
  services: Services,
  { signal }: Pick<Call<`PATCH ${One}`>, "signal">,
  { repository }: OpenedRepository,
  { title, own }: { readonly title: string; readonly own?: MilestoneNumber },
): Promise<void> {
  await awaitReadModel(services, signal);
  const found = await services.readModel.issues.milestoneNamed(repository.id, title.trim(), signal);
  if (found !== undefined && found !== own)
    throw invalidField({ resource: "Milestone", field: "title", message: "already_exists" });
}

function requireTitle(texts: Texts, title: string): ContentRef {
  const trimmed = title.trim();
  assertShort("title", trimmed, ledgerLimits.titleBytesMax);
  const ref = texts.ref("title", trimmed);
  if (ref === undefined) throw invalidField({ resource: "Milestone", field: "title", message: "can't be blank" });
  return ref;
}

function timeOf(text: string | null | undefined): TimeMs | undefined {
  return text === null || text === undefined ? undefined : (Date.parse(text) as TimeMs);
}
