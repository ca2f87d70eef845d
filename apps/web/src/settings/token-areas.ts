import type { TokenPermissions, TokenRestriction } from "@guts/api";

/** A part of repositories that a fine-grained token is given or not. */
export type TokenArea = Exclude<keyof TokenPermissions, "metadata">;
/** How much of an area: write holds read. */
export type TokenLevel = TokenPermissions[TokenArea];

/** Every area, by GitHub's names, and what it is about. */
export const areaChoices: readonly { readonly area: TokenArea; readonly label: string; readonly about: string }[] = [
  { area: "contents", label: "Contents", about: "Files, commits, branches and tags; write lets it push." },
  {
    area: "administration",
    label: "Administration",
    about: "Settings, people, deploy keys and protection; write may also delete the repository.",
  },
  { area: "issues", label: "Issues", about: "Not used by this version yet." },
  { area: "pull_requests", label: "Pull requests", about: "Not used by this version yet." },
];

/** The levels as a form offers them. */
export const levelChoices: readonly { readonly value: TokenLevel; readonly label: string }[] = [
  { value: "none", label: "No access" },
  { value: "read", label: "Read" },
  { value: "write", label: "Read and write" },
];

/** The level that a form's value names. */
export function levelOf(value: string): TokenLevel {
  return levelChoices.find((choice) => choice.value === value)?.value ?? "none";
}

/** What a fine-grained token may do, a few words for each area. */
export function permissionWords({ permissions }: TokenRestriction): readonly string[] {
  const held = areaChoices.filter(({ area }) => permissions[area] !== "none");
  return ["metadata: read", ...held.map(({ area, label }) => `${label.toLowerCase()}: ${permissions[area]}`)];
}

/** Where a fine-grained token reaches. */
export function placeWords({ owner, repositories }: TokenRestriction): string {
  if (repositories === null)
    return owner === null ? "All repositories that you reach" : `All repositories of ${owner} that you reach`;
  const names = repositories.flatMap(({ fullName }) => fullName ?? []);
  const lost = repositories.length - names.length;
  const rest = lost === 0 ? [] : [lost === 1 ? "one that is gone" : `${lost} that are gone`];
  return [...names, ...rest].join(", ");
}
