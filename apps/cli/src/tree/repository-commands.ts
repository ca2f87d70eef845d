import { choice, command, group, type GutsCommand, type OpenContext } from "./guts-command.ts";
import {
  accessFields,
  collaboratorFields,
  deployKeyFields,
  invitationFields,
  protectionFields,
  repositoryFields,
} from "./fields.ts";

/** `guts repo`, `guts invitation` and `guts browse`. */
export function repositoryCommands(open: OpenContext): readonly GutsCommand[] {
  return [repo(open), invitation(open), browse(open)];
}

const repo = (open: OpenContext) =>
  group("repo", "Create, list, view, clone and change repositories")
    .addCommand(create(open))
    .addCommand(list(open))
    .addCommand(view(open))
    .addCommand(clone(open))
    .addCommand(edit(open))
    .addCommand(rename(open))
    .addCommand(remove(open))
    .addCommand(access(open))
    .addCommand(collaborator(open))
    .addCommand(deployKey(open))
    .addCommand(branch(open))
    .addCommand(protect(open))
    .addCommand(fork(open))
    .addCommand(star(open))
    .addCommand(unstar(open))
    .addCommand(watch(open));

const create = (open: OpenContext) =>
  command(
    "create [name]",
    "Create a repository",
    "Create a repository of your own, or of an organization (ORGANIZATION/NAME), on its own or from a local git repository (--source). Operators of the network's " +
      "nodes can read private repositories in this version.",
  )
    .option("--public", "Everybody may read it")
    .option("--private", "Only you and its collaborators may read it")
    .option("-d, --description <text>", "What it is")
    .option("-s, --source <directory>", "Take the name from this local git repository and add a remote to it")
    .option("-r, --remote <name>", "Name of that remote (default: origin)")
    .option("--push", "Push the current branch to it")
    .option("-c, --clone", "Clone the new repository into the current directory")
    .addOption(choice("--object-format <format>", "Hash function of its objects", ["sha1", "sha256"]))
    .withExamples(
      ["Answer questions", "guts repo create"],
      ["An empty public repository, cloned here", "guts repo create hello --public --clone"],
      ["From the current directory", "guts repo create --private --source . --push"],
    )
    .runs(open, async () => (await import("../commands/repo/create.ts")).createRepository);

const list = (open: OpenContext) =>
  command(
    "list [owner]",
    "List repositories",
    "List the repositories of an account, your own without an argument, the newest push first.",
  )
    .option("-L, --limit <count>", "At most this many (default: 30)")
    .addOption(choice("--visibility <visibility>", "Only these", ["public", "private"]))
    .option("--all", "Without an argument: also those of others that you work on")
    .withJson(repositoryFields)
    .option("-w, --web", "Open the list in the browser")
    .withExamples(
      ["Your own", "guts repo list"],
      ["The clone URLs of all of them", "guts repo list alice --limit 1000 --json=cloneUrl"],
    )
    .runs(open, async () => (await import("../commands/repo/list.ts")).listRepositories);

const view = (open: OpenContext) =>
  command(
    "view [repository]",
    "View a repository",
    "Show a repository's description and README, that of the current directory without an argument.",
  )
    .option("-b, --branch <branch>", "Show the README of this branch or tag")
    .withJson(repositoryFields)
    .option("-w, --web", "Open it in the browser")
    .withExamples(["One repository", "guts repo view alice/hello"], ["In the browser", "guts repo view --web"])
    .runs(open, async () => (await import("../commands/repo/view.ts")).viewRepository);

const clone = (open: OpenContext) =>
  command(
    "clone <repository> [directory] [gitflags...]",
    "Clone a repository",
    "Clone a repository. Flags after -- go to git clone. Where git is not set up for the node (guts auth setup-git), the " +
      "clone is, so that fetch and push work in it.",
  )
    .option("--ssh", "Clone over SSH, with a key of `guts ssh-key add` or a deploy key")
    .withExamples(
      ["Into ./hello", "guts repo clone alice/hello"],
      ["Your own, into another directory, without history", "guts repo clone hello work -- --depth 1"],
      ["Over SSH", "guts repo clone alice/hello --ssh"],
    )
    .runs(open, async () => (await import("../commands/repo/clone.ts")).cloneRepository);

