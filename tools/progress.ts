/** What a person sees of the steps that run: on a terminal one line that counts the seconds, elsewhere one line for each start. */
export interface Progress {
  /** A step has begun. Call what it answers with the line to leave behind when the step has ended. */
  begin(title: string): (closingText: string) => void;
}

/** Shows progress on standard error, of one step or of several at once. */
export function createProgress(): Progress {
  const { stderr } = process;
  const startedAt = new Map<string, number>();
  const draw = (): void => {
    const steps = Array.from(
      startedAt,
      ([title, at]) => `${title} ... ${Math.round((performance.now() - at) / 1000)} s`,
    );
    stderr.write(`\r${steps.join(", ")}\u001B[K`);
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    begin(title) {
      startedAt.set(title, performance.now());
      if (stderr.isTTY) timer ??= setInterval(draw, 1000);
      else stderr.write(`${title} ...\n`);
      return (closingText) => {
        startedAt.delete(title);
        stderr.write(stderr.isTTY ? `\r\u001B[K${closingText}\n` : `${closingText}\n`);
        if (startedAt.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
