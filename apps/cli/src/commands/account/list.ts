import type { ApiOutput } from "@guts/api/client";
import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { administeredAccountFields } from "../../tree/fields.ts";
import { parseLimit, take } from "../limit.ts";
import { printList } from "../print-list.ts";

type Account = ApiOutput<"GET /api/guts/accounts/{handle}">;

interface ListOptions {
  readonly suspended?: true;
  readonly limit?: string;
  readonly json?: JsonOption;
}

/** `guts account list`: accounts by id; with the beginning of a handle, those that have it. */
export async function listAccounts(
  context: CommandContext,
  [prefix]: readonly string[],
  { suspended, limit: limitText, json }: ListOptions,
): Promise<void> {
  const { platform, style } = context;
  const { client } = connectSignedIn(context);
  const limit = parseLimit(limitText);
  const query = {
    per_page: Math.min(limit, 100),
    ...(prefix !== undefined && { query: prefix }),
    ...(suspended === true && { suspended }),
  };
  const accounts = await withProgress(platform.stderr, "Listing accounts", () =>
    take(client.items("GET /api/guts/accounts", { query }), limit),
  );
  const columns = [
    { title: "Handle", text: (row: Account) => row.handle, style: style.strong },
    { title: "Name", text: (row: Account) => row.name ?? "" },
    { title: "Is", text: standingWords },
    { title: "Since", text: (row: Account) => row.createdAt.slice(0, 10) },
  ];
  await printList(context, accounts, {
    json,
    fields: administeredAccountFields,
    columns,
    nothing: "No account is so.",
  });
}

/** `guts account view`: one account with everything that administrators see of it; its budget is `guts account budget`. */
export async function viewAccount(
  context: CommandContext,
  [handle = ""]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { client } = connectSignedIn(context);
  const account = await client.call("GET /api/guts/accounts/{handle}", { path: { handle } });
  if (json !== undefined) return printJson(platform.stdout, json, administeredAccountFields, account);
  const { suspension } = account;
  const rows: readonly (readonly [name: string, value: string])[] = [
    ["handle", account.handle],
    ["name", account.name ?? ""],
    ["id", String(account.id)],
    ["is", standingWords(account)],
    ["since", account.createdAt],
    ["budget", account.isUsual ? "the usual one" : "set by an administrator"],
    ...(suspension === null
      ? []
      : [
          ["suspended", `${suspension.at} by ${suspension.by} in block ${suspension.height}`] as const,
          ["because", suspension.reason || "no reason given"] as const,
        ]),
  ];
  const columns = [
    { title: "Field", text: (row: (typeof rows)[number]) => row[0], style: style.strong },
    { title: "Value", text: (row: (typeof rows)[number]) => row[1] },
  ];
  await printTable(platform.stdout, style, columns, rows);
}

function standingWords({ isOrganization, isAdministrator, suspension }: Account): string {
  const words = [
    isOrganization ? "organization" : "person",
    ...(isAdministrator ? ["administrator"] : []),
    ...(suspension === null ? [] : ["suspended"]),
  ];
  return words.join(", ");
}
