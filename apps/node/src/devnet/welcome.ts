import { relative } from "node:path";

import { accountFilesOf } from "./layout.ts";
import type { RunningDevnet } from "./devnet.ts";

/** Where the devnet keeps its data, and how it was started. */
export interface WelcomeContext {
  readonly dataDirectory: string;
}

/**
 * What a newcomer needs next: where to look, who they are, three commands that work when they are pasted.
 *
 * The token itself is shown on a terminal only; elsewhere (a log, a pipe) the path of its file is.
 */
export function welcomeLines(
  { ready }: RunningDevnet,
  { dataDirectory }: WelcomeContext,
  isTerminal: boolean,
): readonly string[] {
  const { httpUrl } = ready.nodes[0]!;
  const others = ready.nodes.slice(1);
  const { login, token } = ready.accounts[0]!;
  const tokenFile = relativeToHere(accountFilesOf(dataDirectory, login).token);
  return [
    "",
    `  Web      ${httpUrl}`,
    ...others.map(({ httpUrl: url }, index) => `${index === 0 ? "  and at   " : "           "}${url}`),
    `  Git      ${httpUrl}/OWNER/REPO.git`,
    `  Account  ${login}`,
    `  Token    ${isTerminal ? token : `in ${tokenFile}`}`,
    "",
    "  Try, in another terminal in this folder:",
    "",
    `    ./guts auth login --host ${httpUrl} --with-token < ${tokenFile}`,
    `    ./guts repo create hello --public && ./guts repo clone ${login}/hello ../hello`,
    `    cd ../hello && echo "# Hello" > README.md && git add README.md && git commit -m "Say hello" && git push`,
    "",
  ];
}

function relativeToHere(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}
