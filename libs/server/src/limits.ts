/** Upper bounds of what a client can make the doors hold or do. Tested at the limit and one past it. */
export const serverLimits = {
  /** Bytes of a JSON request body: a signed transaction with its contents is the largest. */
  jsonBodyBytesMax: 2 * 1024 * 1024,
  /** Bytes of all request headers together. */
  headerBytesMax: 16 * 1024,
  /** Characters of one path parameter; paths in git trees are the longest. */
  pathParameterLengthMax: 4096,
  /** Time to receive all request headers. */
  headersTimeoutMs: 15_000,
  /** Time to receive a request that is not git's. */
  requestTimeoutMs: 30_000,
  /** Time a connection may be silent in both directions; keep-alive packets of a push count as activity. */
  idleTimeoutMs: 120_000,
  /** Open connections of one listener. */
  connectionCountMax: 8192,
  /** Longest wait for `X-Guts-Min-Height`. */
  minHeightWaitMs: 10_000,
  /** Longest wait of a list for the read model to catch up with the state. */
  readModelWaitMs: 250,
  /** Characters of an idempotency key. */
  idempotencyKeyLengthMax: 64,
} as const;

/** Upper bounds of git over HTTP. */
export const gitLimits = {
  /** Bytes of a pack, as it is received. */
  packBytesMax: 4 * 1024 * 1024 * 1024,
  /** Bytes of all objects of a pack once inflated. */
  inflatedBytesMax: 32 * 1024 * 1024 * 1024,
  /** Objects in one pack. */
  objectCountMax: 20_000_000,
  /** Time from the first byte of a push until its objects are checked. */
  receiveTimeoutMs: 60 * 60 * 1000,
  /** Time to receive the request of a fetch, which is small. */
  requestTimeoutMs: 120_000,
  /** Time for one fetch. */
  uploadTimeoutMs: 60 * 60 * 1000,
  /** Fetches that run git at the same time on this node, and of one client; its next ones wait their turn. */
  uploadConcurrencyMax: 64,
  uploadConcurrencyPerClientMax: 16,
  /** Pushes at the same time on this node, and of one client. */
  receiveConcurrencyMax: 32,
  receiveConcurrencyPerClientMax: 8,
  /** Fetches and pushes that wait for a place, and of one client; one more is told to come back. */
  queueLengthMax: 256,
  queueLengthPerClientMax: 64,
  /** Longest wait for a place. */
  queueWaitMs: 30_000,
  /** Between two empty packets that keep a waiting push alive. */
  keepAliveIntervalMs: 5_000,
  /** Bytes of advertisements kept for hot repositories. */
  advertisementCacheBytesMax: 64 * 1024 * 1024,
} as const;

/** The bounds of git over HTTP as one node has them; `gitLimits` unless its operator chose others. */
export type GitLimits = { readonly [Name in keyof typeof gitLimits]: number };

/** Upper bounds of the SSH door, beside those of git. */
export const sshLimits = {
  /** Connections at the same time, and of one address (an IPv6 /64 counts as one). */
  connectionCountMax: 512,
  connectionCountPerAddressMax: 64,
  /** Connections that have not proven who they are; more wait outside. */
  unprovenCountMax: 128,
  /** Time to say who one is, from the first byte on. */
  handshakeTimeoutMs: 20_000,
  /** Keys that may be tried on one connection: OpenSSH's own limit. */
  attemptCountMax: 6,
  /** Sessions of one connection at the same time. */
  sessionCountMax: 8,
  /** Time without a session after which a connection is closed. */
  unusedTimeoutMs: 30_000,
  /** Time a connection may be silent in both directions; keep-alive packets of a push count as activity. */
  idleTimeoutMs: 120_000,
  /** Bytes that a client may have sent beyond what was read: twice the window that it is told. */
  unreadBytesMax: 4 * 1024 * 1024,
} as const;

