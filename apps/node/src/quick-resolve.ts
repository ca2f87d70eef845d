/**
 * Saves a third of the processor time of a node's start: modules of `drizzle-orm` import each other without a look into its
 * `package.json`.
 *
 * For every file with the extension `.js` Node asks whether the package around it is ESM, and parses all of that package's
 * `exports` for it: 179 KB, once for each of the two hundred files that a node loads. The package is ESM throughout, which the
 * test of this module checks, so what its modules import relatively is ESM, too.
 */
import { registerHooks } from "node:module";

const inside = /\/node_modules\/drizzle-orm\//;

/** Where a relative import within the package leads; undefined for everything else, which Node resolves. */
export function resolveWithin(specifier: string, parentUrl: string | undefined): string | undefined {
  const isRelative = specifier.startsWith("./") || specifier.startsWith("../");
  if (!isRelative || !specifier.endsWith(".js") || parentUrl === undefined || !inside.test(parentUrl)) return undefined;
  const url = new URL(specifier, parentUrl).href;
  return inside.test(url) ? url : undefined;
}

/** Resolves imports by {@link resolveWithin} from now on, in this thread. */
export function installQuickResolve(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = resolveWithin(specifier, context.parentURL);
      return url === undefined ? next(specifier, context) : { url, format: "module", shortCircuit: true };
    },
  });
}
