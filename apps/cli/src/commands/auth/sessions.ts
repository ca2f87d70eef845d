import type { Token } from "@guts/api";
import { CliError } from "../../cli-error.ts";
import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { relativeTime } from "../../terminal/relative-time.ts";
import { printTable } from "../../terminal/table.ts";
import { tokenFields } from "../../tree/fields.ts";
import { sayDone } from "../say.ts";

/** Characters of an id in a table. */
const idLengthShown = 12;

interface SessionsOptions {
  readonly json?: JsonOption;
  /** An id, or a beginning of it that is unique: that session is ended. */
  readonly end?: string;
}

/** `guts auth sessions`: where browsers, and programs that visit, are signed in; or ends one of them everywhere. */
export async function showSessions(
  context: CommandContext,
  _args: readonly string[],
  { json, end }: SessionsOptions,
): Promise<void> {
  const { platform, style } = context;
  const { client } = connectSignedIn(context);
  const all = await withProgress(platform.stderr, "Listing sessions", () => client.call("GET /api/guts/tokens", {}));
  const sessions = all.filter(({ kind }) => kind !== "token");
  if (end !== undefined) {
    const session = findSession(sessions, end);
    await client.call("DELETE /api/guts/tokens/{id}", { path: { id: session.id } });
    return sayDone(context, `Ended the session ${session.label} at ${session.nodes.join(", ")}`);
  }
  if (json !== undefined) return printJson(platform.stdout, json, tokenFields, sessions);
  const now = platform.now();
  await printTable<Token>(
    platform.stdout,
    style,
    [
      { title: "Id", text: ({ id }) => id.slice(0, idLengthShown), exactText: ({ id }) => id },
      { title: "Session", text: ({ label }) => label, style: style.strong },
      { title: "At", text: ({ nodes }) => nodes.join(", "), exactText: ({ nodes }) => nodes.join(",") },
      { title: "Consent of", text: ({ vouchedBy }) => vouchedBy ?? "", isFlexible: true },
      {
        title: "Began",
        text: ({ createdAt }) => relativeTime(createdAt, now),
        exactText: ({ createdAt }) => createdAt,
        style: style.quiet,
      },
      {
        title: "Last used",
        text: ({ lastUsedAt }) => (lastUsedAt === null ? "never here" : relativeTime(lastUsedAt, now)),
        exactText: ({ lastUsedAt }) => lastUsedAt ?? "",
        style: style.quiet,
      },
    ],
    sessions,
  );
}

function findSession(sessions: readonly Token[], text: string): Token {
  const [session, other] = sessions.filter(({ id }) => id.startsWith(text));
  if (session === undefined) throw new CliError("not-found", `you have no session ${text}`);
  if (other !== undefined)
    throw new CliError("usage", `several sessions begin with ${text}`, { hint: "Give more of the id." });
  return session;
}
