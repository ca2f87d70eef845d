/** What the users of a simulated ledger do with issues, comments, labels, milestones and reactions. */
import {
  closeReasons,
  hideReasons,
  lockReasons,
  parseLabelColor,
  parseLabelName,
  reactions,
} from "@guts/collaboration";
import {
  ledgerLimits,
  scanRows,
  tables,
  type ContentRef,
  type Effects,
  type Issue,
  type IssueKey,
  type KindName,
  type PayloadOf,
  type TextChange,
} from "@guts/ledger";
import type {
  AccountId,
  CommentId,
  IssueNumber,
  LabelId,
  MilestoneNumber,
  RepositoryId,
  TeamId,
  TimeMs,
} from "@guts/primitives";
import type { Random } from "./random.ts";
import type { SimulatedLedger } from "./simulated-ledger.ts";

/** Kinds that are about issues. */
export type IssueKind = Extract<
  KindName,
  | `issue.${string}`
  | `comment.${string}`
  | `reaction.${string}`
  | `label.${string}`
  | `labels.${string}`
  | `milestone.${string}`
>;

/** Those of them that are about labels and milestones. */
type TermKind = Extract<IssueKind, `label${string}` | `milestone.${string}`>;

/** These kinds by how often they are tried. */
export const issueWeights: Readonly<Record<IssueKind, number>> = {
  "issue.open": 12,
  "issue.edit": 2,
  "issue.close": 3,
  "issue.reopen": 3,
  "issue.lock": 1,
  "issue.unlock": 2,
  "issue.pin": 2,
  "issue.unpin": 2,
  "issue.triage": 4,
  "comment.add": 5,
  "comment.edit": 2,
  "comment.delete": 2,
  "comment.hide": 2,
  "reaction.add": 4,
  "reaction.remove": 3,
  "labels.create": 4,
  "label.update": 2,
  "label.delete": 1,
  "milestone.create": 3,
  "milestone.update": 2,
  "milestone.delete": 1,
};

/** What only the users know. */
interface Around {
  readonly accounts: () => readonly AccountId[];
  readonly text: (bytesMax: number) => ContentRef;
  readonly textChange: (bytesMax: number) => TextChange;
}

/** Few, so that they are taken, and some that differ only in case. */
const labelNames = ["bug", "Bug", "good first issue", "Ünï", "🐛"];
const colors = ["d73a4a", "000000", "ffffff"];

/** Acts on the issues of one ledger; the same seed gives the same acts. */
export class RandomIssues {
  readonly #ledger: SimulatedLedger;
  readonly #around: Around;

  constructor(ledger: SimulatedLedger, around: Around) {
    this.#ledger = ledger;
    this.#around = around;
  }

