import type { PushCertificate, Transaction } from "@guts/api";
import { decodeEnvelope, gitNamespace, pushCertificateOf } from "@guts/ledger";
import { armourSshSignature, sshBlobOf } from "@guts/primitives";

import type { ChainTransaction } from "../../ports/index.ts";
import { publicKeyLine } from "../public-key-line.ts";

/** What everybody can check of a signed push, for those to whom its repository is told. */
export function presentPushCertificate({ envelope }: ChainTransaction, told: Transaction): PushCertificate | null {
  const authorization = decodeEnvelope(envelope)?.authorization;
  const certificate = authorization && pushCertificateOf(authorization);
  if (certificate === undefined || told.repository === null) return null;
  const { text, publicKey: key, hash, signature } = certificate;
  const armoured = armourSshSignature({ key, namespace: gitNamespace, hash, signature });
  return { text, signature: armoured, publicKey: publicKeyLine(sshBlobOf(key)) };
}
