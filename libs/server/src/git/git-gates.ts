import { createGate, type Gate } from "../http/gate.ts";
import type { GitLimits } from "../limits.ts";

/** Places for fetches and pushes that run git: one set for all doors of a node. */
export interface GitGates {
  readonly uploads: Gate;
  readonly pushes: Gate;
}

/** The gates of a node. */
export function createGitGates(limits: GitLimits): GitGates {
  const waiting = {
    queueLengthMax: limits.queueLengthMax,
    perClientQueueLengthMax: limits.queueLengthPerClientMax,
    waitMs: limits.queueWaitMs,
  };
  const { uploadConcurrencyMax, uploadConcurrencyPerClientMax } = limits;
  const { receiveConcurrencyMax, receiveConcurrencyPerClientMax } = limits;
  return {
    uploads: createGate({ activeMax: uploadConcurrencyMax, perClientMax: uploadConcurrencyPerClientMax, ...waiting }),
    pushes: createGate({ activeMax: receiveConcurrencyMax, perClientMax: receiveConcurrencyPerClientMax, ...waiting }),
  };
}
