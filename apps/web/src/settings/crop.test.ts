import { describe, expect, test } from "vitest";

import { dragged, middle, squareOf } from "./crop.ts";

const wide = { width: 400, height: 200 };

describe("the square of a picture", () => {
  test("is the largest one in the middle, until somebody says otherwise", () => {
    expect(squareOf(wide, middle)).toEqual({ left: 100, top: 0, side: 200 });
    expect(squareOf({ width: 10, height: 30 }, middle)).toEqual({ left: 0, top: 10, side: 10 });
  });

  test("grows smaller with the zoom, and never larger than the picture", () => {
    expect(squareOf(wide, { ...middle, zoom: 2 })).toEqual({ left: 150, top: 50, side: 100 });
    expect(squareOf(wide, { ...middle, zoom: 0 }).side).toBe(200);
    expect(squareOf(wide, { ...middle, zoom: 99 }).side).toBe(50);
  });

  test("stays inside of the picture", () => {
    expect(squareOf(wide, { zoom: 1, x: 0, y: 1 })).toEqual({ left: 0, top: 0, side: 200 });
    expect(squareOf(wide, { zoom: 2, x: 1, y: 1 })).toEqual({ left: 300, top: 100, side: 100 });
  });

  test("moves against the way the picture is dragged, and back from its edge at once", () => {
    const moved = dragged(wide, middle, { x: 0.25, y: 0 });
    expect(squareOf(wide, moved).left).toBe(50);
    const far = dragged(wide, middle, { x: 9, y: 9 });
    expect(squareOf(wide, far)).toEqual({ left: 0, top: 0, side: 200 });
    expect(squareOf(wide, dragged(wide, far, { x: -0.1, y: 0 })).left).toBeCloseTo(20);
  });
});
