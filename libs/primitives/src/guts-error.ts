/**
 * The base of every typed failure: a closed set of codes with typed data for each.
 *
 * Each library derives one class from it. A caller switches on `code`, never on the message.
 */
export class GutsError<Code extends string = string, Data = unknown> extends Error {
  readonly code: Code;
  readonly data: Data;

  constructor(code: Code, message: string, data: Data, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.data = data;
  }
}
