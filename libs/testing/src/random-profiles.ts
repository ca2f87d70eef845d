/** What the users of a simulated ledger say and show of themselves, and whom they follow. */
import { concatBytes, type AccountId } from "@guts/primitives";
import { ledgerLimits, scanRows, tables, type PayloadOf, type TextChange } from "@guts/ledger";
import { gradientPng } from "./gradient-png.ts";
import type { SimulatedLedger } from "./simulated-ledger.ts";

/** Kinds that are about what people show and like. */
type ProfileKind = "account.update" | "account.follow" | "account.unfollow" | "profile.change" | "avatar.set";

/** These kinds by how often they are tried. */
export const profileWeights: Readonly<Record<ProfileKind, number>> = {
  "account.update": 3,
  "account.follow": 4,
  "account.unfollow": 4,
  "profile.change": 3,
  "avatar.set": 3,
};

/** Who acts, and what only the users know. */
interface Around {
  readonly account: AccountId;
  readonly someone: () => AccountId;
  readonly textChange: (bytesMax: number) => TextChange;
}

/** Payloads of these kinds. */
export function randomProfiles(
  ledger: SimulatedLedger,
  { account, someone, textChange }: Around,
): { readonly [Kind in ProfileKind]: () => PayloadOf<Kind> } {
  const { random } = ledger;
  const field = () => textChange(ledgerLimits.profileFieldBytesMax);
  const fields = () => ({ displayName: field(), bio: field(), location: field(), website: field() });
  const followed = (): AccountId | undefined => {
    const keys = Array.from(scanRows(ledger.state, tables.followTable), ([key]) => key);
    return random.pick(keys.filter((key) => key.account === account))?.followed;
  };
  return {
    "account.update": fields,
    "account.follow": () => ({ account: someone() }),
    "account.unfollow": () => ({ account: followed() ?? someone() }),
    "profile.change": () => ({
      ...fields(),
      company: field(),
      twitterUsername: field(),
      hireable: random.oneIn(2) ? undefined : { value: random.pick([undefined, true, false]) },
    }),
    "avatar.set": () => ({
      account: pictured(ledger, account),
      avatar: random.oneIn(4)
        ? undefined
        : { format: "png", image: ledger.offer(concatBytes(gradientPng(1 + random.below(16)), random.bytes(8))) },
    }),
  };
}

/** Oneself, or now and then an organization that one is in. */
function pictured({ forge, random }: SimulatedLedger, account: AccountId): AccountId {
  return (random.oneIn(3) ? random.pick([...forge.organizations.organizationsOf(account)]) : undefined) ?? account;
}
