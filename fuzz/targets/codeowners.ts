/** A CODEOWNERS file is read line by line: what is wrong in one says nothing of another, and owners are those of the last that matches. */
import { codeownersErrorsMax, ownersOf, parseCodeowners } from "@guts/governance";
import { fromUtf8 } from "@guts/primitives";

export const dictionary = [
  "* ",
  "@ada",
  "@acme/core",
  "a@b.c",
  "# ",
  "\\ ",
  "\\#",
  "/docs/",
  "**/",
  "/**",
  "!",
  "[",
  "\n",
  "\r\n",
  "?",
];

/** Files beyond which paths are not tried on every rule. */
const triedMax = 4_096;

export function fuzz(bytes: Uint8Array): void {
  const file = fromUtf8(bytes);
  if (file === undefined) return;
  const { rules, errors } = parseCodeowners(file);
  const lines = file.split(/\r?\n/);
  const said = [...rules, ...errors].map(({ line }) => line);
  if (new Set(said).size !== said.length) throw new Error("a line says two things");
  if (errors.length > codeownersErrorsMax) throw new Error("too many errors");
  const told = errors.reduce((length, { source, message }) => length + source.length + message.length, 0);
  if (told > codeownersErrorsMax * 2_000) throw new Error("errors are longer than anybody reads");
  for (const { line, text } of rules) if (lines[line - 1] !== text) throw new Error("a rule is not its line");
  const again = parseCodeowners(rules.map(({ text }) => text).join("\n"));
  if (again.errors.length > 0 || again.rules.length !== rules.length) throw new Error("a line depends on others");
  if (file.length > triedMax) return;
  const near = rules.slice(0, 8).map(({ pattern }) => pathFor(pattern.components));
  for (const path of ["a", "docs/a", "src/docs/a.ts", ...near]) {
    const deciding = rules.findLast((rule) => ownersOf({ rules: [{ ...rule, owners: [somebody] }] }, path).length > 0);
    const owners = ownersOf({ rules }, path);
    if (deciding === undefined ? owners.length > 0 : owners !== deciding.owners)
      throw new Error(`${path} is not owned by whom the last line that names it says`);
  }
}

const somebody = { type: "email", email: "x@y.z" } as const;

/** A path near a pattern: its stars stand for something. */
function pathFor(components: readonly string[]): string {
  return components.map((component) => component.replaceAll("*", "x").replaceAll("?", "y")).join("/");
}
