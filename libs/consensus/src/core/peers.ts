/** What is known of the peers: when they were last heard, and how much they may still ask for. */
import { answerBytesBurstMax, answerBytesPerSecondMax, otherPeersMax } from "../limits.ts";
import type { Peer } from "../ports.ts";
import type { Terms } from "./terms.ts";

interface PeerState {
  heardAt: number;
  /** When the connection went down, if it is. */
  disconnectedAt: number | undefined;
  /** Bytes of answers that the peer has left at `refilledAt`. */
  allowance: number;
  refilledAt: number;
  /** When it was last asked for its status, and last sent a certificate unasked. */
  askedAt: number;
  helpedAt: number;
}

/** Peers by number. Validators are always remembered, others up to a limit. */
export class Peers {
  readonly #terms: Terms;
  readonly #startedAt: number;
  readonly #stateByPeer = new Map<Peer, PeerState>();

  constructor(terms: Terms, startedAt: number) {
    this.#terms = terms;
    this.#startedAt = startedAt;
  }

  /** A frame of the peer. Those that were on their way when its connection went down do not say that it is up. */
  hear(peer: Peer, now: number): void {
    const state = this.#at(peer);
    state.heardAt = now;
    if (now - (state.disconnectedAt ?? now) >= this.#terms.timing.disconnectedMs) state.disconnectedAt = undefined;
  }

  setConnected(peer: Peer, isConnected: boolean, now: number): void {
    if (isConnected) Object.assign(this.#at(peer), { heardAt: now, disconnectedAt: undefined });
    else if (peer >= this.#terms.validatorCount) this.#stateByPeer.delete(peer);
    else this.#at(peer).disconnectedAt ??= now;
  }

  /** Whether a validator has given no sign of life for a while. */
  isSilent(validator: number, now: number): boolean {
    const { self, timing } = this.#terms;
    if (validator === self) return false;
    const { heardAt, disconnectedAt } = this.#at(validator);
    return (
      now - heardAt >= timing.inactiveMs ||
      (disconnectedAt !== undefined && now - disconnectedAt >= timing.disconnectedMs)
    );
  }

  /** Validators with signs of life, this one included. */
  activeCount(now: number): number {
    let count = 0;
    for (let index = 0; index < this.#terms.validatorCount; index++) if (!this.isSilent(index, now)) count++;
    return count;
  }

  /** Takes the bytes of an answer from the peer's allowance. False: it has asked for too much lately. */
  spend(peer: Peer, bytes: number, now: number): boolean {
    const state = this.#at(peer);
    const refill = (Math.max(0, now - state.refilledAt) * answerBytesPerSecondMax) / 1_000;
    state.allowance = Math.min(answerBytesBurstMax, state.allowance + refill);
    state.refilledAt = now;
    if (state.allowance < bytes) return false;
    state.allowance -= bytes;
    return true;
  }

  /** Whether to ask the peer where it is: not again within `fetchMs`. */
  mayAsk(peer: Peer, now: number): boolean {
    const state = this.#at(peer);
    if (now - state.askedAt < this.#terms.timing.fetchMs) return false;
    state.askedAt = now;
    return true;
  }

  /** Whether to send the peer a certificate that it did not ask for: not again within half of what it waits to resend. */
  mayHelp(peer: Peer, now: number): boolean {
    const state = this.#at(peer);
    if (now - state.helpedAt < this.#terms.timing.resendMs / 2) return false;
    state.helpedAt = now;
    return true;
  }

  #at(peer: Peer): PeerState {
    const found = this.#stateByPeer.get(peer);
    if (found !== undefined) return found;
    const heardAt = this.#startedAt;
    const state: PeerState = {
      ...{ heardAt, disconnectedAt: undefined, allowance: answerBytesBurstMax, refilledAt: heardAt },
      ...{ askedAt: -Infinity, helpedAt: -Infinity },
    };
    if (this.#stateByPeer.size >= this.#terms.validatorCount + otherPeersMax) this.#forgetOther();
    this.#stateByPeer.set(peer, state);
    return state;
  }

  #forgetOther(): void {
    for (const peer of this.#stateByPeer.keys()) {
      if (peer < this.#terms.validatorCount) continue;
      this.#stateByPeer.delete(peer);
      return;
    }
  }
}
