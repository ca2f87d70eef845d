import { toBase64 } from "@guts/primitives";

import { squareOf, type Crop } from "./crop.ts";

/** Pixels of each side of what is sent: enough for the largest place a picture is shown at, twice as dense. */
export const avatarSide = 460;
/** What the ledger takes. */
const bytesMax = 131_072;

/** Draws the square of the picture over all of a square canvas. */
export function drawSquare(canvas: HTMLCanvasElement, picture: ImageBitmap, crop: Crop): void {
  const { left, top, side } = squareOf(picture, crop);
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.imageSmoothingQuality = "high";
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}

/**
 * The square as base64 of WebP, or of JPEG where the browser writes no WebP. Drawing it anew leaves behind what a camera
 * wrote into the file, such as where it was taken. Undefined when the browser cannot encode it small enough.
 */
export async function encodeAvatar(picture: ImageBitmap, crop: Crop): Promise<string | undefined> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = avatarSide;
  drawSquare(canvas, picture, crop);
  for (const quality of [0.92, 0.8, 0.6, 0.4]) {
    const blob =
      (await encode(canvas, "image/webp", quality)) ?? (await encode(onWhite(canvas), "image/jpeg", quality));
    if (blob !== undefined && blob.size <= bytesMax) return toBase64(new Uint8Array(await blob.arrayBuffer()));
  }
  return undefined;
}

/** Undefined when the browser does not write this type: it then writes another. */
function encode(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob | undefined> {
  const { promise, resolve } = Promise.withResolvers<Blob | undefined>();
  canvas.toBlob((blob) => resolve(blob?.type === type ? blob : undefined), type, quality);
  return promise;
}

/** JPEG has no transparency and would show black instead. */
function onWhite(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const copy = document.createElement("canvas");
  copy.width = copy.height = canvas.width;
  const context = copy.getContext("2d");
  if (context !== null) {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(canvas, 0, 0);
  }
  return copy;
}
