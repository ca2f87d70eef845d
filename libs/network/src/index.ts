export { openNetwork } from "./open-network.ts";
export { NetworkError, type NetworkErrorCode, type NetworkErrorData } from "./errors.ts";
export type {
  GossipVerdict,
  MisbehaviourReport,
  Network,
  NetworkLog,
  NetworkMetrics,
  NetworkOptions,
  NodeRole,
  PeerInfo,
  RequestOptions,
} from "./network.ts";
