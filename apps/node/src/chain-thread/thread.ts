/**
 * The chain thread of a node: consensus, the stores it writes, libp2p. It shares no event loop with HTTP and git, so that
 * neither can make a vote late.
 *
 * (1) the stores, (2) the network, (3) consensus once the main thread has projected what was final before. The main thread is
 * told of every block that becomes final, in order.
 */
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { parseGenesis, type Genesis } from "@guts/ledger";
import { Chain } from "../chain/chain.ts";
import { ThreadPort } from "../thread-port/thread-port.ts";
import { ChainService } from "./chain-service.ts";
import type { ChainThreadData, MainSide, ThreadSide } from "./contract.ts";

const port: MessagePort = parentPort!;
const data = workerData as ChainThreadData;
const main = new ThreadPort<ThreadSide, MainSide>(port);

/** A failure that the thread cannot go on from: the node must stop. */
function fail(failure: unknown): void {
  const { message, stack, code } = failure as Error & { readonly code?: unknown };
  main.notify("failed", { message, stack, code });
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

const genesis = parseGenesis(data.genesis).genesis as Genesis; // The main thread has checked it.
const chain = Chain.openForWriting(data.directory, genesis); // (1)
const service = new ChainService({ data, genesis, chain, main, onFailure: fail });
main.serve("begin", async () => service.begin()); // (2), (3)
main.serve("close", async () => {
  await service[Symbol.asyncDispose]();
  chain.close();
  port.unref();
});
main.notify("opened", chain.state.tip.height);
