/** Pushes over SSH: the same conductor as over HTTP, on a connection that talks both ways at once. */
import { advertiseReceivePack, PktLineReader, type ProtocolVersion } from "@guts/git";

import type { Refusal } from "../errors.ts";
import type { Gate } from "../http/gate.ts";
import type { Metrics } from "../http/metrics.ts";
import { PushResponse } from "../git/push-response.ts";
import {
  parsePush,
  receivePush,
  refusedReport,
  type Push,
  type PushActor,
  type ReceivePackServices,
} from "../git/receive-pack.ts";
import { pushNonce } from "../git/signed-push.ts";
import type { LocatedRepository } from "../use-cases/find-repository.ts";
import type { GitChannel } from "./git-channel.ts";

/** What serving pushes over SSH needs. */
export interface SshPushServices extends ReceivePackServices {
  readonly pushes: Gate;
  readonly metrics: Metrics;
  readonly agent: string;
}

/** A push on a channel, by somebody who may. */
export interface SshPush {
  readonly channel: GitChannel;
  readonly located: LocatedRepository;
  readonly actor: PushActor;
  readonly protocol: ProtocolVersion;
  readonly baseUrl: string;
  readonly signal: AbortSignal;
  /** Records what went wrong here, and gives the words for the person. */
  readonly onFailure: (error: unknown) => Refusal;
}

/** Bytes of a refused push that are still read, so that its client can read the answer, and the longest that they are. */
const refusedPackBytesMax = 256 * 1024 * 1024;
const drainTimeoutMs = 10_000;

/** Serves one push: the refs, the commands, the pack, the report. */
export async function serveReceivePack(services: SshPushServices, asked: SshPush): Promise<void> {
  const { channel, located, signal } = asked;
  const refs = await services.refs.advertisement(services.ledger.state(), located.repository, signal);
  const version = asked.protocol === 1 ? 1 : 0;
  const nonce = pushNonce(services, located.repository.id);
  await channel.write(advertiseReceivePack(refs, { version, agent: services.agent, pushNonce: nonce }));
  const reader = new PktLineReader(channel.input());
  const request = await parsePush(reader, located, signal);
  if (request.updates.length + request.refused.length === 0) return;
  const response = new PushResponse(request.features);
  response.open();
  const push: Push = { request, reader, located, actor: asked.actor, baseUrl: asked.baseUrl, signal };
  await Promise.all([channel.write(response), carryOut(services, { asked, push, response })]);
}

/** Never rejects: what goes wrong is reported on the answer. */
async function carryOut(
  services: SshPushServices,
  { asked, push, response }: { readonly asked: SshPush; readonly push: Push; readonly response: PushResponse },
): Promise<void> {
  const { metrics } = services;
  const { channel, actor, signal } = asked;
  const count = (outcome: string): void => metrics.gitOperations.inc({ service: "receive-pack", outcome });
  const drain = () => channel.drain({ bytesMax: refusedPackBytesMax, timeoutMs: drainTimeoutMs });
  metrics.gitActive.inc({ service: "receive-pack" });
  try {
    const job = () => receivePush(services, push, response);
    const report = await services.pushes.run(signal, job, `account ${actor.account.id}`);
    const isRefused = report.unpackError !== undefined || report.refs.every(({ status }) => status === "ng");
    count(report.refs.some(({ status }) => status === "ng") ? "refused" : "ok");
    if (isRefused && push.request.hasPack) await drain();
    response.finish(report);
  } catch (error) {
    count("failed");
    if (channel.signal.aborted) return response.abort(error);
    if (push.request.hasPack) await drain();
    response.finish(refusedReport(push.request, asked.onFailure(error)));
  } finally {
    metrics.gitActive.dec({ service: "receive-pack" });
  }
}
