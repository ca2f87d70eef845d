/** Redaction: detached text is erased everywhere while what was signed stays valid. */
import { digestCodec, list, struct, text } from "@guts/primitives";
import { resolvePermission, permits, scopesAllow } from "@guts/governance";
import { actorScope, applied, defineKind, rejected, scopesOf, type ActContext } from "../kind.ts";
import { reasonBytesMax, redactionDigestsMax } from "../limits.ts";
import { readRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";

/** Erases texts: one's own, those of a repository that one administers, or any for the network's administrators. */
export const contentRedact = defineKind({
  tag: 50,
  payload: struct({ digests: list(digestCodec, redactionDigestsMax), reason: text(reasonBytesMax) }),
  result: struct({}),
  authority: "any",
  work: ({ digests }) => 6 * digests.length,
  scope: actorScope,
  apply: (context, { digests, reason }) => {
    if (digests.length === 0) return rejected("nothing-to-do");
    for (const digest of digests) {
      const content = readRow(context.state, tables.contentTable, digest);
      if (content === undefined || !mayRedact(context, content)) return rejected("content-unknown");
      if (content.redaction !== undefined) return rejected("content-redacted");
      const redaction = { by: context.actor, height: context.height, reason };
      writeRow(context.state, tables.contentTable, digest, { ...content, redaction });
    }
    return applied({});
  },
});

function mayRedact(context: ActContext, content: ReturnType<(typeof tables.contentTable)["value"]["read"]>): boolean {
  const { actor, authority, forge, state } = context;
  const scopes = scopesOf(authority);
  if (
    scopes !== undefined &&
    !scopesAllow(scopes, content.repository === undefined ? "write-profile" : "administer-repository")
  )
    return false;
  if (content.account === actor || readRow(state, tables.accountTable, actor)!.isAdministrator === "yes") return true;
  const repository = content.repository === undefined ? undefined : forge.repository(content.repository);
  return repository !== undefined && permits(resolvePermission(forge.grants(repository, actor)).permission, "admin");
}
