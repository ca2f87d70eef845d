import type { IssueLists } from "./issue-lists.ts";
import * as entries from "./queries/issue-entries.ts";
import * as issues from "./queries/issues.ts";
import * as reactions from "./queries/reactions.ts";
import type { Read } from "./read-organizations.ts";

/** The lists of issues over a database. */
export function readIssues(read: Read): IssueLists {
  return {
    issues: async (query, signal) => read((executor) => issues.listIssues(executor, query), signal),
    counts: async (filter, signal) => read((executor) => issues.countIssues(executor, filter), signal),
    pinned: async (repository, signal) => read((executor) => issues.listPinned(executor, repository), signal),
    comments: async (query, signal) => read((executor) => issues.listComments(executor, query), signal),
    participants: async (issue, signal) => read((executor) => issues.listParticipants(executor, issue), signal),
    milestones: async (query, signal) => read((executor) => issues.listMilestones(executor, query), signal),
    milestoneNamed: async (repository, title, signal) =>
      read((executor) => issues.findMilestone(executor, repository, title), signal),
    milestoneCounts: async (repository, milestones, signal) =>
      read((executor) => issues.countMilestones(executor, repository, milestones), signal),
    reactions: async (query, signal) => read((executor) => reactions.listReactions(executor, query), signal),
    reactionCounts: async (subjects, signal) =>
      read((executor) => reactions.countReactions(executor, subjects), signal),
    entries: async (query, signal) => read((executor) => entries.listEntries(executor, query), signal),
  };
}