const edit = (open: OpenContext) =>
  command("edit [repository]", "Change a repository's settings")
    .option("-d, --description <text>", "What it is; empty to remove")
    .option("--homepage <url>", "Its web page; empty to remove")
    .addOption(choice("--visibility <visibility>", "Who may read it", ["public", "private"]))
    .option("--default-branch <name>", "The branch that a clone checks out")
    .option("--topics <words>", "What it is about, with commas between; empty to remove")
    .option("--archive", "Make it read-only")
    .option("--unarchive", "Make it writable again")
    .option("-y, --yes", "Do not ask before a private repository becomes public")
    .withExamples(["Say what it is", 'guts repo edit --description "A friendly greeting"'])
    .runs(open, async () => (await import("../commands/repo/edit.ts")).editRepository);

const rename = (open: OpenContext) =>
  command(
    "rename [new-name]",
    "Rename a repository",
    "Rename a repository. Its old address keeps working for git and the web until another repository takes it. The " +
      "remote of the current directory is updated.",
  )
    .withRepository()
    .option("-y, --yes", "Do not ask for confirmation")
    .withExamples(["The repository of the current directory", "guts repo rename greeting"])
    .runs(open, async () => (await import("../commands/repo/rename.ts")).renameRepository);

const remove = (open: OpenContext) =>
  command(
    "delete <repository>",
    "Delete a repository",
    "Delete a repository with everything in it. This cannot be undone. The token needs the scope delete_repo.",
  )
    .option("-y, --yes", "Do not ask for confirmation")
    .withExamples(["Asks you to type the name", "guts repo delete alice/hello"])
    .runs(open, async () => (await import("../commands/repo/delete.ts")).deleteRepository);

const access = (open: OpenContext) =>
  command(
    "access [repository] [handle]",
    "Say what somebody may do with a repository, and why",
    "Say what somebody may do with a repository, and every reason for it, the one that decides first. Without a handle: " +
      "what you may do. Of others it is told to who administers the repository.",
  )
    .withJson(accessFields)
    .withExamples(["Why can bob push?", "guts repo access acme/engine bob"])
    .runs(open, async () => (await import("../commands/repo/access.ts")).explainAccess);

const collaborator = (open: OpenContext) =>
  group("collaborator", "Say who else may read, write or administer a repository")
    .addCommand(
      command("list", "List collaborators")
        .withRepository()
        .withJson(collaboratorFields)
        .runs(open, async () => (await import("../commands/repo/collaborator.ts")).listCollaborators),
    )
    .addCommand(
      command(
        "add <handle>",
        "Invite somebody, or change what a collaborator may do",
        "Invite somebody to a repository, or change what a collaborator may do. An invitation takes effect once it is " +
          "accepted: `guts invitation accept`. Members of the organization that owns the repository are added at once.",
      )
        .withRepository()
        .addOption(
          choice("-p, --permission <level>", "What they may do (default: write)", [
            "read",
            "triage",
            "write",
            "maintain",
            "admin",
          ]),
        )
        .withExamples(["Let bob push", "guts repo collaborator add bob"])
        .runs(open, async () => (await import("../commands/repo/collaborator.ts")).addCollaborator),
    )
    .addCommand(
      command("remove <handle>", "Remove a collaborator, or withdraw an invitation")
        .withRepository()
        .runs(open, async () => (await import("../commands/repo/collaborator.ts")).removeCollaborator),
    );

