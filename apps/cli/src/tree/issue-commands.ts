import { issueFields, labelFields, milestoneFields } from "./fields.ts";
import { choice, command, gather, group, type GutsCommand, type OpenContext } from "./guts-command.ts";

/** `guts issue`, `guts label` and `guts milestone`. */
export function issueCommands(open: OpenContext): readonly GutsCommand[] {
  return [issue(open), label(open), milestone(open)];
}

const load = {
  issue: () => import("../commands/issue/issue.ts"),
  label: () => import("../commands/issue/label.ts"),
  milestone: () => import("../commands/issue/milestone.ts"),
};

const issue = (open: OpenContext) => {
  const made = group(
    "issue",
    "Open, find, discuss and close issues",
    "Open, find, discuss and close the issues of a repository: that of the current directory, or another with --repo. An issue " +
      "is named by its number or by the URL of its page. Issues and pull requests share their numbers.",
  );
  for (const child of [list, view, create, edit, comment, close, reopen, lock]) made.addCommand(child(open));
  const simple = [
    ["unlock", "Let everybody comment again", async () => (await load.issue()).unlockIssue],
    ["pin", "Show an issue above the list; three at most", async () => (await load.issue()).pinIssue],
    ["unpin", "Show it among the others again", async () => (await load.issue()).unpinIssue],
  ] as const;
  for (const [name, summary, handler] of simple)
    made.addCommand(command(`${name} <issue>`, summary).withRepository().runs(open, handler));
  return made;
};

const list = (open: OpenContext) =>
  command("list", "List issues", "List the issues of a repository, the newest first.")
    .withRepository()
    .addOption(choice("-s, --state <state>", "Which (default: open)", ["open", "closed", "all"]))
    .option("-l, --label <names>", "With all of these labels", gather)
    .option("-a, --assignee <handle>", "Given to somebody: a handle, @me, none, or * for anybody")
    .option("-A, --author <handle>", "Opened by somebody: a handle or @me")
    .option("--mention <handle>", "That mention somebody: a handle or @me")
    .option("-m, --milestone <number>", "In a milestone: its number, none, or * for any")
    .addOption(choice("--sort <field>", "What comes first (default: created)", ["created", "updated", "comments"]))
    .option("-L, --limit <count>", "At most so many (default: 30)")
    .option("-w, --web", "Open the list in the browser")
    .withJson(issueFields)
    .withExamples(
      ["What waits for you", "guts issue list --assignee @me"],
      ["Closed bugs, as JSON", "guts issue list --state closed --label bug --json number,title"],
    )
    .runs(open, async () => (await load.issue()).listIssues);

const view = (open: OpenContext) =>
  command("view <issue>", "Show an issue")
    .withRepository()
    .option("-c, --comments", "Show its comments, too")
    .option("-w, --web", "Open it in the browser")
    .withJson(issueFields)
    .withExamples(["With its comments", "guts issue view 12 --comments"])
    .runs(open, async () => (await load.issue()).viewIssue);

const withBody = (made: GutsCommand) =>
  made
    .option("-b, --body <text>", "The text, in Markdown")
    .option("-F, --body-file <file>", "Read the text from a file (- for standard input)");

const create = (open: OpenContext) =>
  withBody(
    command(
      "create",
      "Open an issue",
      "Open an issue. Without --title it asks. Labels, assignees and a milestone are given by who may triage; of others they are " +
        "left out. Whom the text mentions (@handle) is told, and issues that it names (#12) show where they were named.",
    )
      .withRepository()
      .option("-t, --title <text>", "What it is about, in a line"),
  )
    .option("-l, --label <names>", "Give it these labels", gather)
    .option("-a, --assignee <handles>", "Give it to these people", gather)
    .option("-m, --milestone <number>", "Put it into this milestone")
    .option("-w, --web", "Open the form in the browser")
    .withExamples(
      ["Answer questions", "guts issue create"],
      ["A bug, with what a program wrote", 'make 2>&1 | guts issue create -t "It does not build" -F - -l bug'],
    )
    .runs(open, async () => (await load.issue()).createIssue);

