/**
 * What a text causes besides being read: whom it mentions, which issues it refers to and which it closes once merged.
 *
 * The ledger reads no text. Whoever submits one says its effects beside it, found by this function, and sees them before.
 * The forms are GitHub's: https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
 */
import {
  parseHandle,
  parseRepositoryName,
  parseTeamSlug,
  type Handle,
  type RepositoryName,
  type TeamSlug,
} from "@guts/primitives";
import { mentionsPerTextMax, referencesPerTextMax } from "./limits.ts";
import { proseOf } from "./prose.ts";

/** Somebody to be told. */
export type Mention =
  | { readonly type: "account"; readonly handle: Handle }
  | { readonly type: "team"; readonly organization: Handle; readonly team: TeamSlug };

/** An issue or pull request, by the number in its repository; without a repository it is the text's own. */
export interface IssueReference {
  readonly repository: { readonly owner: Handle; readonly name: RepositoryName } | undefined;
  readonly number: number;
}

/** What a text causes; each mention and reference once, in the order of the text. */
export interface TextEffects {
  readonly mentions: readonly Mention[];
  /** Those that `closes` has are not repeated here. */
  readonly references: readonly IssueReference[];
  /** What the merge of the pull request or commit closes. */
  readonly closes: readonly IssueReference[];
}

const mention = /(?<![\w`@/.-])@([A-Za-z0-9][A-Za-z0-9-]{0,38})(?:\/([A-Za-z0-9_-]{1,100}))?(?![\w@]|\.\w)/g;
const keyword = String.raw`(?:(?<keyword>close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+)?`;
const repository = String.raw`(?:(?<owner>[A-Za-z0-9][A-Za-z0-9-]{0,38})\/(?<name>[A-Za-z0-9._-]{1,100}))?`;
const reference = new RegExp(
  String.raw`(?<![\w&/.#-])${keyword}(?:${repository}#|GH-)(?<number>[1-9]\d{0,9})(?![\w#])`,
  "gi",
);

/** Finds the effects of a Markdown text. Takes time proportional to its length; past the limits the rest has no effect. */
export function textEffectsOf(markdown: string): TextEffects {
  const prose = proseOf(markdown);
  const found = Array.from(prose.matchAll(reference), toReference).filter((one) => one !== undefined);
  const closes = distinct(found.filter(({ isClosing }) => isClosing).map(({ to }) => to)).slice(
    0,
    referencesPerTextMax,
  );
  const closed = new Set(closes.map(keyOf));
  const others = found.map(({ to }) => to).filter((to) => !closed.has(keyOf(to)));
  return {
    mentions: mentionsIn(prose),
    references: distinct(others).slice(0, referencesPerTextMax - closes.length),
    closes,
  };
}

function mentionsIn(prose: string): readonly Mention[] {
  const mentions = new Map<string, Mention>();
  for (const [, name, slug] of prose.matchAll(mention)) {
    const handle = parseHandle(name!);
    const team = slug === undefined ? undefined : parseTeamSlug(slug.toLowerCase());
    if (handle === undefined || (slug !== undefined && team === undefined)) continue;
    const key = `${handle}/${team ?? ""}`.toLowerCase();
    if (mentions.has(key)) continue;
    mentions.set(key, team === undefined ? { type: "account", handle } : { type: "team", organization: handle, team });
    if (mentions.size === mentionsPerTextMax) break;
  }
  return [...mentions.values()];
}

function toReference({
  groups,
}: RegExpExecArray): { readonly to: IssueReference; readonly isClosing: boolean } | undefined {
  const { keyword: word, owner, name, number } = groups!;
  const isClosing = word !== undefined;
  if (owner === undefined) return { to: { repository: undefined, number: Number(number) }, isClosing };
  const place = { owner: parseHandle(owner), name: parseRepositoryName(name!) };
  if (place.owner === undefined || place.name === undefined) return undefined;
  return { to: { repository: { owner: place.owner, name: place.name }, number: Number(number) }, isClosing };
}

function distinct(references: readonly IssueReference[]): readonly IssueReference[] {
  return [...new Map(references.toReversed().map((one) => [keyOf(one), one])).values()].toReversed();
}

function keyOf({ repository: place, number }: IssueReference): string {
  return `${place === undefined ? "" : `${place.owner}/${place.name}`.toLowerCase()}#${number}`;
}
