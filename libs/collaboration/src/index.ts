export { mentionsPerTextMax, referencesPerTextMax } from "./limits.ts";
export { textEffectsOf, type IssueReference, type Mention, type TextEffects } from "./text-effects.ts";
export {
  foldLabelName,
  labelNameBytesMax,
  labelNameLengthMax,
  parseLabelColor,
  parseLabelName,
  type FoldedLabelName,
  type LabelColor,
  type LabelName,
} from "./label.ts";
export {
  closeReasons,
  hideReasons,
  lockReasons,
  reactions,
  type CloseReason,
  type HideReason,
  type LockReason,
  type Reaction,
} from "./issue.ts";
