/** What administrators of a simulated network do: stop accounts, change budgets, invite, switch registration. */
import { invitationBytes, ledgerLimits, scanRows, tables, type KindName, type PayloadOf } from "@guts/ledger";
import {
  publicKeyOf,
  signMessage,
  type AccountId,
  type Handle,
  type NodeId,
  type PrivateSeed,
  type PublicKey,
  type TimeMs,
} from "@guts/primitives";
import { accountBudgetRule, nodeBudgetRule } from "@guts/governance";
import { hostileText } from "./hostile-text.ts";
import type { SimulatedLedger } from "./simulated-ledger.ts";

/** Kinds that only administrators give, by how often they are tried. */
export const administrationWeights = {
  "network-invitation.create": 1,
  "network-invitation.offer": 3,
  "network-invitation.revoke": 2,
  "registration.set": 1,
  "account.suspend": 1,
  "account.unsuspend": 2,
  "account.reinstate": 2,
  "node.dismiss": 1,
  "budget.set": 2,
  "budget.change": 2,
} as const satisfies Partial<Readonly<Record<KindName, number>>>;

type AdministrationKind = keyof typeof administrationWeights;

const dayMs = 24 * 60 * 60_000;

/** The administrators of one ledger. */
export class RandomAdministration {
  readonly #ledger: SimulatedLedger;
  readonly #invitations: PrivateSeed[] = [];

  constructor(ledger: SimulatedLedger) {
    this.#ledger = ledger;
  }

  /** What each kind says; `someone` picks an account. */
  payloads(someone: () => AccountId): { readonly [Kind in AdministrationKind]: () => PayloadOf<Kind> } {
    const { random } = this.#ledger;
    const reason = () => hostileText(random, ledgerLimits.reasonBytesMax);
    return {
      "network-invitation.create": () => ({ key: this.#newInvitation(), expiresTime: this.#soon() }),
      "network-invitation.offer": () => ({
        key: random.oneIn(4) ? this.#someInvitation() : this.#newInvitation(),
        expiresTime: this.#soon(),
        uses: random.below(4),
        isForClosed: random.oneIn(2),
        reason: this.#reason(),
      }),
      "network-invitation.revoke": () => ({ key: this.#someInvitation(), reason: this.#reason() }),
      "registration.set": () => ({ registration: this.#otherRegistration(), reason: this.#reason() }),
      "account.suspend": () => ({ account: someone(), reason: reason() }),
      "account.unsuspend": () => ({ account: this.#suspended() ?? someone() }),
      "account.reinstate": () => ({ account: this.#suspended() ?? someone(), reason: this.#reason() }),
      "node.dismiss": () => ({ node: this.#admitted(), reason: this.#reason() }),
      "budget.set": () => this.#budget(someone()),
      "budget.change": () => ({ ...this.#budget(someone()), reason: this.#reason() }),
    };
  }

  /** Now and then an invitation of somebody's for a sign-up, good or not any more. */
  invitation(handle: Handle, rootKey: PublicKey): PayloadOf<"account.create">["invitation"] {
    const { random, networkId } = this.#ledger;
    const seed = random.oneIn(2) ? undefined : random.pick(this.#invitations);
    if (seed === undefined) return undefined;
    return { key: publicKeyOf(seed), signature: signMessage(seed, invitationBytes(networkId, handle, rootKey)) };
  }

  #newInvitation(): PublicKey {
    const seed = this.#ledger.newSeed();
    this.#invitations.push(seed);
    return publicKeyOf(seed);
  }

  #someInvitation(): PublicKey {
    const seed = this.#ledger.random.pick(this.#invitations);
    return seed === undefined ? this.#newInvitation() : publicKeyOf(seed);
  }

  #soon(): TimeMs {
    return (this.#ledger.tip.time + this.#ledger.random.below(3 * dayMs)) as TimeMs;
  }

  #reason() {
    const { random } = this.#ledger;
    if (random.oneIn(2)) return undefined;
    return this.#ledger.offerText(hostileText(random, ledgerLimits.reasonBytesMax));
  }

  /** Mostly open, so that there are people. */
  #otherRegistration() {
    const { random, forge } = this.#ledger;
    return forge.network().registration === "open" ? random.pick(["open", "invite", "closed"] as const) : "open";
  }

  #suspended(): AccountId | undefined {
    return this.#ledger.random.pick([...scanRows(this.#ledger.state, tables.suspensionTable)])?.[0];
  }

  #admitted(): NodeId {
    const { random, state, nodes } = this.#ledger;
    return random.pick([...scanRows(state, tables.nodeTable)])?.[0] ?? random.pick(nodes).id;
  }

  /** A budget around the usual one, or too small, or none. */
  #budget(account: AccountId): PayloadOf<"budget.set"> {
    const { random, nodes } = this.#ledger;
    const node = random.pick(nodes).id;
    const subject = random.oneIn(2) ? ({ type: "account", account } as const) : ({ type: "node", node } as const);
    const { capacity, refillPerMinute } = subject.type === "account" ? accountBudgetRule : nodeBudgetRule;
    const transactions = random.oneIn(4) ? 0 : capacity.transactions + random.below(1_000);
    const rule = { capacity: { ...capacity, transactions }, refillPerMinute };
    return { subject, rule: random.oneIn(3) ? undefined : rule };
  }
}
