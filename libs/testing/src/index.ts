export { MemoryState } from "./memory-state.ts";
export { gradientPng } from "./gradient-png.ts";
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
export { certificateText, signCertificate, type CertificateChanges } from "./signed-push.ts";
export { fastImportStream, largeRepository, type SyntheticRepository } from "./synthetic-repository.ts";
export { brokenRules } from "./consensus/broken-rules.ts";
export { checkModel, type ModelReport } from "./consensus/model/model-check.ts";
export { adversaries } from "./consensus/adversaries/adversaries.ts";
export { mutations, unmutated, type Mutation } from "./consensus/mutations.ts";
export { drawPlan, focusPlan, type Focus } from "./consensus/scenario/plan.ts";
export { runScenario } from "./consensus/scenario/run-scenario.ts";
export { simulationTier } from "./consensus/scenario/simulation-tier.ts";
export { surveyScenarios } from "./consensus/scenario/survey.ts";
export { cheapNetwork, realNetwork } from "./consensus/world/network-keys.ts";
