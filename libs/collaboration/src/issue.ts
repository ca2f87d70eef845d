/** The words of issues and pull requests, as GitHub's API has them. */

/** Why an issue was closed. */
export const closeReasons = ["completed", "not_planned", "duplicate"] as const;
export type CloseReason = (typeof closeReasons)[number];

/** Why a conversation was locked; `none` when nobody said. */
export const lockReasons = ["none", "off-topic", "too heated", "resolved", "spam"] as const;
export type LockReason = (typeof lockReasons)[number];

/** Why a comment was hidden. */
export const hideReasons = ["abuse", "off-topic", "outdated", "resolved", "duplicate", "spam"] as const;
export type HideReason = (typeof hideReasons)[number];

/** What somebody may answer a text with. */
export const reactions = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"] as const;
export type Reaction = (typeof reactions)[number];
