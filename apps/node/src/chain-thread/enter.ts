/** Where the chain thread begins: with the compile cache, which a thread does not take over from the one that starts it. */
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "..", "..", "..", "..", ".cache", "compile"));
await import("./thread.ts");
