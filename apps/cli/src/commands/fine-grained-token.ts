import type { FineGrainedCreation, Token, TokenPermissions } from "@guts/api";
import { usageError } from "../cli-error.ts";
import { viewerLogin, type Connection } from "../connection.ts";
import { parseRepositoryArgument } from "../git/select-repository.ts";

/** What `guts token create` takes for a fine-grained token. Each may be repeated or hold several, separated by commas. */
export interface FineGrainedOptions {
  readonly repo?: readonly string[];
  readonly owner?: string;
  readonly permission?: readonly string[];
}

type Body = Pick<FineGrainedCreation, "owner" | "repositories" | "permissions">;
type Area = keyof TokenPermissions;
type Level = TokenPermissions[Area];

const areas: Readonly<Record<Area, true>> = {
  contents: true,
  administration: true,
  metadata: true,
  issues: true,
  pull_requests: true,
};
const levels: Readonly<Record<Level, true>> = { none: true, read: true, write: true };

/** Whether the options ask for a fine-grained token. */
export function isFineGrained({ repo, owner, permission }: FineGrainedOptions): boolean {
  return repo !== undefined || owner !== undefined || permission !== undefined;
}

/** What the options say that the token may reach. Throws `usage`. */
export async function fineGrainedBody(
  connection: Pick<Connection, "client" | "token">,
  options: FineGrainedOptions,
): Promise<Body> {
  const permissions = parsePermissions(options.permission ?? []);
  if (options.repo === undefined) return { ...(options.owner !== undefined && { owner: options.owner }), permissions };
  const named = options.repo.map(parseRepositoryArgument);
  const self = named.every(({ owner }) => owner !== undefined) ? undefined : await viewerLogin(connection);
  const owners = new Set(named.map(({ owner = options.owner ?? self! }) => owner.toLowerCase()));
  if (options.owner !== undefined) owners.add(options.owner.toLowerCase());
  const [owner] = owners;
  if (owners.size !== 1)
    throw usageError("the repositories of one token have one owner", "Create a token for each owner.");
  return { owner: owner!, repositories: [...new Set(named.map(({ name }) => name))], permissions };
}

/** `contents=write` and the like. A token without any may see that its repositories are there. */
function parsePermissions(given: readonly string[]): Body["permissions"] {
  const entries = given.map((text) => {
    const [area = "", level = ""] = text.split("=");
    const isKnown = Object.hasOwn(areas, area) && Object.hasOwn(levels, level);
    if (!isKnown || (area === "metadata" && level !== "read"))
      throw usageError(
        `"${text}" is no permission`,
        `Write AREA=LEVEL with one of ${Object.keys(areas).join(", ")} and one of none, read, write; metadata is always read.`,
      );
    return [area, level] as const;
  });
  const repeated = entries.find(([area], index) => entries.findIndex(([other]) => other === area) !== index);
  if (repeated !== undefined) throw usageError(`the permission ${repeated[0]} is given twice`);
  return Object.fromEntries(entries);
}

/** What a token may do, shortly: its scopes, or its permissions and where it has them. */
export function powersText({ scopes, restriction }: Pick<Token, "scopes" | "restriction">, separator = ", "): string {
  if (restriction === null) return scopes.join(separator);
  const held = Object.entries(restriction.permissions).filter(([, level]) => level !== "none");
  return held.map(([area, level]) => `${area}=${level}`).join(separator);
}

/** Where a fine-grained token reaches. */
export function placesText({ restriction }: Pick<Token, "restriction">): string {
  if (restriction === null) return "";
  const { owner, repositories } = restriction;
  if (repositories === null) return owner === null ? "all repositories" : `all repositories of ${owner}`;
  return repositories.map(({ id, fullName }) => fullName ?? `repository ${id}`).join(", ");
}
