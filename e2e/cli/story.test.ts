import { expect, test } from "vitest";
import { linesOf, matchesOutput, parseStory } from "./story.ts";

const story = `# A story

\`\`\`console
$ guts repo list
alice/hello  [..]

$ printf 'a
> b'
? 3
a
...
\`\`\`

Words, and a block that is not run:

\`\`\`sh
$ rm -rf /
\`\`\`

\`\`\`console bert
$ guts auth status
\`\`\`
`;

test("reads commands with their person, exit code and expected lines", () => {
  expect(parseStory(story)).toEqual([
    { line: 4, person: "ada", command: "guts repo list", exitCode: 0, expected: ["alice/hello  [..]"] },
    { line: 7, person: "ada", command: "printf 'a\nb'", exitCode: 3, expected: ["a", "..."] },
    { line: 21, person: "bert", command: "guts auth status", exitCode: 0, expected: [] },
  ]);
});

test.each([
  [["a"], ["a"], true],
  [["a"], ["b"], false],
  [["a"], [], false],
  [[], ["a"], false],
  [["a [..] c"], ["a b c"], true],
  [["a [..] c"], ["a c"], false],
  [["[..]b[..]"], ["abc"], true],
  [["[..]ab[..]b"], ["ab"], false],
  [["..."], [], true],
  [["a", "...", "z"], ["a", "b", "c", "z"], true],
  [["a", "...", "z"], ["a", "b"], false],
])("decides whether %j describes %j", (expected, actual, verdict) => {
  expect(matchesOutput(expected, actual)).toBe(verdict);
});

test("leaves out the blanks at the end of lines and of the text", () => {
  expect(linesOf("a \n\nb\n\n")).toEqual(["a", "", "b"]);
});
