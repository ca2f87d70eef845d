export { GitWireError, type GitWireErrorCode, type GitWireErrorData } from "./errors.ts";
export { refPrefixCountMax, wireLimits, type WireLimitName } from "./limits.ts";
export { refUpdateKind, type RefUpdate } from "./ref-update.ts";
export { byteStringOf, excerptOf, fromByteString, toByteString, type ByteString } from "./wire/byte-string.ts";
export {
  capabilityValue,
  formatCapabilities,
  hasCapability,
  parseCapabilities,
  parseCapability,
  type Capabilities,
  type Capability,
} from "./wire/capabilities.ts";
export { infiniteDepth, type Deepening, type FetchRequest } from "./wire/fetch-request.ts";
export { joinBytes } from "./wire/join-bytes.ts";
export type { LsRefsRequest } from "./wire/ls-refs-request.ts";
export { parseObjectFilter, type ObjectFilter } from "./wire/object-filter.ts";
export { PktLineDecoder } from "./wire/pkt-line-decoder.ts";
export { PktLineReader } from "./wire/pkt-line-reader.ts";
export {
  decodePktLines,
  encodeDelimiter,
  encodeErrorLine,
  encodeFlush,
  encodePktLine,
  encodeResponseEnd,
  pktLineBytesMax,
  pktLinePayloadBytesMax,
  pktLineText,
  type PktLine,
} from "./wire/pkt-line.ts";
export {
  decodeProtocolV2Request,
  defaultFetchFeatures,
  encodeCapabilityAdvertisement,
  encodeFetchRequest,
  type FetchFeatures,
  type FetchFlag,
  type FetchV2Request,
  type ProtocolV2Options,
  type ProtocolV2Request,
} from "./wire/protocol-v2.ts";
export { parseProtocolVersion, type ProtocolVersion } from "./wire/protocol-version.ts";
export type { PushCertificate } from "./wire/push-certificate.ts";
export type { CommandRefusal, PushCommands, RefusedCommand } from "./wire/push-command.ts";
export {
  readReceivePackRequest,
  receivePackFeatures,
  type ReceivePackFeatures,
  type ReceivePackRequest,
  type ReportVersion,
} from "./wire/receive-pack-request.ts";
export {
  RefAdvertisement,
  type AdvertisedHead,
  type AdvertisedRef,
  type RefAdvertisementOptions,
  type ResolvedHead,
} from "./wire/ref-advertisement.ts";
export {
  decodeReportStatus,
  encodePushResponse,
  encodeReportStatus,
  type PushReport,
  type RefReport,
  type RewrittenUpdate,
} from "./wire/report-status.ts";
export {
  advertiseReceivePack,
  advertiseUploadPack,
  encodeServicePrelude,
  type GitService,
  type ReceivePackAdvertisementOptions,
  type ServiceAdvertisementOptions,
  type UploadPackAdvertisementOptions,
} from "./wire/service-advertisement.ts";
export {
  demultiplexSideBand,
  encodeKeepAlive,
  encodeProgress,
  encodeSideBand,
  encodeSideBandError,
  negotiatedSideBand,
  readSideBand,
  sanitizeProgress,
  type Band,
  type SideBandContent,
  type SideBandMode,
  type SideBandPacket,
} from "./wire/side-band.ts";
export {
  decodeUploadPackRequest,
  encodeUploadPackRequest,
  type UploadPackRequest,
} from "./wire/upload-pack-request.ts";
