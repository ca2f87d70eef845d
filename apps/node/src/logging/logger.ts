import { destination, multistream, pino, stdTimeFunctions, type Logger } from "pino";

/** Where and how much a node logs. */
export interface LoggerOptions {
  readonly nodeName: string;
  readonly level: string;
  /** JSON lines are appended here; the file is readable by its owner only. */
  readonly file: string;
  /** Whether the same lines go to standard error, for a node in the foreground or under a supervisor. */
  readonly alsoToStderr: boolean;
}

/** Fields that hold secrets wherever they turn up; a guard behind the rule that nobody logs them. */
const secretFields = ["authorization", "cookie", "password", "secret", "token"];

/**
 * The node's logger: JSON lines with ISO time, to a file and perhaps to standard error.
 *
 * Lines are written at once, so that the last words of a node that is killed are in its file.
 */
export function createLogger(options: LoggerOptions): Logger {
  const streams = [{ level: "debug" as const, stream: destination({ dest: options.file, sync: true, mode: 0o600 }) }];
  if (options.alsoToStderr) streams.push({ level: "debug", stream: destination({ dest: 2, sync: true }) });
  return pino(
    {
      level: options.level,
      base: { node: options.nodeName },
      timestamp: stdTimeFunctions.isoTime,
      redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: "[secret]" },
    },
    multistream(streams),
  );
}
