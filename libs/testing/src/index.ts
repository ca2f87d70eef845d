export { MemoryState } from "./memory-state.ts";
export { hostileText, hostileTexts } from "./hostile-text.ts";
export { Random } from "./random.ts";
export { RandomUsers } from "./random-users.ts";
export {
  SimulatedLedger,
  type OutcomeCounts,
  type SimulatedCommand,
  type SimulatedNode,
  type SimulatedSigner,
} from "./simulated-ledger.ts";
export { fastImportStream, largeRepository, type SyntheticRepository } from "./synthetic-repository.ts";
export { brokenRules, type BrokenRules } from "./consensus/broken-rules.ts";
export { checkModel, type Model, type ModelReport } from "./consensus/model/model-check.ts";
