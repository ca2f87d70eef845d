import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import type { Plugin } from "vite";

/** Smaller files gain less than the second request for their headers costs. */
const compressFromBytes = 1024;

/**
 * Writes each asset a second and third time, compressed as far as it goes, so that a node sends the finished bytes
 * instead of compressing them for every visitor.
 */
export function precompress(): Plugin {
  let folder = "";
  return {
    name: "guts:precompress",
    apply: "build",
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir, "assets");
    },
    closeBundle: () => {
      for (const name of readdirSync(folder).filter((entry) => /\.(js|css)$/.test(entry))) {
        const content = readFileSync(join(folder, name));
        if (content.length < compressFromBytes) continue;
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
      }
    },
  };
}
