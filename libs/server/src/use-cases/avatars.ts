import { ledgerLimits, type Account } from "@guts/ledger";
import { fromBase64, readImageHeader, toHex, type ImageFormat } from "@guts/primitives";

import { invalidField, notFound } from "../errors.ts";
import type { SignedInActor } from "../auth/actor.ts";
import type { Services } from "../services.ts";
import { optionsOf } from "./change-repositories.ts";
import { findAccount } from "./find-repository.ts";
import { requireApplied } from "./rejection.ts";
import { Texts } from "./texts.ts";

/** Where the picture of an account is, below the node's own address; the address of one picture never shows another. */
export function avatarPath({ id, avatar }: Pick<Account, "id" | "avatar">): string {
  return avatar === undefined
    ? `/api/guts/avatars/${id}.svg`
    : `/api/guts/avatars/${id}-${toHex(avatar.image.digest)}.${avatar.format}`;
}

/** Whose picture, and what it is to be: base64, or undefined for none. */
export interface AvatarChange {
  readonly handle: string;
  readonly image: string | undefined;
}

type Call = Parameters<typeof optionsOf>[0] & { readonly actor: SignedInActor };

/** Gives the account a picture or takes it away; the ledger decides whether the actor may. */
export async function changeAvatar(
  { ledger, transactions, random }: Pick<Services, "ledger" | "transactions" | "random">,
  call: Call,
  { handle, image }: AvatarChange,
) {
  const found = findAccount(ledger.state(), handle);
  if (found === undefined) throw notFound();
  const { id } = found.account;
  const texts = new Texts(random, ledgerLimits.avatarBytesMax);
  const avatar = image === undefined ? undefined : openImage(image, texts);
  if (avatar === undefined && found.account.avatar === undefined) return { account: found.account, height: undefined };
  const command = { kind: "avatar.set", payload: { account: id, avatar } } as const;
  const { height } = requireApplied(await transactions.submit(command, optionsOf(call, { texts })));
  return { account: ledger.state().account(id) ?? found.account, height };
}

function openImage(base64: string, texts: Texts) {
  const { avatarBytesMax, avatarSideMax } = ledgerLimits;
  const refuse = (message: string) => invalidField({ resource: "Avatar", field: "image", message });
  const bytes = fromBase64(base64);
  if (bytes === undefined) throw refuse("must be base64");
  if (bytes.length > avatarBytesMax) throw refuse(`is too large (maximum is ${avatarBytesMax} bytes); make it smaller`);
  const header = readImageHeader(bytes);
  if (header === undefined) throw refuse("must be a PNG, JPEG or WebP picture");
  if (header.width > avatarSideMax || header.height > avatarSideMax)
    throw refuse(`is ${header.width} by ${header.height} pixels; the maximum is ${avatarSideMax} on each side`);
  const format: ImageFormat = header.format;
  return { format, image: texts.bytes(bytes) };
}
