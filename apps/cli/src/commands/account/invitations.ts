import { randomBytes } from "node:crypto";
import type { ApiClient, ApiInput, ApiOutput } from "@guts/api/client";
import { encodeInvitation } from "@guts/ledger";
import { parsePrivateSeed, publicKeyOf, toHex, type PrivateSeed } from "@guts/primitives";
import { usageError } from "../../cli-error.ts";
import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { invitationDaysDefault, invitationDaysMax, invitationUsesMax } from "../../limits.ts";
import type { JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { networkInvitationFields } from "../../tree/fields.ts";
import { parseCount } from "../limit.ts";
import { printList } from "../print-list.ts";
import { sayDone } from "../say.ts";

type Terms = Omit<NonNullable<ApiInput<"POST /api/guts/invitations">["body"]>, "key">;
type Invitation = ApiOutput<"GET /api/guts/invitations">[number];

/** Makes a key and has the network take its public half as an invitation; the private half. */
export async function offerInvitation(client: ApiClient, terms: Terms): Promise<PrivateSeed> {
  const seed = parsePrivateSeed(Uint8Array.from(randomBytes(32)))!;
  await client.call("POST /api/guts/invitations", { body: { ...terms, key: toHex(publicKeyOf(seed)) } });
  return seed;
}

interface InviteOptions {
  readonly expires?: string;
  readonly uses?: string;
  readonly evenClosed?: true;
  readonly reason?: string;
}

/** `guts account invite`: prints an invitation once; the network has its public half only. */
export async function inviteToNetwork(
  context: CommandContext,
  _args: readonly string[],
  { expires, uses: usesText, evenClosed, reason }: InviteOptions,
): Promise<void> {
  const days = expires === undefined ? invitationDaysDefault : parseCount(expires, invitationDaysMax, "--expires");
  const uses = usesText === undefined ? 1 : parseCount(usesText, invitationUsesMax, "--uses");
  const { client } = connectSignedIn(context);
  const terms = {
    expiresInDays: days,
    uses,
    isForClosed: evenClosed === true,
    ...(reason !== undefined && { reason }),
  };
  const seed = await withProgress(context.platform.stderr, "Inviting", () => offerInvitation(client, terms));
  sayDone(context, `Made an invitation for ${uses === 1 ? "one account" : `${uses} accounts`}, good for ${days} days`);
  context.platform.stdout.write(`${encodeInvitation(seed)}\n`);
}

/** `guts account invitations`. */
export async function listInvitations(
  context: CommandContext,
  _args: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { client } = connectSignedIn(context);
  const invitations = await withProgress(platform.stderr, "Listing invitations", () =>
    client.call("GET /api/guts/invitations", {}),
  );
  const columns = [
    { title: "Key", text: (row: Invitation) => row.key.slice(0, 16), style: style.strong },
    { title: "Left", text: (row: Invitation) => `${row.usesLeft} of ${row.uses}` },
    { title: "By", text: (row: Invitation) => row.invitedBy },
    { title: "Expires", text: (row: Invitation) => row.expiresAt.slice(0, 10) },
  ];
  const nothing = "Nobody is invited. `guts account invite` invites people.";
  await printList(context, invitations, { json, fields: networkInvitationFields, columns, nothing });
}

/** `guts account uninvite`: takes an invitation back, by its key or the beginning of it. */
export async function revokeInvitation(
  context: CommandContext,
  [text = ""]: readonly string[],
  { reason }: { readonly reason?: string },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const invitations = await client.call("GET /api/guts/invitations", {});
  const found = invitations.filter(({ key }) => text.length >= 6 && key.startsWith(text.toLowerCase()));
  const [invitation] = found;
  if (invitation === undefined || found.length > 1)
    throw usageError(`"${text}" is not the beginning of one invitation`, "`guts account invitations` lists them.");
  const body = reason === undefined ? {} : { reason };
  await client.call("DELETE /api/guts/invitations/{key}", { path: { key: invitation.key }, body });
  sayDone(context, "Took the invitation back; accounts that it opened stay");
}
