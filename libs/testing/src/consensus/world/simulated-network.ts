import type { Random } from "../../random.ts";
import type { Scheduler } from "./scheduler.ts";

/** How the links of a network behave at the moment. */
export interface Weather {
  readonly delayMsMin: number;
  readonly delayMsMax: number;
  /** Of a thousand frames, how many are lost. */
  readonly lossPerMille: number;
  /** Of a thousand frames, before how many the stream breaks: what is on its way is lost, and order starts anew. */
  readonly resetPerMille: number;
}

/** Weather without loss, as on a local network. */
export const calm: Weather = { delayMsMin: 1, delayMsMax: 4, lossPerMille: 0, resetPerMille: 0 };

/** Frames on their way between two hosts; more are dropped, as a bounded queue does. */
export const linkFramesMax = 512;

interface Link {
  /** A stream delivers in order: no frame arrives before one that was sent earlier on it. */
  lastArrivalMs: number;
  /** Counts broken streams, so that frames of an old one are not delivered. */
  generation: number;
  inFlight: number;
}

/** Gets what reaches a host. */
export type Deliver<Parcel> = (from: number, parcel: Parcel) => void;

/**
 * Streams between hosts, one for each ordered pair: in order on one stream, in any order between streams; lossy, slow and
 * partitioned as the scenario says. A host is a running process; twins are two hosts of one validator.
 */
export class SimulatedNetwork<Parcel> {
  weather: Weather = calm;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #deliverTo: (Deliver<Parcel> | undefined)[] = [];
  readonly #links = new Map<number, Link>();
  #groupOfHost: readonly number[] | undefined;
  #frameCount = 0;

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler;
    this.#random = random;
  }

  /** Frames that were handed to the network, delivered or not. */
  get frameCount(): number {
    return this.#frameCount;
  }

  /** Connects `host`; `deliver` gets what reaches it. */
  attach(host: number, deliver: Deliver<Parcel>): void {
    this.#deliverTo[host] = deliver;
  }

  /** Breaks every stream of `host`, as when its process dies. */
  detach(host: number): void {
    this.#deliverTo[host] = undefined;
    for (let peer = 0; peer < this.#deliverTo.length; peer++) {
      this.#reset(this.#linkOf(host, peer));
      this.#reset(this.#linkOf(peer, host));
    }
  }

  /** Splits the network: hosts hear only those of their own group. Undefined heals it. */
  partition(groupOfHost: readonly number[] | undefined): void {
    this.#groupOfHost = groupOfHost;
  }

  areConnected(from: number, to: number): boolean {
    if (this.#deliverTo[to] === undefined || this.#deliverTo[from] === undefined) return false;
    return this.#groupOfHost === undefined || this.#groupOfHost[from] === this.#groupOfHost[to];
  }

  send(from: number, to: number, parcel: Parcel): void {
    this.#frameCount += 1;
    const { delayMsMin, delayMsMax, lossPerMille, resetPerMille } = this.weather;
    const link = this.#linkOf(from, to);
    if (resetPerMille > 0 && this.#random.below(1000) < resetPerMille) this.#reset(link);
    if (lossPerMille > 0 && this.#random.below(1000) < lossPerMille) return;
    if (!this.areConnected(from, to) || link.inFlight >= linkFramesMax) return;
    const delayMs = delayMsMin + this.#random.below(delayMsMax - delayMsMin + 1);
    const arrivalMs = Math.max(this.#scheduler.nowMs + delayMs, link.lastArrivalMs);
    link.lastArrivalMs = arrivalMs;
    link.inFlight += 1;
    const { generation } = link;
    this.#scheduler.after(arrivalMs - this.#scheduler.nowMs, () => {
      if (link.generation !== generation) return;
      link.inFlight -= 1;
      if (this.areConnected(from, to)) this.#deliverTo[to]?.(from, parcel);
    });
  }

  #linkOf(from: number, to: number): Link {
    const key = from * 1024 + to;
    let link = this.#links.get(key);
    if (link === undefined) {
      link = { lastArrivalMs: 0, generation: 0, inFlight: 0 };
      this.#links.set(key, link);
    }
    return link;
  }

  #reset(link: Link): void {
    link.generation += 1;
    link.inFlight = 0;
    link.lastArrivalMs = 0;
  }
}
