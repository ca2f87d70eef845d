import type { Adversary } from "./adversary.ts";
import { badParent } from "./bad-parent.ts";
import { duplicateSigners } from "./duplicate-signers.ts";
import { equivocator } from "./equivocator.ts";
import { ignoresAccount } from "./ignores-account.ts";
import { invalidTransactions } from "./invalid-transactions.ts";
import { misleading } from "./misleading.ts";
import { nullifyOnly } from "./nullify-only.ts";
import { oldEpochReplay } from "./old-epoch-replay.ts";
import { oversizeFrames } from "./oversize-frames.ts";
import { silent } from "./silent.ts";
import { staleParent } from "./stale-parent.ts";
import { twins } from "./twins.ts";
import { withheldBlocks } from "./withheld-blocks.ts";
import { wrongTime } from "./wrong-time.ts";

/** Every named adversary. */
export const adversaries: readonly Adversary[] = [
  twins,
  equivocator,
  silent,
  nullifyOnly,
  badParent,
  staleParent,
  duplicateSigners,
  oldEpochReplay,
  oversizeFrames,
  withheldBlocks,
  misleading,
  ignoresAccount,
  invalidTransactions,
  wrongTime,
];
