import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { accessFields } from "../../tree/fields.ts";

/** `guts repo access`. */
export async function explainAccess(
  context: CommandContext,
  [repository, person]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { connection, owner, name } = await selectRepository(context, repository);
  const username = person ?? (await ownHandle(context));
  const { login, permission, decidedBy, reasons } = await withProgress(platform.stderr, "Asking", () =>
    connection.client.call("GET /api/guts/repos/{owner}/{repo}/access/{username}", {
      path: { owner, repo: name, username },
    }),
  );
  const record = { login, permission, decidedBy, reasons };
  if (json !== undefined) return printJson(platform.stdout, json, accessFields, record);
  platform.stdout.write(`${login} has ${permission} on ${owner}/${name}\n`);
  const columns = [
    { title: "Permission", text: (row: (typeof reasons)[number]) => row.permission, style: style.strong },
    { title: "Because", text: (row: (typeof reasons)[number]) => row.text },
  ];
  if (reasons.length > 0) await printTable(platform.stdout, style, columns, reasons);
}

async function ownHandle(context: CommandContext): Promise<string> {
  const { login } = await connectSignedIn(context).client.call("GET /api/v3/user", {});
  return login;
}
