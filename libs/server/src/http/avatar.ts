import { createHash } from "node:crypto";

import type { FastifyInstance } from "fastify";

import { notFound } from "../errors.ts";

const GRID = 5;
const CELL = 12;
const MARGIN = 6;

/** Serves a picture for each account at `/api/guts/avatars/ID.svg`: a symmetric pattern of its number, in its color. */
export function registerAvatarRoute(app: FastifyInstance): void {
  app.get("/api/guts/avatars/:file", (request, reply) => {
    const id = /^([1-9]\d{0,14})\.svg$/.exec((request.params as { readonly file: string }).file)?.[1];
    if (id === undefined) throw notFound();
    return reply
      .header("cache-control", "public, max-age=31536000, immutable")
      .type("image/svg+xml")
      .send(drawAvatar(id));
  });
}

/** The picture as SVG. The same for everybody, for ever. */
export function drawAvatar(id: string): string {
  const digest = createHash("sha256").update(`avatar ${id}`).digest();
  const hue = digest.readUInt16BE(0) % 360;
  const cells: string[] = [];
  for (let row = 0; row < GRID; row++)
    for (let column = 0; column < GRID; column++) {
      const mirrored = Math.min(column, GRID - 1 - column);
      if ((digest[2 + row * 3 + mirrored] ?? 0) % 2 === 0) continue;
      cells.push(`<rect x="${MARGIN + column * CELL}" y="${MARGIN + row * CELL}" width="${CELL}" height="${CELL}"/>`);
    }
  const size = 2 * MARGIN + GRID * CELL;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<rect width="${size}" height="${size}" fill="hsl(${hue} 35% 90%)"/><g fill="hsl(${hue} 55% 45%)">${cells.join("")}</g></svg>`
  );
}
