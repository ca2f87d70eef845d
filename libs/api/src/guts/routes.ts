import { Type } from "typebox";

import { PageNumberQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { codeViewRoutes } from "./code-views.ts";
import { commitRoutes } from "./commits.ts";
import { mergeBoxRoutes } from "./merge-box.ts";
import { DeviceAnswer, DeviceLogin } from "./devices.ts";
import { FineGrainedCreation } from "./fine-grained.ts";
import {
  AccountKey,
  CreatedToken,
  Delegation,
  Recovery,
  Session,
  SignedIn,
  SignIn,
  SignUp,
  Token,
  TokenCreation,
  TransferOffer,
} from "./identity.ts";
import {
  Passkey,
  PasskeyChallenge,
  PasskeyRegistration,
  PasskeyRequest,
  PasskeySignIn,
  PasskeyUpdate,
} from "./passkeys.ts";
import {
  Block,
  BlockQuery,
  BlockSummary,
  Network,
  NodeStatus,
  SignedTransaction,
  TransactionDetail,
  TransactionOutcome,
  Validator,
} from "./network.ts";
import { accountViewRoutes } from "./account-views.ts";
import { organizationViewRoutes } from "./organization-views.ts";
import { protectionRoutes } from "./protection.ts";
import { visitRoutes } from "./visits.ts";
import {
  BlobView,
  CommitsView,
  CommitView,
  HomeView,
  LastCommitsView,
  RefsQuery,
  RefsView,
  RepositoryView,
  TreeView,
} from "./views.ts";

const network = defineRoutes({
  "GET /api/guts/network": {
    operationId: "network/get",
    summary: "The network, its nodes and the newest block",
    access: "anyone",
    responses: { 200: Network },
  },
  "GET /api/guts/genesis": {
    operationId: "network/get-genesis",
    summary: "The genesis document as it is (application/octet-stream); its digest is the network's id",
    access: "anyone",
    responses: { 200: Type.String() },
  },
  "GET /api/guts/validators": {
    operationId: "network/list-validators",
    summary: "The nodes that vote, in their order",
    access: "anyone",
    responses: { 200: Type.Array(Validator) },
  },
  "GET /api/guts/status": {
    operationId: "network/get-status",
    summary: "How this node is",
    access: "anyone",
    responses: { 200: NodeStatus },
  },
  "GET /api/guts/blocks": {
    operationId: "network/list-blocks",
    summary: "Blocks, newest first",
    access: "anyone",
    query: BlockQuery,
    responses: { 200: Type.Array(BlockSummary) },
  },
  "GET /api/guts/blocks/{height}": {
    operationId: "network/get-block",
    summary: "A block with its transactions",
    access: "anyone",
    responses: { 200: Block },
  },
  "GET /api/guts/transactions/{id}": {
    operationId: "network/get-transaction",
    summary: "A transaction and what became of it",
    access: "anyone",
    responses: { 200: TransactionDetail },
  },
  "POST /api/guts/transactions": {
    operationId: "network/submit-transaction",
    summary: "Submit a transaction signed by one's own key",
    access: "anyone",
    body: SignedTransaction,
    responses: { 200: TransactionOutcome },
  },
});

const identity = defineRoutes({
  "POST /api/guts/signup": {
    operationId: "identity/sign-up",
    summary: "Create an account and start a session",
    access: "anyone",
    body: SignUp,
    responses: { 201: SignedIn },
  },
  "POST /api/guts/signin": {
    operationId: "identity/sign-in",
    summary: "Start a session with a password",
    access: "anyone",
    body: SignIn,
    responses: { 200: SignedIn },
  },
  "POST /api/guts/recover": {
    operationId: "identity/recover",
    summary: "Make this node the home of an account by its recovery code and set a password",
    access: "anyone",
    body: Recovery,
    responses: { 200: SignedIn },
  },
  "POST /api/guts/signout": {
    operationId: "identity/sign-out",
    summary: "End the session and revoke its credential",
    access: "anyone",
    responses: { 204: null },
  },
  "GET /api/guts/session": {
    operationId: "identity/get-session",
    summary: "Who is signed in",
    access: "anyone",
    responses: { 200: Session },
  },
  "GET /api/guts/tokens": {
    operationId: "identity/list-tokens",
    summary: "One's tokens and sessions",
    access: "signed-in",
    responses: { 200: Type.Array(Token) },
  },
  "POST /api/guts/tokens": {
    operationId: "identity/create-token",
    summary: "Create a token; its text is in this answer only",
    access: "signed-in",
    body: TokenCreation,
    responses: { 201: CreatedToken },
  },
  "POST /api/guts/tokens/fine-grained": {
    operationId: "identity/create-fine-grained-token",
    summary: "Create a token for chosen repositories; its text is in this answer only",
    access: "signed-in",
    body: FineGrainedCreation,
    responses: { 201: CreatedToken },
  },
  "DELETE /api/guts/tokens/{id}": {
    operationId: "identity/revoke-token",
    summary: "Revoke a token or session",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/guts/keys": {
    operationId: "identity/list-own-keys",
    summary: "One's keys",
    access: "signed-in",
    responses: { 200: Type.Array(AccountKey) },
  },
  "GET /api/guts/accounts/{handle}/keys": {
    operationId: "identity/list-keys",
    summary: "An account's keys",
    access: "anyone",
    responses: { 200: Type.Array(AccountKey) },
  },
  "GET /api/guts/devices/{code}": {
    operationId: "identity/get-device",
    summary: "A login that began on another device, by the code that it shows",
    access: "signed-in",
    responses: { 200: DeviceLogin },
  },
  "POST /api/guts/devices/{code}": {
    operationId: "identity/answer-device",
    summary: "Let that device in, or send it away",
    access: "signed-in",
    body: DeviceAnswer,
    responses: { 204: null },
  },
  "POST /api/guts/passkeys/challenges": {
    operationId: "identity/draw-challenge",
    summary: "A challenge for a passkey to sign",
    access: "anyone",
    body: PasskeyRequest,
    responses: { 201: PasskeyChallenge },
  },
  "POST /api/guts/signin/passkey": {
    operationId: "identity/sign-in-with-passkey",
    summary: "Start a session with a passkey",
    access: "anyone",
    body: PasskeySignIn,
    responses: { 200: SignedIn },
  },
  "GET /api/guts/passkeys": {
    operationId: "identity/list-passkeys",
    summary: "One's passkeys at this node",
    access: "signed-in",
    responses: { 200: Type.Array(Passkey) },
  },
  "POST /api/guts/passkeys": {
    operationId: "identity/add-passkey",
    summary: "Add a passkey at this node",
    access: "signed-in",
    body: PasskeyRegistration,
    responses: { 201: Passkey },
  },
  "PATCH /api/guts/passkeys/{id}": {
    operationId: "identity/rename-passkey",
    summary: "Give a passkey another name",
    access: "signed-in",
    body: PasskeyUpdate,
    responses: { 200: Passkey },
  },
  "DELETE /api/guts/passkeys/{id}": {
    operationId: "identity/remove-passkey",
    summary: "Remove a passkey",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/guts/transfers": {
    operationId: "transfers/list",
    summary: "Repositories that others offer to hand over",
    access: "signed-in",
    responses: { 200: Type.Array(TransferOffer) },
  },
  "PUT /api/guts/transfers/{repository_id}": {
    operationId: "transfers/accept",
    summary: "Take an offered repository over",
    access: "signed-in",
    responses: { 204: null },
  },
  "DELETE /api/guts/transfers/{repository_id}": {
    operationId: "transfers/cancel",
    summary: "Decline an offer, or withdraw one's own",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/guts/delegations": {
    operationId: "identity/list-delegations",
    summary: "Nodes that may create credentials for one's account",
    access: "signed-in",
    responses: { 200: Type.Array(Delegation) },
  },
});

const views = defineRoutes({
  "GET /api/guts/view/home": {
    operationId: "views/home",
    summary: "The start page",
    access: "anyone",
    responses: { 200: HomeView },
  },
  "GET /api/guts/view/repos/{owner}/{repo}": {
    operationId: "views/repository",
    summary: "The frame of a repository's pages",
    access: "anyone",
    responses: { 200: RepositoryView },
  },
  "GET /api/guts/view/repos/{owner}/{repo}/refs": {
    operationId: "views/refs",
    summary: "Branches or tags",
    access: "anyone",
    query: RefsQuery,
    responses: { 200: RefsView },
  },
  "GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}": {
    operationId: "views/tree",
    summary: "A directory",
    access: "anyone",
    responses: { 200: TreeView },
  },
  "GET /api/guts/view/repos/{owner}/{repo}/last-commits/{+ref_path}": {
    operationId: "views/last-commits",
    summary: "The newest commit of each entry of a directory",
    access: "anyone",
    responses: { 200: LastCommitsView },
  },
  "GET /api/guts/view/repos/{owner}/{repo}/blob/{+ref_path}": {
    operationId: "views/blob",
    summary: "A file",
    access: "anyone",
    responses: { 200: BlobView },
  },
  "GET /api/guts/view/repos/{owner}/{repo}/commits/{+ref_path}": {
    operationId: "views/commits",
    summary: "History of a ref or path",
    access: "anyone",
    query: PageNumberQuery,
    responses: { 200: CommitsView },
  },
  "GET /api/guts/view/repos/{owner}/{repo}/commit/{sha}": {
    operationId: "views/commit",
    summary: "A commit with its diff",
    access: "anyone",
    responses: { 200: CommitView },
  },
});

/** Every route that only Guts has. */
export const gutsRoutes = {
  ...network,
  ...identity,
  ...visitRoutes,
  ...views,
  ...accountViewRoutes,
  ...commitRoutes,
  ...codeViewRoutes,
  ...mergeBoxRoutes,
  ...organizationViewRoutes,
  ...protectionRoutes,
} as const;
