import type { CommentId, IssueNumber, RepositoryId } from "@guts/primitives";
import type { ReactionSubject } from "@guts/ledger";

/** What is reacted to, as the rows of reactions name it: a comment by its number alone, with repository 0. */
export function reactionPlaceOf(subject: ReactionSubject): {
  readonly subjectRepository: RepositoryId | 0;
  readonly subject: IssueNumber | CommentId;
} {
  return subject.type === "issue"
    ? { subjectRepository: subject.repository, subject: subject.number }
    : { subjectRepository: 0, subject: subject.comment };
}
