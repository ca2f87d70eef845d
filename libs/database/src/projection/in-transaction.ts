import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "../connection/connection.ts";
import { DatabaseTransaction } from "../connection/database-transaction.ts";
import { classified, isSerializationFailure } from "../connection/failures.ts";
import { retryDelayMsMin, transactionTriesMax } from "../limits.ts";

/**
 * Runs `work` in one database transaction of the writing session, again when it lost a race or its connection. The
 * work must find out by itself what an earlier try that lost only its answer has done. Throws `DatabaseError`.
 */
export async function inTransaction<Result>(
  { write }: Connection,
  work: (transaction: DatabaseTransaction) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { result } = await write.begin(async (session) => {
        const transaction = new DatabaseTransaction(session);
        const worked = await work(transaction);
        await transaction.answered();
        return { result: worked };
      });
      return result;
    } catch (failure) {
      const error = classified(failure);
      const mayRetry = isSerializationFailure(failure) || error.code === "unavailable";
      if (!mayRetry || attempt >= transactionTriesMax) throw error;
      await pause(retryDelayMsMin * attempt);
    }
  }
}
