import type { Authenticator } from "./auth/authenticate.ts";
import type { Challenges } from "./auth/challenges.ts";
import type { DeviceCodes } from "./auth/device-codes.ts";
import type { PasswordHasher } from "./auth/password.ts";
import type { SignInThrottle } from "./auth/sign-in-throttle.ts";
import type { RandomBytes } from "./auth/token.ts";
import type { RateLimiter } from "./http/rate-limiter.ts";
import type { Metrics } from "./http/metrics.ts";
import type {
  ChainReader,
  Clock,
  GitEngine,
  Ledger,
  NetworkView,
  PartProbe,
  PrivateStore,
  ReadModel,
  Transactions,
} from "./ports/index.ts";
import type { Renderer } from "./render/renderer.ts";
import type { PublicHostKey } from "./ssh/host-key.ts";
import type { CommitSignatures } from "./signatures/commit-signatures.ts";
import type { CommitCounts } from "./use-cases/commit-counts.ts";
import type { Blames } from "./use-cases/blame.ts";
import type { Relations } from "./use-cases/compare.ts";
import type { Mergeability } from "./use-cases/mergeability.ts";
import type { Reachability } from "./use-cases/reachability.ts";
import type { RefCache } from "./use-cases/ref-cache.ts";
import type { EarlyRefPolicy } from "./use-cases/ref-policy.ts";
import type { SshAddress } from "./use-cases/ssh-address.ts";

/** Everything that use cases work with. Each takes the part that it needs. */
export interface Services {
  readonly ledger: Ledger;
  readonly chain: ChainReader;
  readonly transactions: Transactions;
  readonly readModel: ReadModel;
  readonly privateStore: PrivateStore;
  readonly git: GitEngine;
  readonly network: NetworkView;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly renderer: Renderer;
  readonly refs: RefCache;
  readonly commitCounts: CommitCounts;
  readonly relations: Relations;
  readonly signatures: CommitSignatures;
  readonly blames: Blames;
  readonly mergeability: Mergeability;
  readonly earlyRefPolicy: EarlyRefPolicy;
  readonly reachability: Reachability;
  readonly authenticator: Authenticator;
  readonly hasher: PasswordHasher;
  readonly throttle: SignInThrottle;
  readonly challenges: Challenges;
  readonly devices: DeviceCodes;
  readonly rateLimiter: RateLimiter;
  readonly metrics: Metrics;
  readonly parts: readonly PartProbe[];
  readonly cookieName: string;
  /** Where people reach git over SSH; undefined while that door is closed. */
  readonly sshAddress: SshAddress | undefined;
  /** By what they know it there; undefined while that door is closed. */
  readonly sshHostKey: PublicHostKey | undefined;
  readonly version: string;
  readonly startedAtMs: number;
}
