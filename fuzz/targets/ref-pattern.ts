/** A pattern of ref names matches what a matcher that tries everything says it does, in no more steps than it may take. */
import {
  matchRefPattern,
  parseRefPattern,
  protectionLimits,
  refuseProtection,
  plainProtection,
} from "@guts/governance";
import { fromUtf8 } from "@guts/primitives";

export const dictionary = ["*", "**", "**/", "/", "?", "[", "]", "[^", "[!", "a-z", "-", "\\", "\n", "release/", "é"];

/** Characters beyond which trying everything takes too long. */
const triedMax = 12;

/** A pattern, a line feed, a name. */
export function fuzz(bytes: Uint8Array): void {
  const [text = "", name = ""] = (fromUtf8(bytes) ?? "").split("\n", 2);
  const pattern = parseRefPattern(text);
  const isRefused = refuseProtection("branch", text, plainProtection) !== undefined;
  if (isRefused !== (pattern === undefined)) throw new Error("a rule takes what is no pattern, or not one that is");
  if (pattern === undefined) return;
  const characters = Array.from(name);
  if (pattern.states.length > 2 * Array.from(text).length) throw new Error("a pattern grows");
  const bound = (pattern.states.length + 1) * (characters.length + 1);
  const meter = { stepsLeft: bound };
  const verdict = matchRefPattern(pattern, name, meter);
  if (verdict === "exhausted") throw new Error("a match takes more steps than states times characters");
  if (pattern.exactName !== undefined && verdict !== (name === pattern.exactName))
    throw new Error("a whole name matches another");
  const isEnough = bound - meter.stepsLeft <= protectionLimits.matchStepsPerPushMax;
  if (!isEnough && text.length + name.length < 600) throw new Error("one match may spend the steps of a whole push");
  if (characters.length > triedMax || text.length > triedMax || !/^[^[\]\\]*$/.test(text)) return;
  if (verdict !== matchByTrying(Array.from(text), characters)) throw new Error(`${text} and ${name}: ${verdict}`);
}

/** `fnmatch` with path names, for patterns without sets and escapes: every way to read the stars is tried. */
function matchByTrying(pattern: readonly string[], name: readonly string[], isStart = true): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return name.length === 0;
  if (isStart && head === "*" && rest[0] === "*" && rest[1] === "/") {
    const behind = rest.slice(2);
    if (matchByTrying(behind, name)) return true;
    const slash = name.indexOf("/");
    return slash > 0 && matchByTrying(pattern, name.slice(slash + 1));
  }
  if (head === "*") {
    const ends = name.indexOf("/") < 0 ? name.length : name.indexOf("/");
    const behind = rest.slice(
      rest.findIndex((each) => each !== "*") < 0 ? rest.length : rest.findIndex((each) => each !== "*"),
    );
    for (let length = 0; length <= ends; length++) if (matchByTrying(behind, name.slice(length), false)) return true;
    return false;
  }
  const [first, ...others] = name;
  if (first === undefined || (head === "?" ? first === "/" : first !== head)) return false;
  return matchByTrying(rest, others, head === "/");
}
