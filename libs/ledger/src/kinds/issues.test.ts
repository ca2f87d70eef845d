import { describe, expect, test } from "vitest";
import type {
  AccountId,
  CommentId,
  IssueNumber,
  LabelId,
  MilestoneNumber,
  RepositoryId,
  TeamId,
} from "@guts/primitives";
import { parseLabelColor, parseLabelName } from "@guts/collaboration";
import { encode, parseHandle, parseRepositoryName, parseTeamName, repositoryIdCodec } from "@guts/primitives";
import { Scenario, type By, type Person } from "../../test/scenario.ts";
import type { Effects } from "../issue-act.ts";
import {
  assigneesPerIssueMax,
  commentsPerIssueMax,
  labelsPerIssueMax,
  labelsPerRepositoryMax,
  milestonesPerRepositoryMax,
  pinnedIssuesMax,
} from "../limits.ts";
import { scanRows, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import type { PayloadOf } from "./index.ts";

const noEffects: Effects = { mentions: [], teams: [], references: [], closes: [] };
const color = parseLabelColor("d73a4a")!;

/** A public repository of Ada's: Bob triages, Cid writes, Eve is a stranger. */
class Cast {
  readonly scenario = new Scenario();
  readonly ada = this.scenario.signUp();
  readonly bob = this.scenario.signUp();
  readonly cid = this.scenario.signUp();
  readonly eve = this.scenario.signUp();
  readonly repository: RepositoryId;

  constructor(visibility: "public" | "private" = "public") {
    this.repository = this.scenario.repository(this.ada, "tool", { visibility });
    this.scenario.collaborator(this.ada, this.repository, this.bob, "triage");
    this.scenario.collaborator(this.ada, this.repository, this.cid, "write");
  }

  by = (person: Person): By => this.scenario.root(person);
  text = (text: string) => this.scenario.ledger.offerText(text);
  key = (number: number) => ({ repository: this.repository, number: number as IssueNumber });
  issue = (number: number) => this.scenario.forge.issues.issue(this.key(number));

  open(person: Person, change: Partial<PayloadOf<"issue.open">> = {}): string {
    return this.scenario.code("issue.open", this.opening(change), this.by(person));
  }

  opening(change: Partial<PayloadOf<"issue.open">> = {}): PayloadOf<"issue.open"> {
    const plain = { body: undefined, labels: [], assignees: [], milestone: undefined, effects: noEffects };
    return { repository: this.repository, title: this.text("It breaks"), ...plain, ...change };
  }

  opened(person: Person, change: Partial<PayloadOf<"issue.open">> = {}): IssueNumber {
    return this.scenario.mustApply("issue.open", this.opening(change), this.by(person)).number;
  }

  label(name: string): LabelId {
    const labels = [{ name: parseLabelName(name)!, color, description: undefined }];
    const payload = { repository: this.repository, labels };
    return this.scenario.mustApply("labels.create", payload, this.by(this.cid)).labels[0]!;
  }

  milestone(): MilestoneNumber {
    const payload = {
      repository: this.repository,
      title: this.text("1.0"),
      description: undefined,
      dueTime: undefined,
    };
    return this.scenario.mustApply("milestone.create", payload, this.by(this.cid)).milestone;
  }

  comment(person: Person, number: number): CommentId {
    const payload = { issue: this.key(number), body: this.text("Me too"), effects: noEffects };
    return this.scenario.mustApply("comment.add", payload, this.by(person)).comment;
  }

  say(person: Person, number: number): string {
    const payload = { issue: this.key(number), body: this.text("Me too"), effects: noEffects };
    return this.scenario.code("comment.add", payload, this.by(person));
  }

  close(person: Person, number: number, reason: "completed" | "not_planned" = "completed"): string {
    return this.scenario.code(
      "issue.close",
      { issue: this.key(number), reason, duplicateOf: undefined },
      this.by(person),
    );
  }

  reopen(person: Person, number: number): string {
    return this.scenario.code("issue.reopen", { issue: this.key(number) }, this.by(person));
  }

  triage(person: Person, number: number, change: Partial<PayloadOf<"issue.triage">>): string {
    const none = { add: [], remove: [] };
    const payload = { issue: this.key(number), labels: none, assignees: none, milestone: undefined, ...change };
    return this.scenario.code("issue.triage", payload, this.by(person));
  }
}

describe("an issue", () => {
  test("is opened by whoever reads, with dense numbers of its repository", () => {
    const cast = new Cast();
    expect(cast.opened(cast.eve)).toBe(1);
    expect(cast.open(cast.eve, { repository: 99 as RepositoryId })).toBe("not-found");
    expect(cast.open(cast.eve, { labels: [1 as LabelId] })).toBe("forbidden");
    expect(cast.opened(cast.ada)).toBe(2);
    const other = cast.scenario.repository(cast.ada, "other");
    expect(cast.opened(cast.ada, { repository: other })).toBe(1);
    expect([cast.issue(1)!.id, cast.issue(2)!.id]).toEqual([1, 2]);
    expect(cast.issue(1)).toMatchObject({ author: cast.eve.id, closed: undefined, kind: "issue", commentCount: 0 });
  });

  test("of a private repository is absent for strangers, and of an archived one stays as it is", () => {
    const cast = new Cast("private");
    expect(cast.open(cast.eve)).toBe("not-found");
    expect(cast.opened(cast.bob)).toBe(1);
    cast.scenario.mustApply("repository.archive", { repository: cast.repository, isArchived: true }, cast.by(cast.ada));
    expect(cast.open(cast.bob)).toBe("repository-archived");
    expect(cast.say(cast.bob, 1)).toBe("repository-archived");
  });

  test("is edited by its author and by who moderates", () => {
    const cast = new Cast();
    cast.opened(cast.eve);
    const edit = (person: Person, title: string | undefined) =>
      cast.scenario.code(
        "issue.edit",
        {
          issue: cast.key(1),
          title: title === undefined ? undefined : cast.text(title),
          body: undefined,
          effects: noEffects,
        },
        cast.by(person),
      );
    expect(edit(cast.bob, "Mine")).toBe("forbidden");
    expect(edit(cast.eve, undefined)).toBe("nothing-to-do");
    expect([edit(cast.eve, "A"), edit(cast.cid, "B")]).toEqual(["applied", "applied"]);
  });

  test("is closed with a reason by its author or who triages, and opened again by who closed it or triages", () => {
    const cast = new Cast();
    cast.opened(cast.eve);
    const stranger = cast.scenario.signUp();
    expect([cast.close(stranger, 1), cast.reopen(cast.eve, 1)]).toEqual(["forbidden", "forbidden"]);
    expect([cast.close(cast.eve, 1), cast.close(cast.eve, 1)]).toEqual(["applied", "already-so"]);
    expect(cast.close(cast.eve, 1, "not_planned")).toBe("applied");
    expect(cast.reopen(cast.eve, 1)).toBe("applied");
    expect(cast.reopen(cast.bob, 1)).toBe("already-so");
    expect(cast.close(cast.bob, 1)).toBe("applied");
    expect([cast.reopen(cast.eve, 1), cast.reopen(cast.bob, 1)]).toEqual(["forbidden", "applied"]);
  });

  test("is a duplicate of another one that exists, and of no other reason then", () => {
    const cast = new Cast();
    cast.opened(cast.eve);
    cast.opened(cast.eve);
    const duplicate = (of: number, reason: "duplicate" | "completed" = "duplicate") =>
      cast.scenario.code("issue.close", { issue: cast.key(2), reason, duplicateOf: cast.key(of) }, cast.by(cast.bob));
    expect([duplicate(9), duplicate(2), duplicate(1, "completed")]).toEqual(Array(3).fill("reference-invalid"));
    expect([duplicate(1), duplicate(1)]).toEqual(["applied", "already-so"]);
    expect(cast.issue(2)!.closed).toMatchObject({ reason: "duplicate", duplicateOf: { number: 1 } });
  });

  test("that is locked hears only those who may push", () => {
    const cast = new Cast();
    cast.opened(cast.eve);
    const lock = (person: Person) =>
      cast.scenario.code("issue.lock", { issue: cast.key(1), reason: "spam" }, cast.by(person));
    const unlock = (person: Person) => cast.scenario.code("issue.unlock", { issue: cast.key(1) }, cast.by(person));
    expect([lock(cast.bob), lock(cast.cid), lock(cast.cid)]).toEqual(["forbidden", "applied", "already-so"]);
    expect([cast.say(cast.eve, 1), cast.say(cast.bob, 1), cast.say(cast.cid, 1)]).toEqual([
      "conversation-locked",
      "conversation-locked",
      "applied",
    ]);
    expect([unlock(cast.cid), unlock(cast.cid), cast.say(cast.eve, 1)]).toEqual(["applied", "already-so", "applied"]);
  });

  test("is pinned with few others", () => {
    const cast = new Cast();
    for (let count = 0; count <= pinnedIssuesMax; count++) cast.opened(cast.eve);
    const pin = (number: number) => cast.scenario.code("issue.pin", { issue: cast.key(number) }, cast.by(cast.cid));
    const unpin = (number: number) => cast.scenario.code("issue.unpin", { issue: cast.key(number) }, cast.by(cast.cid));
    for (let number = 1; number <= pinnedIssuesMax; number++) expect(pin(number)).toBe("applied");
    expect([pin(1), pin(4), unpin(4), unpin(1), pin(4)]).toEqual([
      "already-so",
      "pin-limit",
      "already-so",
      "applied",
      "applied",
    ]);
  });
});

describe("triage", () => {
  test("gives labels, assignees and a milestone that exist", () => {
    const cast = new Cast();
    cast.opened(cast.eve);
    const [bug, milestone] = [cast.label("bug"), cast.milestone()];
    const everything = {
      labels: { add: [bug], remove: [] },
      assignees: { add: [cast.bob.id, cast.eve.id], remove: [] },
      milestone: { value: milestone },
    };
    expect(cast.triage(cast.eve, 1, everything)).toBe("forbidden");
    expect([cast.triage(cast.bob, 1, everything), cast.triage(cast.bob, 1, everything)]).toEqual([
      "applied",
      "already-so",
    ]);
    expect(cast.triage(cast.bob, 1, { labels: { add: [77 as LabelId], remove: [] } })).toBe("label-unknown");
    expect(cast.triage(cast.bob, 1, { milestone: { value: 9 as MilestoneNumber } })).toBe("milestone-unknown");
    const stranger = cast.scenario.signUp();
    expect(cast.triage(cast.bob, 1, { assignees: { add: [stranger.id], remove: [] } })).toBe("assignee-invalid");
    const { issues } = cast.scenario.forge;
    expect(Array.from(issues.labelsOf(cast.key(1)), ({ name }) => name)).toEqual(["bug"]);
    expect(Array.from(issues.assigneesOf(cast.key(1)))).toEqual([cast.bob.id, cast.eve.id]);
    const back = { labels: { add: [], remove: [bug] }, milestone: { value: undefined } };
    expect(cast.triage(cast.bob, 1, back)).toBe("applied");
    expect(cast.issue(1)!.milestone).toBeUndefined();
  });

  test("comes with a new issue for those who may", () => {
    const cast = new Cast();
    const labels = [cast.label("bug")];
    expect(cast.open(cast.eve, { labels })).toBe("forbidden");
    expect(cast.opened(cast.bob, { labels, assignees: [cast.bob.id], milestone: cast.milestone() })).toBe(1);
  });
});

describe("a label", () => {
  test("has a name of its own in any case, and is gone from issues when it is deleted", () => {
    const cast = new Cast();
    const bug = cast.label("bug");
    const payload = {
      repository: cast.repository,
      labels: [{ name: parseLabelName("BUG")!, color, description: undefined }],
    };
    expect(cast.scenario.code("labels.create", payload, cast.by(cast.cid))).toBe("label-name-taken");
    expect(cast.scenario.code("labels.create", { ...payload, labels: [] }, cast.by(cast.cid))).toBe("nothing-to-do");
    expect(cast.scenario.code("labels.create", payload, cast.by(cast.bob))).toBe("forbidden");
    const rename = { repository: cast.repository, label: bug, name: parseLabelName("Bug")!, color: undefined };
    cast.scenario.mustApply("label.update", { ...rename, description: undefined }, cast.by(cast.cid));
    cast.opened(cast.bob, { labels: [bug] });
    cast.scenario.mustApply("label.delete", { repository: cast.repository, label: bug }, cast.by(cast.cid));
    expect(Array.from(cast.scenario.forge.issues.labelsOf(cast.key(1)))).toEqual([]);
    expect(cast.label("bug")).toBe(2);
  });
});

describe("a comment", () => {
  test("is counted, changed by its author or who moderates, hidden and deleted", () => {
    const cast = new Cast();
    cast.opened(cast.eve);
    const [first] = [cast.comment(cast.eve, 1), cast.comment(cast.bob, 1)];
    expect(cast.issue(1)!.commentCount).toBe(2);
    const edit = (person: Person) =>
      cast.scenario.code("comment.edit", { comment: first, body: cast.text("x"), effects: noEffects }, cast.by(person));
    expect([edit(cast.bob), edit(cast.eve), edit(cast.cid)]).toEqual(["forbidden", "applied", "applied"]);
    const hide = (reason: "spam" | undefined) =>
      cast.scenario.code("comment.hide", { comment: first, reason }, cast.by(cast.cid));
    expect([hide(undefined), hide("spam"), hide("spam"), hide(undefined)]).toEqual([
      "already-so",
      "applied",
      "already-so",
      "applied",
    ]);
    const remove = (person: Person) => cast.scenario.code("comment.delete", { comment: first }, cast.by(person));
    expect([remove(cast.bob), remove(cast.eve), remove(cast.eve)]).toEqual(["forbidden", "applied", "not-found"]);
    expect(cast.issue(1)!.commentCount).toBe(1);
  });

  test("mentions people who exist, and refers to issues that its author may read", () => {
    const cast = new Cast();
    cast.opened(cast.eve);
    const secret = cast.scenario.repository(cast.ada, "secret", { visibility: "private" });
    const hidden = { repository: secret, number: cast.opened(cast.ada, { repository: secret }) };
    const say = (effects: Partial<Effects>) =>
      cast.scenario.code(
        "comment.add",
        { issue: cast.key(1), body: cast.text("x"), effects: { ...noEffects, ...effects } },
        cast.by(cast.eve),
      );
    expect(say({ mentions: [999 as never] })).toBe("mention-invalid");
    expect([say({ references: [hidden] }), say({ closes: [cast.key(7)] })]).toEqual(Array(2).fill("reference-invalid"));
    expect(say({ mentions: [cast.bob.id], references: [cast.key(1)] })).toBe("applied");
  });

  test("mentions teams of the organization that owns the repository, if its author is to know them", () => {
    const cast = new Cast();
    const { scenario, bob, eve } = cast;
    const by = cast.by(cast.ada);
    const organization = (handle: string) => {
      const payload = { handle: parseHandle(handle)!, displayName: undefined };
      return scenario.mustApply("organization.create", payload, by).organization;
    };
    const team = (owner: AccountId, privacy: "visible" | "secret") =>
      scenario.mustApply(
        "team.create",
        { organization: owner, name: parseTeamName(privacy)!, description: undefined, privacy, parent: undefined },
        by,
      ).team;
    const [crew, other] = [organization("crew"), organization("other")];
    const [core, secret, foreign] = [team(crew, "visible"), team(crew, "secret"), team(other, "visible")];
    const invitation = { organization: crew, account: bob.id, role: "member", teams: [] } as const;
    scenario.mustApply("organization.invite", invitation, by);
    scenario.mustApply("organization.accept", { organization: crew }, cast.by(bob));
    const { repository } = scenario.mustApply(
      "repository.create",
      {
        owner: crew,
        name: parseRepositoryName("tool")!,
        visibility: "public",
        objectFormat: "sha1",
        defaultBranch: undefined,
        description: undefined,
        homepage: undefined,
      },
      by,
    );
    const call = (person: Person, id: TeamId) =>
      cast.open(person, { repository, effects: { ...noEffects, teams: [id] } });
    expect([call(bob, core), call(cast.ada, secret)]).toEqual(["applied", "applied"]);
    expect([call(eve, core), call(bob, secret), call(cast.ada, foreign)]).toEqual(Array(3).fill("mention-invalid"));
  });

  test("closes as a duplicate of an issue elsewhere with the same number", () => {
    const cast = new Cast();
    const other = cast.scenario.repository(cast.ada, "other");
    cast.opened(cast.ada);
    cast.opened(cast.ada);
    cast.opened(cast.ada, { repository: other });
    const close = (repository: RepositoryId) => {
      const duplicateOf = { repository, number: 1 as IssueNumber };
      return cast.scenario.code(
        "issue.close",
        { issue: cast.key(2), reason: "duplicate", duplicateOf },
        cast.by(cast.ada),
      );
    };
    expect([close(cast.repository), close(other), close(other)]).toEqual(["applied", "applied", "already-so"]);
  });
});

describe("a reaction", () => {
  test("is each person's own, once with each", () => {
    const cast = new Cast();
    cast.opened(cast.eve);
    const subject = { type: "issue", ...cast.key(1) } as const;
    const react = (person: Person) =>
      cast.scenario.code("reaction.add", { subject, content: "heart" }, cast.by(person));
    const takeBack = (person: Person) =>
      cast.scenario.code("reaction.remove", { subject, content: "heart" }, cast.by(person));
    expect([react(cast.eve), react(cast.eve), react(cast.bob)]).toEqual(["applied", "already-so", "applied"]);
    expect([takeBack(cast.cid), takeBack(cast.eve), takeBack(cast.eve)]).toEqual(["not-found", "applied", "not-found"]);
  });
});

describe("limits", () => {
  test("of labels, milestones, comments and assignees hold where they stand", () => {
    const cast = new Cast();
    cast.opened(cast.eve);
    const some = cast.label("one");
    const set = (of: "labels" | "milestoneNumbers", count: number) =>
      cast.scenario.arrange((state) => writeRow(state, tables.tallyTable, { of, id: cast.repository }, count));
    set("labels", labelsPerRepositoryMax);
    const labels = [{ name: parseLabelName("two")!, color, description: undefined }];
    expect(cast.scenario.code("labels.create", { repository: cast.repository, labels }, cast.by(cast.cid))).toBe(
      "label-limit",
    );
    set("milestoneNumbers", milestonesPerRepositoryMax);
    const milestone = {
      repository: cast.repository,
      title: cast.text("1"),
      description: undefined,
      dueTime: undefined,
    };
    expect(cast.scenario.code("milestone.create", milestone, cast.by(cast.cid))).toBe("milestone-limit");
    const { repository: _r, number: _n, ...row } = cast.issue(1)!;
    cast.scenario.arrange((state) =>
      writeRow(state, tables.issueTable, cast.key(1), { ...row, commentCount: commentsPerIssueMax }),
    );
    expect(cast.say(cast.eve, 1)).toBe("comment-limit");
    cast.scenario.arrange((state) => {
      for (let label = 0; label < labelsPerIssueMax; label++) {
        const id = (1_000 + label) as LabelId;
        const value = { name: parseLabelName(`label ${label}`)!, color, description: undefined };
        writeRow(state, tables.labelTable, { repository: cast.repository, label: id }, value);
        writeRow(state, tables.issueLabelTable, { ...cast.key(1), label: id }, {});
      }
      for (let account = 0; account < assigneesPerIssueMax; account++)
        writeRow(state, tables.issueAssigneeTable, { ...cast.key(1), account: (1_000 + account) as AccountId }, {});
    });
    expect(cast.triage(cast.bob, 1, { labels: { add: [some], remove: [] } })).toBe("label-limit");
    expect(cast.triage(cast.bob, 1, { assignees: { add: [cast.bob.id], remove: [] } })).toBe("assignee-limit");
  });
});

test("a deleted repository leaves nothing of its issues behind", () => {
  const cast = new Cast();
  const [bug, milestone] = [cast.label("bug"), cast.milestone()];
  cast.opened(cast.bob, { labels: [bug], assignees: [cast.bob.id], milestone });
  const comment = cast.comment(cast.eve, 1);
  cast.scenario.mustApply("issue.pin", { issue: cast.key(1) }, cast.by(cast.cid));
  for (const subject of [{ type: "issue", ...cast.key(1) } as const, { type: "comment", comment } as const])
    cast.scenario.mustApply("reaction.add", { subject, content: "eyes" }, cast.by(cast.eve));
  cast.scenario.mustApply("repository.delete", { repository: cast.repository }, cast.by(cast.ada));
  for (let block = 0; block < 3; block++) cast.scenario.signUp();
  const { reader } = cast.scenario.forge;
  const within = encode(repositoryIdCodec, cast.repository);
  const left = [
    ...scanRows(reader, tables.issueTable, { within }),
    ...scanRows(reader, tables.issueLabelTable, { within }),
    ...scanRows(reader, tables.issueAssigneeTable, { within }),
    ...scanRows(reader, tables.labelTable, { within }),
    ...scanRows(reader, tables.labelNameTable, { within }),
    ...scanRows(reader, tables.milestoneTable, { within }),
    ...scanRows(reader, tables.issueCommentTable, { within }),
    ...scanRows(reader, tables.commentTable),
    ...scanRows(reader, tables.reactionTable),
    ...Array.from(scanRows(reader, tables.tallyTable)).filter(([{ of }]) => /issue|milestone|label|pinned/i.test(of)),
  ];
  expect(left).toEqual([]);
});
