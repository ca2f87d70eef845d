import { skewMsMax } from "../world/cluster-options.ts";
import type { Cluster } from "../world/cluster.ts";
import { SimulatedJournal } from "../world/simulated-journal.ts";
import { calm, type Weather } from "../world/simulated-network.ts";
import type { SimulatedNode } from "../world/simulated-node.ts";
import type { ScenarioPlan } from "./plan.ts";

/** Everything that goes wrong in a scenario, until `heal`. */
export class Mishaps {
  readonly #cluster: Cluster;
  readonly #plan: ScenarioPlan;
  #isOver = false;

  constructor(cluster: Cluster, plan: ScenarioPlan) {
    this.#cluster = cluster;
    this.#plan = plan;
  }

  /** Lets things go wrong from now on. */
  begin(): void {
    const { restored, lost, chaosMs } = this.#plan;
    const { random, scheduler } = { ...this.#cluster.options, scheduler: this.#cluster.scheduler };
    this.#changeWeather();
    this.#later();
    for (const node of this.#cluster.nodes) {
      if (node.peer === restored) this.#restoreCopy(node);
      if (node.peer === lost) scheduler.after(random.below(chaosMs), () => this.#loseJournal(node));
    }
  }

  /** Ends all of it: every link works, every process runs, every clock is nearly right. */
  heal(): void {
    const { network, nodes, options } = this.#cluster;
    this.#isOver = true;
    network.weather = calm;
    network.partition(undefined);
    for (const node of nodes) {
      node.skewMs = options.random.below(201) - 100;
      node.killAfter(Infinity);
      node.resume();
      if (!node.isUp) this.#cluster.start(node);
    }
    this.#cluster.refreshConnections();
  }

  #later(): void {
    const { scheduler, options } = this.#cluster;
    scheduler.after(1 + options.random.below(2 * this.#plan.mishapMs), () => {
      if (this.#isOver) return;
      this.#happen();
      this.#cluster.checkBounds();
      this.#later();
    });
  }

  #happen(): void {
    const { options, nodes } = this.#cluster;
    const { random } = options;
    const node = random.pick(nodes);
    if (node === undefined) return;
    const choice = random.below(12);
    this.#cluster.trace.addNumber(choice);
    if (choice < 3) this.#partition();
    else if (choice < 5) this.#mend();
    else if (choice < 8) this.#crash(node);
    else if (choice < 10) this.#pause(node);
    else if (choice < 11) node.skewMs = random.below(2 * skewMsMax + 1) - skewMsMax;
    else this.#changeWeather();
  }

  #partition(): void {
    const { network, options, nodes } = this.#cluster;
    const { random } = options;
    const hostCount = nodes.length + this.#plan.liars.length;
    network.partition(Array.from({ length: hostCount }, () => random.below(random.pick([2, 2, 3]))));
    this.#cluster.refreshConnections();
  }

  #mend(): void {
    this.#cluster.network.partition(undefined);
    this.#cluster.refreshConnections();
  }

  #crash(node: SimulatedNode): void {
    const { random } = this.#cluster.options;
    if (!node.isUp) return;
    if (random.oneIn(3)) node.kill();
    else node.killAfter(1 + random.below(30));
    this.#restart(node);
  }

  /** Starts a node again a while after it has died. */
  #restart(node: SimulatedNode): void {
    const { scheduler, options } = this.#cluster;
    scheduler.after(50 + options.random.below(1_500), () => {
      if (this.#isOver) return;
      if (node.isUp) this.#restart(node);
      else this.#cluster.start(node);
    });
  }

  #pause(node: SimulatedNode): void {
    const { scheduler, options } = this.#cluster;
    node.pause();
    scheduler.after(50 + options.random.below(1_500), () => node.resume());
  }

  #changeWeather(): void {
    const { random } = this.#cluster.options;
    const weather: readonly [Weather, ...Weather[]] = [
      calm,
      { delayMsMin: 1, delayMsMax: 60, lossPerMille: 0, resetPerMille: 0 },
      { delayMsMin: 2, delayMsMax: 30, lossPerMille: 100, resetPerMille: 5 },
      { delayMsMin: 20, delayMsMax: 250, lossPerMille: 20, resetPerMille: 2 },
      { delayMsMin: 1, delayMsMax: 10, lossPerMille: 300, resetPerMille: 20 },
    ];
    this.#cluster.network.weather = random.pick(weather);
  }

  /** Copies the directory at some moment, and comes back from the copy at a later one. */
  #restoreCopy(node: SimulatedNode): void {
    const { scheduler, options } = this.#cluster;
    const { random } = options;
    const copiedAtMs = random.below(this.#plan.chaosMs);
    scheduler.after(copiedAtMs, () => {
      const records = node.disk.journal.copy();
      const chain = node.disk.chain.slice();
      scheduler.after(random.below(this.#plan.chaosMs - copiedAtMs), () => {
        node.kill();
        node.disk.journal = new SimulatedJournal(this.#plan.journalScale, records);
        node.disk.chain = chain;
        this.#cluster.chain.onSetBack(node.id, chain.length);
        this.#cluster.start(node);
      });
    });
  }

  #loseJournal(node: SimulatedNode): void {
    node.kill();
    node.disk.journal = new SimulatedJournal(this.#plan.journalScale);
    this.#cluster.start(node);
  }
}