const deployKey = (open: OpenContext) =>
  group(
    "deploy-key",
    "List, add and delete the SSH keys of machines that use one repository",
    "List, add and delete deploy keys: SSH keys that let git into one repository and do nothing else. A key acts for who " +
      "added it, and never beyond what they may.",
  )
    .addCommand(
      command("list", "List the deploy keys")
        .withRepository()
        .withJson(deployKeyFields)
        .runs(open, async () => (await import("../commands/repo/deploy-key.ts")).listDeployKeys),
    )
    .addCommand(
      command("add <file>", "Add the public key in a file (- for standard input)")
        .withRepository()
        .option("-t, --title <text>", "What the key is for (default: the key's comment)")
        .option("-w, --allow-write", "Let it push; without this it only fetches")
        .withExamples(
          ["A machine that fetches", "guts repo deploy-key add ./build.pub -R alice/hello"],
          ["One that pushes too", "guts repo deploy-key add ./release.pub --allow-write"],
        )
        .runs(open, async () => (await import("../commands/repo/deploy-key.ts")).addDeployKey),
    )
    .addCommand(
      command("delete <id>", "Delete a deploy key, by its id")
        .withRepository()
        .option("-y, --yes", "Do not ask for confirmation")
        .runs(open, async () => (await import("../commands/repo/deploy-key.ts")).deleteDeployKey),
    );

const fork = (open: OpenContext) =>
  command(
    "fork [repository]",
    "Fork a repository",
    "Make a repository of your own that begins as another one, with its branches and tags. A fork that is there already is the answer. " +
      "Of a private repository it is private, and stays so.",
  )
    .option("--org <organization>", "Fork it for an organization")
    .option("--fork-name <name>", "Call the fork otherwise")
    .option("--default-branch-only", "Only the default branch")
    .withExamples(
      ["Of your own", "guts repo fork alice/hello"],
      ["Cloned", "guts repo clone $(guts repo fork alice/hello)"],
    )
    .runs(open, async () => (await import("../commands/repo/fork.ts")).forkRepository);

const star = (open: OpenContext) =>
  command("star [repository]", "Star a repository, to find it again among your stars")
    .withExamples(["That of the current directory", "guts repo star"], ["Another", "guts repo star alice/hello"])
    .runs(open, async () => (await import("../commands/repo/standing.ts")).starRepository);

const unstar = (open: OpenContext) =>
  command("unstar [repository]", "Take your star back").runs(
    open,
    async () => (await import("../commands/repo/standing.ts")).unstarRepository,
  );

const watch = (open: OpenContext) =>
  command(
    "watch [repository]",
    "Watch a repository, ignore it, or neither",
    "Watch a repository, to hear of everything there; ignore it, to hear of nothing. Without either you hear of what you take part in.",
  )
    .option("--ignore", "Hear of nothing")
    .option("--stop", "Neither watch it nor ignore it")
    .withExamples(["Everything", "guts repo watch alice/hello"], ["As before", "guts repo watch alice/hello --stop"])
    .runs(open, async () => (await import("../commands/repo/standing.ts")).watchRepository);

const branch = (open: OpenContext) =>
  group("branch", "Change branches of a repository").addCommand(
    command(
      "rename <branch> <new-name>",
      "Give a branch another name",
      "Give a branch another name, on every node at once. The default branch stays the default one, and a protection rule of " +
        "exactly the old name goes along; both take an administrator. Links with the old name lead to the branch.",
    )
      .withRepository()
      .withExamples(["From master to main", "guts repo branch rename master main"])
      .runs(open, async () => (await import("../commands/repo/branch.ts")).renameBranch),
  );

const protect = (open: OpenContext) =>
  group("protect", "Protect branches and tags by rules that every node enforces")
    .addCommand(
      command("list", "List the rules, oldest first")
        .withRepository()
        .withJson(protectionFields)
        .runs(open, async () => (await import("../commands/repo/protect.ts")).listRules),
    )
    .addCommand(protectSet(open))
    .addCommand(
      command("remove <pattern>", "Remove the rule of a pattern")
        .withRepository()
        .option("--tag", "The pattern names tags")
        .option("--reason <text>", "Why, for the record that everybody sees")
        .runs(open, async () => (await import("../commands/repo/protect.ts")).removeRule),
    )
    .addCommand(
      command("explain <ref>", "Say which rule governs a branch, and what you lack to change it")
        .withRepository()
        .option("--tag", "The name is that of a tag")
        .withExamples(["Why can I not push?", "guts repo protect explain main"])
        .runs(open, async () => (await import("../commands/repo/protect.ts")).explainRef),
    );

