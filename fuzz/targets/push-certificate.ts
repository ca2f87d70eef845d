/** What a push certificate says on the wire, byte for byte, is what the ledger reads in its text. */
import { fromByteString, toByteString, type ByteString } from "@guts/git";
import { parsePushNonce, pushTerms, readPushMandate } from "@guts/ledger";
import { fromUtf8, parsePushCertificate, timeMsMax, utf8 } from "@guts/primitives";

const [zero, one] = ["0".repeat(40), "1".repeat(40)];
const nonce = `v1.${"ab".repeat(32)}.7.43.${"cd".repeat(16)}`;

export const dictionary = [
  ...[
    "certificate version 0.1\n",
    "pusher SHA256:x 1700000000 +0100\n",
    "pushee https://a/b/c.git/\n",
    `nonce ${nonce}\n`,
  ],
  ...[
    "push-option x\n",
    "\n",
    `${zero} ${one} refs/heads/main\n`,
    "pushee h:o/n\n",
    "ssh://git@h:2/o/n",
    " +0000",
    "é",
  ],
];

export function fuzz(bytes: Uint8Array): void {
  const text = fromUtf8(bytes);
  if (text === undefined) return;
  const [wire, read] = [parsePushCertificate(toByteString(bytes)), parsePushCertificate(text)];
  if (JSON.stringify(wire && textOf(wire)) !== JSON.stringify(read))
    throw new Error("wire and ledger read differently");
  const mandate = readPushMandate(text);
  if (mandate === undefined) return;
  if (read === undefined || mandate.commands.some((command) => command.includes("\n")))
    throw new Error("no certificate");
  if (parsePushNonce(read.nonce ?? "") === undefined) throw new Error("a mandate without a nonce");
  const terms = pushTerms(text, mandate);
  if (terms.idempotencyKey.length !== 16 || mandate.time > timeMsMax) throw new Error("terms that no body can have");
  if (utf8(text).length !== bytes.length) throw new Error("a text that is not its bytes");
}

/** Byte strings as the text that they stand for. */
function textOf(value: unknown): unknown {
  if (typeof value === "string") return fromUtf8(fromByteString(value as unknown as ByteString));
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.map(textOf);
  return Object.fromEntries(Object.entries(value as object).map(([name, field]) => [name, textOf(field)]));
}
