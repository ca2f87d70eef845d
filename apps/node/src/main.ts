/** Where the node's program begins: with the compile cache, so that everything else is loaded from it. */
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// The sources run as they are; their stripped and compiled form is kept, which saves half of what loading them costs.
enableCompileCache(join(import.meta.dirname, "..", "..", "..", ".cache", "compile"));
const { installQuickResolve } = await import("./quick-resolve.ts");
installQuickResolve();
await import("./cli/run-program.ts");
