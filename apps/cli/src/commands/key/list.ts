import type { AccountKey } from "@guts/api";
import { fromHex } from "@guts/primitives";
import { connect, connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { relativeTime } from "../../terminal/relative-time.ts";
import { printTable } from "../../terminal/table.ts";
import { keyFields } from "../../tree/fields.ts";
import { fingerprintOf } from "./fingerprint.ts";

/** A key as `--json` prints it. */
export interface KeyRecord {
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly role: string;
  readonly label: string | null;
  readonly addedAt: string;
}

/** `guts key list [handle]`, the oldest key first. */
export async function listKeys(
  context: CommandContext,
  [handle]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const keys = await withProgress(platform.stderr, "Listing keys", () => readKeys(context, handle));
  const records = keys.toSorted((left, right) => left.addedHeight - right.addedHeight).map(keyRecord);
  if (json !== undefined) return printJson(platform.stdout, json, keyFields, records);
  const now = platform.now();
  await printTable(
    platform.stdout,
    style,
    [
      { title: "Fingerprint", text: (row) => row.fingerprint },
      { title: "Role", text: (row) => row.role },
      { title: "Label", text: (row) => row.label ?? "", style: style.strong, isFlexible: true },
      {
        title: "Added",
        text: (row) => relativeTime(row.addedAt, now),
        exactText: (row) => row.addedAt,
        style: style.quiet,
      },
    ],
    records,
  );
}

async function readKeys(context: CommandContext, handle: string | undefined): Promise<readonly AccountKey[]> {
  if (handle === undefined) return await connectSignedIn(context).client.call("GET /api/guts/keys", {});
  return await connect(context).client.call("GET /api/guts/accounts/{handle}/keys", { path: { handle } });
}

/** The record of a key of the API. */
export function keyRecord({ publicKey, role, label, addedAt }: AccountKey): KeyRecord {
  const bytes = fromHex(publicKey) ?? new Uint8Array();
  return { publicKey, fingerprint: fingerprintOf(bytes), role, label, addedAt };
}
