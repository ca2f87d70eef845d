/** Which square of a picture becomes an account's. */

/** The sides of a picture in pixels. */
export interface Sides {
  readonly width: number;
  readonly height: number;
}

/** A square: `zoom` from 1 (as large as fits), its centre as parts of the picture's sides from 0 to 1. */
export interface Crop {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

/** The largest square, in the middle. */
export const middle: Crop = { zoom: 1, x: 0.5, y: 0.5 };
/** How far one may zoom in. */
export const zoomMax = 4;

/** The square in pixels of the picture; it never leaves the picture. */
export function squareOf({ width, height }: Sides, { zoom, x, y }: Crop) {
  const side = Math.min(width, height) / Math.min(Math.max(zoom, 1), zoomMax);
  const place = (centre: number, length: number): number =>
    Math.min(Math.max(centre * length - side / 2, 0), length - side);
  return { left: place(x, width), top: place(y, height), side };
}

/** The square after the picture was dragged by parts of the square's side, as far as there is picture. */
export function dragged(sides: Sides, crop: Crop, by: { readonly x: number; readonly y: number }): Crop {
  const { left, top, side } = squareOf(sides, crop);
  const moved = {
    ...crop,
    x: (left + side / 2 - by.x * side) / sides.width,
    y: (top + side / 2 - by.y * side) / sides.height,
  };
  const there = squareOf(sides, moved);
  return { ...crop, x: (there.left + side / 2) / sides.width, y: (there.top + side / 2) / sides.height };
}
