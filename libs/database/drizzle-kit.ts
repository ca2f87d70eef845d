/**
 * Runs drizzle-kit with this library's drizzle-orm: npm hoists the tool and keeps the library here, where the tool
 * does not look.
 */
import { createRequire, registerHooks } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const library = dirname(require.resolve("drizzle-orm"));
const { exports } = require(join(library, "package.json")) as { exports: Record<string, { require: unknown }> };

registerHooks({
  resolve: (specifier, context, next) => {
    const found = specifier.startsWith("drizzle-orm") ? exports[specifier.replace("drizzle-orm", ".")] : undefined;
    if (found === undefined) return next(specifier, context);
    const file = typeof found.require === "string" ? found.require : (found.require as { default: string }).default;
    return { url: pathToFileURL(join(library, file)).href, format: "commonjs", shortCircuit: true };
  },
});
require(join(dirname(require.resolve("drizzle-kit")), "bin.cjs"));
