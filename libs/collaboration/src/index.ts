export { mentionsPerTextMax, referencesPerTextMax } from "./limits.ts";
export { textEffectsOf, type IssueReference, type Mention, type TextEffects } from "./text-effects.ts";
