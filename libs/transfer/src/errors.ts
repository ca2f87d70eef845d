import { GutsError } from "@guts/primitives";
import type { PackRefusal } from "./pack-request.ts";

/**
 * What can go wrong with a transfer, and whether to try again:
 *
 * - `unreachable`, `broken`, `too-slow`: the way to the peer. Resume, by another way or from another holder.
 * - `refused`: the peer said no; the reason says whether a new grant helps.
 * - `wrong-peer`: whoever answered is not who gave the grant. `wrong-bytes`: they are not those of the pack. Ask another holder.
 * - `malformed`: bytes that are no answer. Ask another holder. `unavailable`: no holder is left.
 */
export interface TransferErrorData {
  unreachable: undefined;
  broken: { readonly receivedBytes: number };
  "too-slow": { readonly movedBytes: number };
  refused: { readonly reason: PackRefusal };
  "wrong-peer": undefined;
  "wrong-bytes": undefined;
  malformed: undefined;
  unavailable: undefined;
}

/** A code of {@link TransferError}. */
export type TransferErrorCode = keyof TransferErrorData;

/** A transfer that failed. */
export class TransferError<Code extends TransferErrorCode = TransferErrorCode> extends GutsError<
  Code,
  TransferErrorData[Code]
> {}

/** Whether `error` is a {@link TransferError} with this code. */
export function isTransferError<Code extends TransferErrorCode>(
  error: unknown,
  code: Code,
): error is TransferError<Code> {
  return error instanceof TransferError && error.code === code;
}
