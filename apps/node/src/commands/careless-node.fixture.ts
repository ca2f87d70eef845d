/**
 * `careless-node.fixture.ts DIRECTORY PORT`: a node whose operator has taken the early checks out of its code. It submits whatever it is
 * given. Everything else is the node as it is; a test shows with it that the ledger refuses on every node what this one lets through.
 */
import { runNode } from "./node-start.ts";

const [dataDirectory = "", port = ""] = process.argv.slice(2);
await runNode(
  { dataDirectory, port: Number(port), isQuiet: true },
  {
    early: {
      refs: () => ({ refuse: () => undefined }),
      decide: () => ({ outcome: "applied", result: {} }),
    },
  },
);
