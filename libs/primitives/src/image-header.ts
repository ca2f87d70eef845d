/**
 * What the first bytes of a picture say: its format and its size in pixels. Nothing is decoded.
 *
 * PNG: W3C, section 5.2 and 11.2.2. JPEG: ITU-T T.81, annex B. WebP: RFC 9649, section 2.
 */

/** Formats of pictures that are told apart, by the subtype of their media type. */
export const imageFormats = ["png", "jpeg", "webp"] as const;
export type ImageFormat = (typeof imageFormats)[number];

/** A picture as its header describes it; sides in pixels. */
export interface ImageHeader {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
}

/** Reads a header; undefined for anything but a picture of one of the formats with both sides at least one pixel. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const found = readPng(bytes) ?? readJpeg(bytes) ?? readWebp(bytes);
  return found !== undefined && found.width > 0 && found.height > 0 ? found : undefined;
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function readPng(bytes: Uint8Array): ImageHeader | undefined {
  if (bytes.length < 33 || !hasAt(bytes, 0, PNG_SIGNATURE) || !saysAt(bytes, 12, "IHDR")) return undefined;
  const view = viewOf(bytes);
  return view.getUint32(8) === 13
    ? { format: "png", width: view.getUint32(16), height: view.getUint32(20) }
    : undefined;
}

/** Markers that begin a frame; 0xc4, 0xc8 and 0xcc between them do not. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function readJpeg(bytes: Uint8Array): ImageHeader | undefined {
  if (!hasAt(bytes, 0, [0xff, 0xd8])) return undefined;
  const view = viewOf(bytes);
  // Each segment is at least four bytes long, so this ends.
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1]!;
    if (isFrame(marker)) return { format: "jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    const hasLength = marker >= 0xc0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xda);
    if (!hasLength || view.getUint16(at + 2) < 2) return undefined;
  }
  return undefined;
}

function readWebp(bytes: Uint8Array): ImageHeader | undefined {
  if (bytes.length < 30 || !saysAt(bytes, 0, "RIFF") || !saysAt(bytes, 8, "WEBP")) return undefined;
  const view = viewOf(bytes);
  // The file ends where its header says, but for one byte of padding.
  if (view.getUint32(4, true) + 8 > bytes.length) return undefined;
  if (saysAt(bytes, 12, "VP8X"))
    return { format: "webp", width: 1 + readUint24(view, 24), height: 1 + readUint24(view, 27) };
  if (saysAt(bytes, 12, "VP8L") && bytes[20] === 0x2f) {
    const sides = view.getUint32(21, true);
    return { format: "webp", width: 1 + (sides & 0x3fff), height: 1 + ((sides >>> 14) & 0x3fff) };
  }
  if (!saysAt(bytes, 12, "VP8 ") || !hasAt(bytes, 23, [0x9d, 0x01, 0x2a])) return undefined;
  return { format: "webp", width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

function readUint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hasAt(bytes: Uint8Array, at: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte);
}

function saysAt(bytes: Uint8Array, at: number, wanted: string): boolean {
  return hasAt(
    bytes,
    at,
    Array.from(wanted, (character) => character.charCodeAt(0)),
  );
}