  get #random(): Random {
    return this.#ledger.random;
  }

  /** An act, and who is to do it: the repository's owner mostly, who may do everything. */
  act<Kind extends IssueKind>(
    kind: Kind,
  ): { readonly account: AccountId | undefined; readonly payload: PayloadOf<Kind> } {
    const issue = this.#random.pick(this.#suited(kind));
    const any = this.#random.pick([...scanRows(this.#ledger.state, tables.repositoryTable)])?.[0];
    const repository = issue?.repository ?? any ?? (1 as RepositoryId);
    const reaction = kind === "reaction.remove" ? this.#random.pick(this.#reactions()) : undefined;
    const owner = reaction?.account ?? this.#ledger.forge.repository(repository)?.owner;
    const payload = reaction ?? this.#payloads(repository, issue)[kind]();
    return { account: this.#random.oneIn(4) ? undefined : owner, payload: payload as PayloadOf<Kind> };
  }

  /** Issues to which the act can happen; for acts on a repository those whose repository has what it is about. */
  #suited(kind: IssueKind): readonly IssueKey[] {
    const { state, forge } = this.#ledger;
    const known = [...scanRows(state, tables.issueTable)].filter(
      ([key]) => forge.repository(key.repository) !== undefined,
    );
    const fits: Partial<Readonly<Record<IssueKind, (row: Issue) => boolean>>> = {
      "issue.open": () => this.#random.oneIn(2),
      "issue.reopen": ({ closed }) => closed !== undefined,
      "issue.unlock": ({ lock }) => lock !== undefined,
      "issue.unpin": ({ pinnedTime }) => pinnedTime !== undefined,
      "label.update": ({ repository }) => [...forge.issues.labels(repository)].length > 0,
      "label.delete": ({ repository }) => [...forge.issues.labels(repository)].length > 0,
    };
    const isFit = fits[kind] ?? (() => true);
    return known
      .map(([key, row]) => ({ ...key, ...row }))
      .filter(isFit)
      .map(({ repository, number }) => ({ repository, number }));
  }

  #reactions() {
    return Array.from(scanRows(this.#ledger.state, tables.reactionTable), ([key]) => key);
  }

  #payloads(
    repository: RepositoryId,
    suited: IssueKey | undefined,
  ): { readonly [Kind in IssueKind]: () => PayloadOf<Kind> } {
    const issue = () => (suited === undefined || this.#random.oneIn(10) ? this.#issue(repository) : suited);
    const comment = () => this.#random.pick(this.#comments(repository)) ?? (1 as CommentId);
    const label = () => this.#label(repository);
    const milestone = () => this.#milestone();
    const some = <Item>(item: () => Item): readonly Item[] => Array.from({ length: this.#random.below(3) }, item);
    const title = () => this.#around.text(ledgerLimits.titleBytesMax);
    const body = () => this.#around.text(ledgerLimits.bodyBytesMax);
    const change = () => this.#around.textChange(ledgerLimits.bodyBytesMax);
    const subject = () =>
      this.#random.oneIn(2)
        ? ({ type: "issue", ...issue() } as const)
        : ({ type: "comment", comment: comment() } as const);
    const reaction = () => ({ subject: subject(), content: this.#random.pick(reactions.slice(0, 3))! });
    return {
      "issue.open": () => ({
        repository,
        title: title(),
        body: this.#random.oneIn(2) ? body() : undefined,
        labels: this.#random.oneIn(3) ? some(label) : [],
        assignees: this.#random.oneIn(6) ? some(() => this.#someone()) : [],
        milestone: this.#random.oneIn(8) ? milestone() : undefined,
        effects: this.#effects(repository),
      }),
      "issue.edit": () => ({
        issue: issue(),
        title: this.#random.oneIn(2) ? title() : undefined,
        body: change(),
        effects: this.#effects(repository),
      }),
      "issue.close": () => ({
        issue: issue(),
        reason: this.#random.pick(closeReasons),
        duplicateOf: this.#random.oneIn(4) ? issue() : undefined,
      }),
      "issue.reopen": () => ({ issue: issue() }),
      "issue.lock": () => ({ issue: issue(), reason: this.#random.pick(lockReasons) }),
      "issue.unlock": () => ({ issue: issue() }),
      "issue.pin": () => ({ issue: issue() }),
      "issue.unpin": () => ({ issue: issue() }),
      "issue.triage": () => ({
        issue: issue(),
        labels: { add: some(label), remove: some(label) },
        assignees: { add: some(() => this.#someone()), remove: some(() => this.#someone()) },
        milestone: this.#random.oneIn(2) ? { value: this.#random.oneIn(2) ? milestone() : undefined } : undefined,
      }),
      "comment.add": () => ({ issue: issue(), body: body(), effects: this.#effects(repository) }),
      "comment.edit": () => ({ comment: comment(), body: body(), effects: this.#effects(repository) }),
      "comment.delete": () => ({ comment: comment() }),
      "comment.hide": () => ({
        comment: comment(),
        reason: this.#random.oneIn(3) ? undefined : this.#random.pick(hideReasons),
      }),
      "reaction.add": reaction,
      "reaction.remove": reaction,
      ...this.#terms(repository),
    };
  }

  /** What a repository has for its issues to name. */
  #terms(repository: RepositoryId): { readonly [Kind in TermKind]: () => PayloadOf<Kind> } {
    const label = () => this.#label(repository);
    const milestone = () => this.#milestone();
    const some = <Item>(item: () => Item): readonly Item[] => Array.from({ length: this.#random.below(3) }, item);
    const title = () => this.#around.text(ledgerLimits.titleBytesMax);
    const body = () => this.#around.text(ledgerLimits.bodyBytesMax);
    const change = () => this.#around.textChange(ledgerLimits.bodyBytesMax);
    const named = () => ({
      name: parseLabelName(this.#random.pick(labelNames)!)!,
      color: parseLabelColor(this.#random.pick(colors)!)!,
    });
    const due = () => (this.#random.oneIn(2) ? undefined : ((this.#ledger.tip.time + 1_000) as TimeMs));
    return {
      "labels.create": () => ({
        repository,
        labels: some(() => ({ ...named(), description: this.#random.oneIn(2) ? title() : undefined })),
      }),
      "label.update": () => ({
        repository,
        label: label(),
        name: this.#random.oneIn(2) ? named().name : undefined,
        color: this.#random.oneIn(2) ? named().color : undefined,
        description: this.#around.textChange(ledgerLimits.descriptionBytesMax),
      }),
      "label.delete": () => ({ repository, label: label() }),
      "milestone.create": () => ({
        repository,
        title: title(),
        description: this.#random.oneIn(2) ? body() : undefined,
        dueTime: due(),
      }),
      "milestone.update": () => ({
        repository,
        milestone: milestone(),
        title: this.#random.oneIn(2) ? title() : undefined,
        description: change(),
        dueTime: this.#random.oneIn(2) ? { value: due() } : undefined,
        isClosed: this.#random.pick([undefined, true, false]),
      }),
      "milestone.delete": () => ({ repository, milestone: milestone() }),
    };
  }

  #milestone(): MilestoneNumber {
    return (1 + this.#random.below(3)) as MilestoneNumber;
  }

  #effects(repository: RepositoryId): Effects {
    const few = <Item>(item: () => Item) => (this.#random.oneIn(6) ? [item()] : []);
    return {
      mentions: few(() => this.#someone()),
      teams: few(() => this.#team(repository)),
      references: few(() => this.#issue(repository)),
      closes: few(() => this.#issue(repository)),
    };
  }

  #issue(repository: RepositoryId) {
    const known = Array.from(scanRows(this.#ledger.state, tables.issueTable), ([key]) => key);
    const own = known.filter((key) => key.repository === repository);
    return this.#random.pick(own) ?? { repository, number: 1 as IssueNumber };
  }

  #team(repository: RepositoryId): TeamId {
    const owner = this.#ledger.forge.repository(repository)?.owner;
    const rows = Array.from(scanRows(this.#ledger.state, tables.teamTable));
    const own = rows.filter(([, { organization }]) => organization === owner);
    return this.#random.pick(own)?.[0] ?? (1 as TeamId);
  }

  #label(repository: RepositoryId): LabelId {
    return this.#random.pick([...this.#ledger.forge.issues.labels(repository)])?.id ?? (1 as LabelId);
  }

  #comments(repository: RepositoryId): readonly CommentId[] {
    const rows = [...scanRows(this.#ledger.state, tables.commentTable)];
    return rows.filter(([, row]) => row.repository === repository).map(([id]) => id);
  }

  #someone(): AccountId {
    return this.#random.pick(this.#around.accounts()) ?? (1 as AccountId);
  }
}
