import type { Adversary } from "./adversary.ts";
import { Liar, type Script } from "./liar.ts";

/** An adversary that runs a script in place of the core. */
export function scripted(name: string, makeScript: (liar: Liar) => Script): Adversary {
  return {
    name,
    join(cluster, self) {
      void new Liar(cluster, self, makeScript);
      return [];
    },
  };
}
