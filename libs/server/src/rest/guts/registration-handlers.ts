import type { NetworkInvitation } from "@guts/api";
import { ledgerLimits, type tables } from "@guts/ledger";
import { fromHex, parsePublicKey, toHex, type PublicKey, type TimeMs } from "@guts/primitives";

import { notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { requireAdministrator } from "../../use-cases/administration.ts";
import { optionsOf } from "../../use-cases/change-repositories.ts";
import { requireApplied } from "../../use-cases/rejection.ts";
import { Texts } from "../../use-cases/texts.ts";
import { isoTime } from "../iso-time.ts";

type Name =
  | "GET /api/guts/invitations"
  | "POST /api/guts/invitations"
  | "DELETE /api/guts/invitations/{key}"
  | "PUT /api/guts/registration";

const dayMs = 24 * 60 * 60_000;

/** Who may join the network: administrators say, the ledger decides whether they may. */
export function registrationHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, transactions, random } = services;
  const reasonOf = (text: string | undefined) => {
    const texts = new Texts(random, ledgerLimits.reasonBytesMax);
    return { texts, reason: texts.ref("reason", text) };
  };
  return {
    "GET /api/guts/invitations": ({ actor }) => {
      // Whoever may read what was done with invitations may see them.
      requireAdministrator(actor);
      const offers = [...ledger.state().networkInvitationOffers()].filter(
        ({ expiresTime }) => expiresTime > ledger.time(),
      );
      const oldestFirst = offers.toSorted((left, right) => left.createdTime - right.createdTime);
      return { status: 200, body: oldestFirst.map((offer) => presentInvitation(services, offer.key, offer)) };
    },
    "POST /api/guts/invitations": async (call) => {
      const { expiresInDays = 7, uses = 1, isForClosed = false } = call.body;
      const key = requireKey(call.body.key);
      const { texts, reason } = reasonOf(call.body.reason);
      const expiresTime = (ledger.time() + expiresInDays * dayMs) as TimeMs;
      const payload = { key, expiresTime, uses, isForClosed, reason };
      const outcome = await transactions.submit(
        { kind: "network-invitation.offer", payload },
        optionsOf(call, { texts }),
      );
      const { height } = requireApplied(outcome);
      const row = { invitedBy: call.actor.account.id, createdTime: ledger.time(), ...payload, usesLeft: uses };
      return {
        status: 201,
        body: presentInvitation(services, key, ledger.state().networkInvitationOffer(key) ?? row),
        height,
      };
    },
    "DELETE /api/guts/invitations/{key}": async (call) => {
      const { texts, reason } = reasonOf(call.body.reason);
      const payload = { key: requireKey(call.path.key), reason };
      const outcome = await transactions.submit(
        { kind: "network-invitation.revoke", payload },
        optionsOf(call, { texts }),
      );
      return { status: 204, body: undefined, height: requireApplied(outcome).height };
    },
    "PUT /api/guts/registration": async (call) => {
      const { texts, reason } = reasonOf(call.body.reason);
      const payload = { registration: call.body.registration, reason };
      const outcome = await transactions.submit({ kind: "registration.set", payload }, optionsOf(call, { texts }));
      return { status: 204, body: undefined, height: requireApplied(outcome).height };
    },
  };
}

function requireKey(text: string): PublicKey {
  const key = parsePublicKey(fromHex(text) ?? new Uint8Array());
  if (key === undefined) throw notFound();
  return key;
}

function presentInvitation(
  { ledger }: Pick<Services, "ledger">,
  key: PublicKey,
  offer: tables.NetworkInvitationOfferRow,
): NetworkInvitation {
  return {
    key: toHex(key),
    invitedBy: ledger.state().account(offer.invitedBy)?.handle ?? "",
    createdAt: isoTime(offer.createdTime),
    expiresAt: isoTime(offer.expiresTime),
    uses: offer.uses,
    usesLeft: offer.usesLeft,
    isForClosed: offer.isForClosed,
  };
}
