import { createHash } from "node:crypto";

import type { Account } from "@guts/ledger";
import { toHex, type AccountId } from "@guts/primitives";
import type { FastifyInstance, FastifyReply } from "fastify";

import { notFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { avatarPath } from "../use-cases/avatars.ts";
import { findAccount } from "../use-cases/find-repository.ts";

const GRID = 5;
const CELL = 12;
const MARGIN = 6;

/** What a picture of an account may do when it is opened by itself: nothing. */
const PICTURE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'";
const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * Serves the pictures of accounts: `/api/guts/avatars/ID.svg` is a symmetric pattern of the number, in its colour;
 * `/api/guts/avatars/ID-DIGEST.FORMAT` is what the account chose. A picture that was replaced leads to the present one, one
 * that was redacted to the pattern. `/HANDLE.png` leads to whatever it is now, as on GitHub.
 */
export function registerAvatarRoutes(app: FastifyInstance, { ledger }: Pick<Services, "ledger">): void {
  const redirect = (reply: FastifyReply, account: Account) =>
    reply.header("cache-control", "public, max-age=60").redirect(avatarPath(account), 302);
  app.get<{ Params: { readonly file: string } }>("/api/guts/avatars/:file", ({ params }, reply) => {
    const [, id, digest] = /^([1-9]\d{0,14})(?:-([0-9a-f]{64})\.(?:png|jpeg|webp)|\.svg)$/.exec(params.file) ?? [];
    if (id === undefined) throw notFound();
    if (digest === undefined) return reply.header("cache-control", FOR_EVER).type("image/svg+xml").send(drawAvatar(id));
    const account = ledger.state().account(Number(id) as AccountId);
    if (account === undefined) throw notFound();
    const { avatar } = account;
    if (avatar === undefined || toHex(avatar.image.digest) !== digest) return redirect(reply, account);
    const bytes = ledger.bytes(avatar.image);
    if (bytes === undefined) throw notFound();
    return reply
      .headers({ "cache-control": FOR_EVER, "content-security-policy": PICTURE_POLICY })
      .type(`image/${avatar.format}`)
      .send(bytes);
  });
  app.get<{ Params: { readonly handle: string } }>("/:handle(^[0-9A-Za-z-]+).png", ({ params }, reply) => {
    const found = findAccount(ledger.state(), params.handle);
    if (found === undefined) throw notFound();
    return redirect(reply, found.account);
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