const protectSet = (open: OpenContext) =>
  command(
    "set <pattern>",
    "Make the rule of a pattern, or change what it asks",
    "Make the rule of a pattern, or change what it asks: what is not given is not asked for. In a pattern * stands for " +
      "anything but a slash, **/ for any number of directories, ? for one character. Rewriting and deleting are " +
      "forbidden unless they are allowed.",
  )
    .withRepository()
    .option("--tag", "The pattern names tags")
    .option("--approvals <number>", "Changes come by a pull request with so many approvals")
    .option("--code-owners", "One approval is by an owner of each changed file")
    .option("--dismiss-stale", "New commits take approvals back")
    .option("--last-push-approval", "Somebody other than who pushed last approves")
    .option("--check <name...>", "These checks succeed first")
    .option("--strict", "Checks ran on a commit that contains the branch")
    .option("--push <name...>", "Only these people and teams (ORGANIZATION/TEAM) push")
    .option("--bypass <name...>", "These people and teams need no pull request")
    .option("--dismiss <name...>", "Only these people and teams dismiss reviews")
    .option("--linear", "No merge commits")
    .option("--signed", "The pusher's own key signs the push")
    .option("--lock", "The branch is read-only")
    .option("--include-admins", "All of it binds administrators too")
    .option("--allow-force-push", "History may be rewritten")
    .option("--allow-deletion", "The branch may be deleted")
    .option("--forbid-creation", "No branch of such a name is made")
    .option("--reason <text>", "Why, for the record that everybody sees")
    .withExamples(
      ["Nobody rewrites or deletes main", "guts repo protect set main"],
      ["Two approvals for every release", "guts repo protect set 'release/*' --approvals 2 --include-admins"],
      ["Only the release team pushes", "guts repo protect set main --push acme/release"],
      ["Tags of versions stay", "guts repo protect set 'v*' --tag"],
    )
    .runs(open, async () => (await import("../commands/repo/protect.ts")).setRule);

const invitation = (open: OpenContext) =>
  group("invitation", "See and answer invitations to repositories")
    .addCommand(
      command("list", "List the invitations that wait for your answer")
        .withJson(invitationFields)
        .runs(open, async () => (await import("../commands/invitation.ts")).listInvitations),
    )
    .addCommand(
      command("accept <invitation>", "Accept an invitation, by its id or its repository")
        .withExamples(["By repository", "guts invitation accept alice/hello"])
        .runs(open, async () => (await import("../commands/invitation.ts")).acceptInvitation),
    )
    .addCommand(
      command("decline <invitation>", "Decline an invitation, by its id or its repository").runs(
        open,
        async () => (await import("../commands/invitation.ts")).declineInvitation,
      ),
    );

const browse = (open: OpenContext) =>
  command(
    "browse [location]",
    "Open a repository in the browser",
    "Open the repository of the current directory in the browser, or a place in it: a file, a file and line (file:12), " +
      "or a commit.",
  )
    .withRepository()
    .option("-b, --branch <name>", "Of this branch or tag")
    .option("--commits", "Its commits")
    .option("--branches", "Its branches")
    .option("--settings", "Its settings")
    .option("-n, --no-browser", "Print the address instead of opening it")
    .withExamples(
      ["The home page", "guts browse"],
      ["A line of a file", "guts browse src/main.ts:12"],
      ["A commit", "guts browse 77507cd94ccafcf568f8560cfecde965fcfa63"],
    )
    .runs(open, async () => (await import("../commands/browse.ts")).browse);