const edit = (open: OpenContext) =>
  withBody(
    command("edit <issue>", "Change an issue's title, text, labels, assignees or milestone")
      .withRepository()
      .option("-t, --title <text>", "What it is about, in a line"),
  )
    .option("--add-label <names>", "Give it these labels", gather)
    .option("--remove-label <names>", "Take these labels off", gather)
    .option("--add-assignee <handles>", "Give it to these people", gather)
    .option("--remove-assignee <handles>", "Take it from these people", gather)
    .option("-m, --milestone <number>", "Put it into this milestone")
    .option("--no-milestone", "Take it out of its milestone")
    .withExamples(["Sort it", "guts issue edit 12 --add-label bug --add-assignee ada"])
    .runs(open, async () => (await load.issue()).editIssue);

const comment = (open: OpenContext) =>
  withBody(command("comment <issue>", "Comment on an issue or pull request").withRepository())
    .withExamples(["In a line", 'guts issue comment 12 --body "I see it, too"'])
    .runs(open, async () => (await load.issue()).commentOnIssue);

const close = (open: OpenContext) =>
  command("close <issue>", "Close an issue")
    .withRepository()
    .addOption(choice("-r, --reason <reason>", "Why (default: completed)", ["completed", "not planned"]))
    .option("--duplicate-of <issue>", "It repeats this issue of the repository")
    .option("-c, --comment <text>", "Say something first")
    .withExamples(["It was reported before", "guts issue close 12 --duplicate-of 7"])
    .runs(open, async () => (await load.issue()).closeIssue);

const reopen = (open: OpenContext) =>
  command("reopen <issue>", "Open a closed issue again")
    .withRepository()
    .runs(open, async () => (await load.issue()).reopenIssue);

const lock = (open: OpenContext) =>
  command("lock <issue>", "Keep a conversation to people with write access")
    .withRepository()
    .addOption(choice("-r, --reason <reason>", "Why", ["off-topic", "too heated", "resolved", "spam"]))
    .runs(open, async () => (await load.issue()).lockIssue);

const label = (open: OpenContext) =>
  group("label", "List, make, change and delete the labels of a repository")
    .addCommand(
      command("list", "List labels")
        .withRepository()
        .withJson(labelFields)
        .runs(open, async () => (await load.label()).listLabels),
    )
    .addCommand(
      command("create <name>", "Make a label")
        .withRepository()
        .option("-c, --color <color>", "Six hexadecimal digits (default: ededed)")
        .option("-d, --description <text>", "What it is for")
        .withExamples(["For bugs", 'guts label create bug --color d73a4a -d "It does not work"'])
        .runs(open, async () => (await load.label()).createLabel),
    )
    .addCommand(
      command("edit <name>", "Change a label")
        .withRepository()
        .option("-n, --name <name>", "What it is called from now on")
        .option("-c, --color <color>", "Six hexadecimal digits")
        .option("-d, --description <text>", "What it is for")
        .runs(open, async () => (await load.label()).editLabel),
    )
    .addCommand(
      command("delete <name>", "Delete a label")
        .withRepository()
        .option("-y, --yes", "Do not ask for confirmation")
        .runs(open, async () => (await load.label()).deleteLabel),
    );

const milestone = (open: OpenContext) =>
  group("milestone", "List, make, change and delete the milestones of a repository")
    .addCommand(
      command("list", "List milestones, the soonest due first")
        .withRepository()
        .addOption(choice("-s, --state <state>", "Which (default: open)", ["open", "closed", "all"]))
        .withJson(milestoneFields)
        .runs(open, async () => (await load.milestone()).listMilestones),
    )
    .addCommand(
      command("create <title>", "Make a milestone")
        .withRepository()
        .option("-d, --description <text>", "What it is for")
        .option("--due <day>", "When it is to be reached, such as 2027-01-31")
        .withExamples(["A release", "guts milestone create 1.0 --due 2027-01-31"])
        .runs(open, async () => (await load.milestone()).createMilestone),
    )
    .addCommand(
      command("edit <number>", "Change, close or reopen a milestone")
        .withRepository()
        .option("-t, --title <text>", "What it is called")
        .option("-d, --description <text>", "What it is for")
        .option("--due <day>", "When it is to be reached, such as 2027-01-31")
        .option("--no-due", "Without a day")
        .addOption(choice("-s, --state <state>", "Close it, or open it again", ["open", "closed"]))
        .runs(open, async () => (await load.milestone()).editMilestone),
    )
    .addCommand(
      command("delete <number>", "Delete a milestone; its issues stay")
        .withRepository()
        .option("-y, --yes", "Do not ask for confirmation")
        .runs(open, async () => (await load.milestone()).deleteMilestone),
    );
