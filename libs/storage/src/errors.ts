import { GutsError } from "@guts/primitives";

/** What can fail in the stores. `log-corrupt` and `wrong-format` need a person; the others do not recur by retrying either. */
export type StorageErrorCode =
  | "record-too-large"
  | "log-corrupt"
  | "wrong-format"
  | "wrong-network"
  | "state-mismatch"
  | "store-unreadable";

/** A store cannot do what it is for. */
export class StorageError extends GutsError<StorageErrorCode, object> {}
