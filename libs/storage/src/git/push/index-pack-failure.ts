import type { GitExit } from "../spawner/git-process.ts";
import { rejection, type ReceiveRejection } from "./receive-outcome.ts";

/** Error output of `git index-pack` and `git rev-list`, and what it means; the first that matches holds. */
const MEANINGS: readonly (readonly [RegExp, ReceiveRejection])[] = [
  [/pack exceeds maximum allowed size/, rejection("pack-too-large", "the pack is larger than this server accepts")],
  [
    /out of memory|mmap failed|cannot allocate|malloc|unable to create thread|size .* too large/i,
    rejection("inflated-too-large", "unpacking the pack needs more memory than this server allows"),
  ],
  [
    /did not receive expected object|unresolved deltas?|bad object [0-9a-f]{40}|[Mm]issing (blob|tree|commit|tag)|[Cc]ould not read|unable to read|failed to (traverse|parse)|broken link/,
    rejection("missing-objects", "the push lacks objects that it needs; fetch and push again"),
  ],
  [/COLLISION/, rejection("object-malformed", "an object differs from the stored object with the same id")],
];

/** Says in plain words why git refused a pack. */
export function explainIndexFailure(exit: GitExit, stderr: string): ReceiveRejection {
  const fsck = /^error: object ([0-9a-f]+): (\w+): (.*)$/m.exec(stderr);
  if (fsck !== null) {
    const [, id, check, detail] = fsck;
    return rejection("object-malformed", printable(`object ${id} is malformed: ${detail} (${check})`));
  }
  return (
    explainCommon(exit, stderr) ?? rejection("pack-corrupt", printable(`the pack is corrupt: ${firstFatal(stderr)}`))
  );
}

/** Says in plain words why git could not walk what a push brought. */
export function explainWalkFailure(exit: GitExit, stderr: string): ReceiveRejection {
  return (
    explainCommon(exit, stderr) ??
    rejection("missing-objects", printable(`the push is incomplete: ${firstFatal(stderr)}`))
  );
}

function explainCommon(exit: GitExit, stderr: string): ReceiveRejection | undefined {
  if (exit.killedFor === "timeout") return rejection("timeout", "the push took longer than this server allows");
  const meaning = MEANINGS.find(([pattern]) => pattern.test(stderr));
  if (meaning !== undefined) return meaning[1];
  if (exit.signal !== null) return rejection("too-complex", "the push needs more work than this server allows");
  return undefined;
}

function firstFatal(stderr: string): string {
  return /^(?:fatal|error): (.*)$/m.exec(stderr)?.[1] ?? "git could not read it";
}

/** Without control characters: the text reaches terminals. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- removing control characters is the point
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "?").slice(0, 500);
}
