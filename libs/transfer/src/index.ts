export { makeChannelCertificate, type ChannelCertificate } from "./certificate.ts";
export { isTransferError, TransferError, type TransferErrorCode } from "./errors.ts";
export {
  grantCodec,
  GrantBook,
  isSignedByGrantor,
  signedGrantCodec,
  type Grant,
  type GrantBookOptions,
  type SignedGrant,
} from "./grant.ts";
export * as transferLimits from "./limits.ts";
export type { TransferPace } from "./limits.ts";
export {
  objectsAnswerCodec,
  objectsProtocol,
  objectsRequestCodec,
  packOfferAnswerCodec,
  packOfferCodec,
  packOfferProtocol,
  packOfferRequestCodec,
  parseAddress,
  receiptAnswerCodec,
  receiptProtocol,
  receiptRequestCodec,
  type ObjectsAnswer,
  type ObjectsRequest,
  type OfferRefusalCode,
  type PackOffer,
  type PackOfferAnswer,
  type PackOfferRequest,
  type ReceiptAnswer,
  type ReceiptRefusalCode,
  type ReceiptRequest,
} from "./messages.ts";
export {
  answerBytesCap,
  answerBytesMax,
  blocksAnswerCodec,
  blocksPerAnswerMax,
  blocksRequestBytesMax,
  blocksRequestCodec,
  CHANNELS,
  PROTOCOLS,
  servedFrameBytesMax,
  servedFrameCodec,
  syncedBlockCodec,
  transactionContentsMax,
  transactionFrameBytesMax,
  transactionFrameCodec,
  tryDecode,
  type SyncedBlock,
} from "./node-messages.ts";
export type { NodeLink, RequestLimits } from "./node-link.ts";
export { PackChannel, packStreamProtocol } from "./pack-channel.ts";
export { downloadPack, type DownloadedPack } from "./pack-download.ts";
export { listenForPacks, type PackListener } from "./pack-listener.ts";
export { decodePackAnswer, encodeFrame, FrameReader, packAnswerCodec, packRequestCodec } from "./pack-request.ts";
export { PackService, type OpenPack, type PackServiceRequest, type PackSource } from "./pack-service.ts";
export type { OnTransferEnd, TransferEnd, TransferWay } from "./transfer-end.ts";
