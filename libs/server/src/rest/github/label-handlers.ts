import { parseLabelColor, type LabelColor } from "@guts/collaboration";
import { ledgerLimits } from "@guts/ledger";

import { invalidField, Refusal } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { keyOf, submitUnlessSo, triageIssue } from "../../use-cases/change-issues.ts";
import { optionsOf } from "../../use-cases/change-repositories.ts";
import { openIssue, requireLabel, type OpenedIssue } from "../../use-cases/open-issue.ts";
import { openRepository } from "../../use-cases/open-repository.ts";
import { requireApplied } from "../../use-cases/rejection.ts";
import { Texts } from "../../use-cases/texts.ts";
import { requireLabelName, type NamedLabel } from "../../use-cases/triage.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { issueViewOf, presentLabel, sortedLabels } from "./present-issue.ts";

type Repo = "/api/v3/repos/{owner}/{repo}";
type OfRepository = `${"GET" | "POST"} ${Repo}/labels` | `${"GET" | "PATCH" | "DELETE"} ${Repo}/labels/{name}`;
type Held = `${Repo}/issues/{issue_number}/labels`;
type OfIssue = `${"GET" | "POST" | "PUT" | "DELETE"} ${Held}` | `DELETE ${Held}/{name}`;

/** Labels of repositories and issues, in GitHub's shapes. */
export function labelHandlers(services: Services): Pick<RouteHandlers, OfRepository | OfIssue> {
  return { ...repositoryLabels(services), ...issueLabels(services) };
}

function repositoryLabels(services: Services): Pick<RouteHandlers, OfRepository> {
  const { ledger } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/labels": (call) => {
      const opened = openRepository(ledger, call.actor, call.path, "read-issues");
      const page = pageOf(call.query);
      // A repository has a thousand labels at most, so they are read whole.
      const { items, hasMore } = slicePage(sortedLabels(opened.state.issues.labels(opened.repository.id)), page);
      const view = issueViewOf(services, call);
      const body = items.map((label) => presentLabel(view, opened, label));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/repos/{owner}/{repo}/labels/{name}": (call) => {
      const opened = openRepository(ledger, call.actor, call.path, "read-issues");
      const body = presentLabel(issueViewOf(services, call), opened, requireLabel(opened, call.path.name));
      return { status: 200, body };
    },
    "POST /api/v3/repos/{owner}/{repo}/labels": async (call) => createLabel(services, call),
    "PATCH /api/v3/repos/{owner}/{repo}/labels/{name}": async (call) => updateLabel(services, call),
    "DELETE /api/v3/repos/{owner}/{repo}/labels/{name}": async (call) => {
      const opened = openRepository(ledger, call.actor, call.path, "moderate");
      const payload = { repository: opened.repository.id, label: requireLabel(opened, call.path.name).id };
      const { height } = await submitUnlessSo(services, call, { kind: "label.delete", payload });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
  };
}

async function createLabel(services: Services, call: Call<`POST ${Repo}/labels`>) {
  const { ledger, transactions, random } = services;
  const opened = openRepository(ledger, call.actor, call.path, "moderate");
  const texts = new Texts(random, ledgerLimits.descriptionBytesMax);
  const name = requireLabelName(call.body.name);
  if (opened.state.issues.findLabel(opened.repository.id, name) !== undefined) throw nameTaken();
  const label = {
    name,
    color: requireColor(call.body.color ?? "ededed"),
    description: texts.ref("description", call.body.description),
  };
  const payload = { repository: opened.repository.id, labels: [label] };
  const outcome = await transactions.submit({ kind: "labels.create", payload }, optionsOf(call, { texts }));
  const { height } = requireApplied(outcome);
  const now = openRepository(ledger, call.actor, call.path, "read-issues");
  return {
    status: 201,
    body: presentLabel(issueViewOf(services, call), now, requireLabel(now, name)),
    height,
  } as const;
}

async function updateLabel(services: Services, call: Call<`PATCH ${Repo}/labels/{name}`>) {
  const { ledger, transactions, random } = services;
  const opened = openRepository(ledger, call.actor, call.path, "moderate");
  const label = requireLabel(opened, call.path.name);
  const texts = new Texts(random, ledgerLimits.descriptionBytesMax);
  const wanted = call.body.new_name ?? call.body.name;
  const name = wanted === undefined ? undefined : requireLabelName(wanted);
  const other = name && opened.state.issues.findLabel(opened.repository.id, name);
  if (other !== undefined && other.id !== label.id) throw nameTaken();
  const payload = {
    repository: opened.repository.id,
    label: label.id,
    name,
    color: call.body.color === undefined ? undefined : requireColor(call.body.color),
    description: texts.change("description", call.body.description),
  };
  const outcome = await transactions.submit({ kind: "label.update", payload }, optionsOf(call, { texts }));
  const { height } = requireApplied(outcome);
  const now = openRepository(ledger, call.actor, call.path, "read-issues");
  const body = presentLabel(issueViewOf(services, call), now, requireLabel(now, name ?? label.name));
  return { status: 200, body, height } as const;
}

/** GitHub's words, which `gh` looks for. */
function nameTaken(): Refusal {
  const errors = [{ resource: "Label", field: "name", code: "already_exists" }];
  return new Refusal("invalid", "Validation Failed", { reason: "label-name-taken", errors });
}

function requireColor(text: string): LabelColor {
  const color = parseLabelColor(text.replace(/^#/, ""));
  if (color !== undefined) return color;
  throw invalidField({ resource: "Label", field: "color", message: "must be six hexadecimal digits" });
}

function issueLabels(services: Services): Pick<RouteHandlers, OfIssue> {
  const { ledger } = services;
  const heldBy = ({ state, issue }: OpenedIssue) => sortedLabels(state.issues.labelsOf(issue));
  /** Gives the issue these labels and no others, and answers with them. */
  const set = async (
    call: Omit<Call<`DELETE ${Held}`>, "body">,
    opened: OpenedIssue,
    labels: readonly NamedLabel[],
  ) => {
    const height = await triageIssue(services, call, opened, { labels });
    const view = issueViewOf(services, call);
    const body = sortedLabels(view.state.issues.labelsOf(keyOf(opened.issue))).map((label) =>
      presentLabel(view, opened, label),
    );
    return { status: 200, body, ...(height !== undefined && { height }) } as const;
  };
  return {
    "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": (call) => {
      const opened = openIssue(ledger, call.actor, call.path);
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(heldBy(opened), page);
      const view = issueViewOf(services, call);
      const body = items.map((label) => presentLabel(view, opened, label));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": async (call) => {
      const opened = openIssue(ledger, call.actor, call.path, "triage");
      return set(call, opened, [...heldBy(opened).map(({ name }) => name), ...namesIn(call.body)]);
    },
    "PUT /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": async (call) =>
      set(call, openIssue(ledger, call.actor, call.path, "triage"), namesIn(call.body)),
    "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": async (call) => {
      const { height } = await set(call, openIssue(ledger, call.actor, call.path, "triage"), []);
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}": async (call) => {
      const opened = openIssue(ledger, call.actor, call.path, "triage");
      const label = requireLabel(opened, call.path.name);
      const others = heldBy(opened).filter(({ id }) => id !== label.id);
      return set(
        call,
        opened,
        others.map(({ name }) => name),
      );
    },
  };
}

function namesIn(body: Call<`PUT ${Held}`>["body"]): readonly NamedLabel[] {
  return "labels" in body ? (body.labels ?? []) : Array.isArray(body) ? body : [];
}
