/** Every maximum of the ledger's formats and rules, version 1. */

/** The rules that this code applies. */
export const rulesVersion = 1;

/** Bytes of one transaction's payload. */
export const payloadBytesMax = 262_144;
/** Bytes of one envelope: payload, signatures and the fixed fields. */
export const envelopeBytesMax = payloadBytesMax + 4_096;
/** Bytes of all envelopes of one block. */
export const blockBytesMax = 2 * 1024 * 1024;
/** Transactions of one block. */
export const blockTransactionsMax = 200;
/** Bytes of all detached contents of one block. */
export const blockContentBytesMax = 8 * 1024 * 1024;

/**
 * Work of one block and of one transaction: bounds execution to tens of milliseconds. A unit is about 10 us: one access to the state with its part of the tree. What
 * a transaction may cost is a function of its kind and payload (`TransactionKind.work`), so a block's is known before.
 */
export const blockWorkMax = 8_000;
/** Every transaction: its envelope, its authority, its charge, its idempotency record, its event. */
export const transactionWork = 40;
/**
 * One signature that is verified during execution and turns out to be wrong, or one key that is examined. Room for it must
 * be there, but signatures that were right do not fill the block with it.
 */
export const examinationWork = 150;
/** One signature that is right. */
export const verificationWork = 10;

/** A transaction lives at most this long after the time of the block that could first hold it. */
export const transactionLifeMsMax = 10 * 60_000;
/** And at most this many blocks. */
export const transactionLifeBlocksMax = 20_000;
/** A signed push lives this long after the time in it, which is the pusher's clock: as long as a node waits for a push. */
export const pushCertificateLifeMs = 60 * 60_000;
/** The pusher's clock may be ahead of the block's time by this much. */
export const pushCertificateLeadMsMax = 5 * 60_000;
/** Bytes of a push certificate without its signature: with a payload of the same updates it fits into an envelope. */
export const pushCertificateBytesMax = 126_976;
/** Expired records, and rows of deleted repositories, that one block removes. */
export const expiriesPerBlockMax = 500;

/** Bytes of one piece of detached text. */
export const contentBytesMax = 1024 * 1024;
/** Bytes of a description, a profile's name and its other fields. */
export const descriptionBytesMax = 1_400;
export const profileFieldBytesMax = 1_024;
/** Bytes of a picture of an account, and pixels of each of its sides. */
export const avatarBytesMax = 131_072;
export const avatarSideMax = 512;
/** Bytes of the label of a key or credential. */
export const labelBytesMax = 100;
/** Bytes of the reason of a redaction. */
export const reasonBytesMax = 500;
/** Digests that one redaction erases. */
export const redactionDigestsMax = 100;

/** Keys that an account may ever have, revoked ones included; handles it may hold, earlier ones included. */
export const keysPerAccountMax = 200;
export const handlesPerAccountMax = 20;
/** Live credentials of an account; sessions and tokens together. */
export const credentialsPerAccountMax = 1_000;
/** SSH keys of an account, deploy keys of a repository: GitHub's order of magnitude. */
export const sshKeysPerAccountMax = 100;
export const deployKeysPerRepositoryMax = 100;
/** Keys of an account that sign commits and tags; bytes of an OpenPGP key, which one with many foreign signatures exceeds. */
export const signingKeysPerAccountMax = 100;
export const gpgKeyBytesMax = 32_768;
/** Repositories that a fine-grained token names; one without a list reaches all of its owner's. */
export const restrictedRepositoriesMax = 50;
/** Nodes that one credential may be used at, and nodes an account may delegate to. */
export const audienceMax = 16;
export const delegationsPerAccountMax = 16;
/** Collaborators of a repository, and open invitations to it. */
export const collaboratorsPerRepositoryMax = 1_000;
/** Repositories of others that one account may collaborate on. */
export const collaborationsPerAccountMax = 1_000;
/** Members of an organization with open invitations to it; organizations that one account may be a member of. */
export const organizationMembersMax = 10_000;
export const organizationsPerAccountMax = 100;
/** Teams of an organization, children of one team, members of one. */
export const teamsPerOrganizationMax = 1_000;
export const childTeamsMax = 50;
export const teamMembersMax = 5_000;
/** Teams of one organization that a member may be in, and teams with a role on one repository: what a permission costs. */
export const teamsPerMemberMax = 50;
export const teamsPerRepositoryMax = 50;
/** Teams that an invitation to an organization names, and its life: the same as GitHub's. */
export const invitationTeamsMax = 10;
export const organizationInvitationLifeMs = 7 * 24 * 60 * 60_000;
/** A session's longest life. */
export const sessionLifeMsMax = 90 * 24 * 60 * 60_000;
/** The longest life of a voucher, between two pages of a browser; and of a session at a node that is no home. */
export const voucherLifeMsMax = 10 * 60_000;
export const visitLifeMsMax = 30 * 24 * 60 * 60_000;
/** Invitations lapse after this long: the same as GitHub's. */
export const repositoryInvitationLifeMs = 7 * 24 * 60 * 60_000;
/** A network invitation's longest life; accounts that one may open, and invitations of several uses that are good at a time. */
export const networkInvitationLifeMsMax = 90 * 24 * 60 * 60_000;
export const networkInvitationUsesMax = 1_000;
export const networkInvitationsMax = 1_000;

