import { progressDelayMs } from "../limits.ts";
import type { Output } from "../platform.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;
const FRAME_MS = 80;

/**
 * Runs `work`; when it takes longer than {@link progressDelayMs} and `output` is a terminal, shows `label` beside a
 * moving sign on one line, which is gone when the work ends.
 */
export async function withProgress<Result>(
  output: Output,
  label: string,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!output.isTerminal) return await work();
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    output.write(`\r${FRAMES[frame++ % FRAMES.length]} ${label}\u001b[K`);
    timer = setTimeout(draw, FRAME_MS);
  };
  timer = setTimeout(draw, progressDelayMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (frame > 0) output.write("\r\u001b[K");
  }
}
