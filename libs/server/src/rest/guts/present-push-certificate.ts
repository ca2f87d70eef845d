import type { PushCertificate, Transaction } from "@guts/api";
import { decodeEnvelope, gitNamespace } from "@guts/ledger";
import { armourSshSignature, sshBlobOf } from "@guts/primitives";

import type { ChainTransaction } from "../../ports/index.ts";
import { publicKeyLine } from "../public-key-line.ts";

/** What everybody can check of a signed push, for those to whom its repository is told. */
export function presentPushCertificate({ envelope }: ChainTransaction, told: Transaction): PushCertificate | null {
  const authorization = decodeEnvelope(envelope)?.authorization;
  if (authorization?.type !== "push-certificate" || told.repository === null) return null;
  const { text, publicKey: key, hash, signature } = authorization;
  const armoured = armourSshSignature({ key, namespace: gitNamespace, hash, signature });
  return { text, signature: armoured, publicKey: publicKeyLine(sshBlobOf(key)) };
}