/** Upper bounds of rendering Markdown and highlighting code. */
export const renderLimits = {
  /** Bytes of a file that is shown as text at all. */
  textBytesMax: 2 * 1024 * 1024,
  /** Bytes of a file that is highlighted; larger ones are shown plain. */
  highlightBytesMax: 512 * 1024,
  /** Characters of a line above which a file is shown plain: minified code. */
  highlightLineLengthMax: 5_000,
  /** Bytes of a Markdown file that is rendered; larger ones are shown as text. */
  markdownBytesMax: 512 * 1024,
  /** Time for one file, the loading of its grammar included; then it is shown plain and the worker is replaced. */
  timeoutMs: 5_000,
  /** Time without work after which the worker's memory is returned. */
  idleMs: 300_000,
  /** Files that wait for a worker; one more is shown plain. */
  queueLengthMax: 64,
  /** Megabytes of a worker's heap; a worker that needs more dies and the file is shown plain. */
  workerHeapMegabytesMax: 256,
  /** Bytes of rendered files kept. */
  cacheBytesMax: 64 * 1024 * 1024,
} as const;

/**
 * How many requests one caller may make: an account with whatever credential, or an address (an IPv6 /64 counts as one) that shows none.
 * Each counts in windows of an hour or a minute that begin with its first request.
 */
export const requestLimits = {
  /** Requests to `/api/v3` and `/api/graphql`, each by itself; GitHub Enterprise Cloud gives accounts as many. */
  accountRequestsPerHour: 15_000,
  addressRequestsPerHour: 5_000,
  /** Searches. */
  accountSearchesPerMinute: 30,
  addressSearchesPerMinute: 10,
  /** What pages and the command ask under `/api/guts`, and files as they are. */
  webRequestsPerMinute: 3_000,
  /** Requests of git: a fetch or push makes two or three. */
  gitRequestsPerMinute: 6_000,
  /** Requests that change something, whatever their path. */
  writesPerMinute: 1_000,
} as const;

/** The bounds of requests as one node has them; `requestLimits` unless its operator chose others. */
export type RequestLimits = { readonly [Name in keyof typeof requestLimits]: number };

/** Callers remembered for one resource; the longest silent are forgotten, and begin a new window. */
export const requestCallerCountMax = 50_000;

/** Upper bounds of guessing passwords. */
export const signInLimits = {
  /** Attempts at one account in a row, then one more each interval. */
  accountAttemptCountMax: 20,
  accountRefillIntervalMs: 15_000,
  /** Attempts from one address (an IPv6 /64 counts as one) in a row, then one more each interval. */
  addressAttemptCountMax: 60,
  addressRefillIntervalMs: 2_000,
  /** Accounts and addresses remembered; the longest unused are forgotten. */
  bucketCountMax: 50_000,
  /** Passwords hashed at the same time; each takes 19 MiB for its duration. */
  hashConcurrencyMax: 4,
  /** Passwords that wait to be hashed. */
  hashQueueLengthMax: 64,
} as const;

/** Upper bounds of logins that began on a device and wait for a person. */
export const deviceLimits = {
  /** How long a code may be confirmed; GitHub's. */
  lifeMs: 900_000,
  /** Between two questions of a device, and what each question too early adds; RFC 8628. */
  intervalMs: 5_000,
  slowDownMs: 5_000,
  /** Logins that wait at this node, and from one address. */
  pendingCountMax: 5_000,
  pendingPerAddressMax: 50,
  /** Bytes of a form. */
  bodyBytesMax: 4_096,
} as const;

/** Upper bounds of signing in at a node that is no home. */
export const visitLimits = {
  /** Bytes of what the browser keeps, and of the code. */
  secretBytes: 32,
  /** From beginning here to coming back: time to sign in at home first. */
  beginLifeMs: 900_000,
  /** How long a code is good: two redirects. The ledger allows ten minutes. */
  codeLifeMs: 120_000,
  /** How long the session lives; the ledger allows thirty days. */
  sessionLifeMs: 14 * 24 * 3600 * 1000,
} as const;

/** Upper bounds of passkeys. */
export const passkeyLimits = {
  /** How long a challenge may be answered, and how many wait; the oldest are forgotten. */
  challengeLifeMs: 300_000,
  challengeCountMax: 50_000,
  /** Passkeys of one account at one node. */
  perAccountMax: 20,
} as const;

/** Commits that an abbreviated id may stand for before their reachability is looked at. */
export const abbreviationCandidatesMax = 16;

/** Signatures of commits and tags. */
export const signatureLimits = {
  /** Verdicts that are kept, each of a hundred bytes or two. */
  keptVerdictsMax: 20_000,
} as const;
