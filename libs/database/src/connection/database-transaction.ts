/** A database transaction of the projection's session, whose statements are prepared and do not wait for one another. */
import type { TransactionSql } from "postgres";

/** A value as a statement takes it: arrays as PostgreSQL writes them, see `arrayOf`. */
export type Parameter = string | number | Uint8Array | null;

/**
 * Statements are carried out in the order in which they are sent, and an answer is waited for only where it is needed: what
 * a statement costs beyond its own work is the way there and back. Each text is prepared by the session when it first
 * comes, so texts must be few and must not grow with the number of rows.
 */
export class DatabaseTransaction {
  readonly #session: TransactionSql;
  readonly #sent: Promise<unknown>[] = [];

  constructor(session: TransactionSql) {
    this.#session = session;
  }

  /** The rows that a statement gives, by the names of their columns. */
  async query<Row extends object>(text: string, parameters: readonly Parameter[]): Promise<readonly Row[]> {
    return this.#execute<Row>(text, parameters);
  }

  /** Sends a statement; `answered` says whether it succeeded. */
  send(text: string, parameters: readonly Parameter[]): void {
    this.#sent.push(this.#execute(text, parameters));
  }

  /**
   * Resolves when everything that was sent has succeeded. Throws what the first failure was: the database carries out
   * nothing that was sent after it. Must be awaited before the transaction ends.
   */
  async answered(): Promise<void> {
    await Promise.all(this.#sent.splice(0));
  }

  /** Undoes what `work` sent when one of its statements fails, and throws that failure. */
  async attempt(work: (savepoint: DatabaseTransaction) => void): Promise<void> {
    await this.#session.savepoint(async (session) => {
      const savepoint = new DatabaseTransaction(session);
      work(savepoint);
      await savepoint.answered();
    });
  }

  #execute<Row extends object>(text: string, parameters: readonly Parameter[]): Promise<readonly Row[]> {
    return this.#session.unsafe<Row[]>(text, [...parameters], { prepare: true }).execute();
  }
}
