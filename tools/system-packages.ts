import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { findPostgresBin } from "./postgres.ts";
import type { SystemNeed } from "./suites.ts";

/** How to tell that a program is there, and what brings it. */
interface Source {
  readonly isPresent: () => boolean;
  readonly debianPackages: readonly string[];
  readonly elsewhere: string;
}

const sources: Readonly<Record<SystemNeed, Source>> = {
  git: {
    isPresent: () => findOnPath("git") !== undefined,
    debianPackages: ["git"],
    elsewhere: "https://git-scm.com/downloads",
  },
  "ssh-keygen": {
    isPresent: () => findOnPath("ssh-keygen") !== undefined,
    debianPackages: ["openssh-client"],
    elsewhere: "https://www.openssh.com/portable.html",
  },
  chromium: {
    isPresent: () => findChromium() !== undefined,
    debianPackages: ["chromium"],
    elsewhere: "your package manager, or set GUTS_CHROMIUM to an installed Chromium or Chrome",
  },
  postgresql: {
    isPresent: () => findPostgresBin() !== undefined,
    debianPackages: ["postgresql"],
    elsewhere: "https://www.postgresql.org/download/ (the server programs; nothing needs to run)",
  },
  gh: {
    isPresent: () => findOnPath("gh") !== undefined,
    debianPackages: ["gh"],
    elsewhere: "https://cli.github.com",
  },
  cc: {
    isPresent: () => findOnPath("cc") !== undefined && existsSync("/usr/include/stdio.h"),
    debianPackages: ["gcc", "libc6-dev"],
    elsewhere: "a C compiler that is called cc, with the headers of the C library (Linux only)",
  },
};

/** The Chromium that browser tests drive: GUTS_CHROMIUM, else the first of the usual names on PATH. */
export function findChromium(): string | undefined {
  const configured = process.env["GUTS_CHROMIUM"];
  if (configured !== undefined) return existsSync(configured) ? configured : undefined;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    const found = findOnPath(name);
    if (found !== undefined) return found;
  }
  const application = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  return existsSync(application) ? application : undefined;
}

/**
 * Makes sure that what the suites need is on this machine.
 *
 * As root on Debian it installs what is missing with apt-get, naming it first and starting no service. Elsewhere it returns
 * false after listing everything that is missing and where to get it, so that no test runs on half a machine.
 */
export function ensureSystemPackages(needs: Iterable<SystemNeed>): boolean {
  const missing = [...new Set(needs)].filter((need) => !sources[need].isPresent());
  if (missing.length === 0) return true;
  if (process.getuid?.() === 0 && existsSync("/etc/debian_version") && findOnPath("apt-get") !== undefined) {
    installFromDebian(missing.flatMap((need) => sources[need].debianPackages));
    const stillMissing = missing.filter((need) => !sources[need].isPresent());
    if (stillMissing.length === 0) return true;
    process.stderr.write(`Installing did not bring: ${stillMissing.join(", ")}\n`);
    return false;
  }
  process.stderr.write("The tests need programs that this machine does not have:\n");
  for (const need of missing) process.stderr.write(`  ${need}: ${sources[need].elsewhere}\n`);
  const packages = missing.flatMap((need) => sources[need].debianPackages).join(" ");
  process.stderr.write(`On Debian or Ubuntu: sudo apt-get install ${packages}\n`);
  return false;
}

/** Debian asks this script before it starts a service; 101 means no. */
const policyFile = "/usr/sbin/policy-rc.d";
const policyText = "#!/bin/sh\n# Written by Guts' npm test while it installs packages.\nexit 101\n";

function installFromDebian(packages: readonly string[]): void {
  process.stderr.write(`Installing system packages with apt-get: ${packages.join(" ")}\n`);
  const isPolicyOurs = !existsSync(policyFile);
  if (isPolicyOurs) writeFileSync(policyFile, policyText, { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    const run = (...args: string[]) => spawnSync("apt-get", args, { env, stdio: ["ignore", 2, 2] }).status === 0;
    if (run("install", "-y", "-q", "--no-install-recommends", ...packages)) return;
    run("update", "-q");
    run("install", "-y", "-q", "--no-install-recommends", ...packages);
  } finally {
    if (isPolicyOurs && readFileSync(policyFile, "utf8") === policyText) rmSync(policyFile);
  }
}

function findOnPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}
