import { GutsError, type NodeId } from "@guts/primitives";

/**
 * What can fail between nodes.
 *
 * - `not-connected`: the node is not reachable now; another node, or the same one later, may answer.
 * - `connection-lost`: the connection ended before the answer was complete; may be tried again.
 * - `busy`: the node has no place for another request now; may be tried again.
 * - `refused`: the node does not answer this protocol to us; trying again changes nothing until our role does.
 * - `unsupported`: the node does not know the protocol.
 * - `request-too-large`, `response-too-large`: a cap of the receiver; trying again changes nothing.
 * - `failed`: the node's handler failed.
 * - `malformed`: the node sent bytes that the protocol does not allow.
 * - `bad-address`: an address that is no multiaddr with a `/p2p/` of an Ed25519 key.
 * - `closed`: this network is closed.
 */
export type NetworkErrorCode =
  | "not-connected"
  | "connection-lost"
  | "busy"
  | "refused"
  | "unsupported"
  | "request-too-large"
  | "response-too-large"
  | "failed"
  | "malformed"
  | "bad-address"
  | "closed";

/** What a failure is about, as far as it is known. */
export interface NetworkErrorData {
  readonly nodeId?: NodeId;
  readonly protocol?: string;
}

/** Bytes could not be moved. An aborted signal is not one of these: its own reason is thrown. */
export class NetworkError extends GutsError<NetworkErrorCode, NetworkErrorData> {}