/** Refs that one push may change, and refs of one repository. */
export const refUpdatesPerPushMax = 1_000;
/** One ref update, and each part of its name below `refs/heads/x` that might be another ref's whole name. */
export const refUpdateWork = 6;
export const refNamePartWork = 2;
export const refsPerRepositoryMax = 200_000;
/** A rename beside the two refs that it is of: the rules of the repository, the actor's teams. */
export const branchRenameWork = 100;
/** Former names of branches that a repository keeps, and renames that are followed from one of them. */
export const formerBranchesMax = 1_000;
export const formerBranchHopsMax = 10;
/** Packs of one push, push options of one push and bytes of each. */
export const packsPerPushMax = 4;
export const pushOptionsMax = 32;
export const pushOptionBytesMax = 1_024;
/** Nodes that are admitted beside the validators of genesis. */
export const admittedNodesMax = 1_000;
/** Blocks from the base height of a receipt to its last one. */
export const receiptLifeBlocksMax = 20_000;
/** Administrators that genesis names; bytes of a network's name. */
export const administratorsMax = 100;
export const networkNameBytesMax = 64;
/** Accounts that one account may follow. */
export const followingMax = 10_000;

/** Bytes of an issue's title; bytes of its body or of a comment: GitHub's 65,536 characters of four bytes. */
export const titleBytesMax = 1_024;
export const bodyBytesMax = 262_144;
/** Labels and assignees of one issue, comments of one, pinned issues of a repository: GitHub's, but for comments. */
export const labelsPerIssueMax = 100;
export const assigneesPerIssueMax = 10;
export const commentsPerIssueMax = 10_000;
export const pinnedIssuesMax = 3;
/** Labels and milestones of a repository; labels made at once. */
export const labelsPerRepositoryMax = 1_000;
export const milestonesPerRepositoryMax = 10_000;
export const labelsPerCreationMax = 50;
/** Contexts of statuses of one commit, and statuses of one context of it, GitHub's number; bytes of a context, of a description and of an address. */
export const statusContextsPerCommitMax = 500;
export const statusesPerContextMax = 1_000;
export const statusContextBytesMax = 255;
export const statusTextBytesMax = 2_048;
/** Repositories that one account may star, and may say of whether it watches them; topics of a repository, as many as GitHub's. */
export const starredMax = 10_000;
export const subscriptionsMax = 10_000;
export const topicsPerRepositoryMax = 20;
/** Branches and tags that a fork begins with; of a repository with more, only the default branch is forked. */
export const forkRefsMax = 1_000;

/** Open pull requests whose head is one branch, and those that the branches of one push take along. */
export const pullsPerHeadMax = 10;
export const pullsFollowedPerPushMax = 50;
/** A pull request that is opened, changed or merged: its own rows, and the others of its branch. */
export const pullWork = 60;
