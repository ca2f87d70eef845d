import type { CommandContext } from "../../context.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { listLimitMax, pageSizeMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { labelFields } from "../../tree/fields.ts";
import { confirm } from "../ask.ts";
import { take } from "../limit.ts";
import { sayDone } from "../say.ts";

interface RepositoryOption {
  readonly repo?: string;
}

/** `guts label list`. */
export async function listLabels(
  context: CommandContext,
  _args: readonly string[],
  options: RepositoryOption & { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const labels = await withProgress(platform.stderr, "Listing labels", () =>
    take(
      connection.client.items("GET /api/v3/repos/{owner}/{repo}/labels", {
        path: { owner, repo: name },
        query: { per_page: pageSizeMax },
      }),
      listLimitMax,
    ),
  );
  const records = labels.map((label) => ({
    name: label.name,
    color: label.color,
    description: label.description ?? "",
  }));
  if (options.json !== undefined) return printJson(platform.stdout, options.json, labelFields, records);
  await printTable(
    platform.stdout,
    style,
    [
      { title: "Name", text: (row) => row.name, style: style.strong },
      { title: "Description", text: ({ description }) => description, isFlexible: true },
      { title: "Color", text: ({ color }) => `#${color}` },
    ],
    records,
  );
}

interface LabelOptions extends RepositoryOption {
  readonly color?: string;
  readonly description?: string;
}

/** `guts label create`. */
export async function createLabel(
  context: CommandContext,
  [label]: readonly string[],
  { repo, color, description }: LabelOptions,
): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, repo);
  const body = {
    name: label!,
    ...(color !== undefined && { color }),
    ...(description !== undefined && { description }),
  };
  await connection.client.call("POST /api/v3/repos/{owner}/{repo}/labels", { path: { owner, repo: name }, body });
  sayDone(context, `Made the label ${label} in ${owner}/${name}`);
}

/** `guts label edit`. */
export async function editLabel(
  context: CommandContext,
  [label]: readonly string[],
  { repo, color, description, name: newName }: LabelOptions & { readonly name?: string },
): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, repo);
  const body = {
    ...(newName !== undefined && { new_name: newName }),
    ...(color !== undefined && { color }),
    ...(description !== undefined && { description }),
  };
  const path = { owner, repo: name, name: label! };
  await connection.client.call("PATCH /api/v3/repos/{owner}/{repo}/labels/{name}", { path, body });
  sayDone(context, `Changed the label ${label} of ${owner}/${name}`);
}

/** `guts label delete`. */
export async function deleteLabel(
  context: CommandContext,
  [label]: readonly string[],
  { repo, yes }: RepositoryOption & { readonly yes?: true },
): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, repo);
  await confirm(context, `Delete the label ${label}? It goes from every issue that has it`, yes);
  const path = { owner, repo: name, name: label! };
  await connection.client.call("DELETE /api/v3/repos/{owner}/{repo}/labels/{name}", { path });
  sayDone(context, `Deleted the label ${label} of ${owner}/${name}`);
}
