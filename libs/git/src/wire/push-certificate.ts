/**
 * Push certificates, from gitprotocol-pack(5) "Push Certificate".
 *
 *     certificate version 0.1 LF   pusher IDENT LF   [pushee URL LF]   nonce NONCE LF   *(push-option TEXT LF)
 *     LF   command lines   signature
 *
 * The commands of the certificate are the commands of the push. Who may push by a certificate is not decided here: its
 * capability is not advertised, so a server refuses a request that carries one.
 */
import type { ObjectFormat } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import { excerptOf, toByteString, type ByteString } from "./byte-string.ts";
import { parseCommandLine, type CommandLine } from "./push-command.ts";

/** A certificate taken apart. The header's values are byte strings. */
export interface PushCertificate {
  /** Every byte between `push-cert` and `push-cert-end`, as the client sent it. */
  readonly text: Uint8Array;
  /** The part of `text` that the signature covers. */
  readonly signedText: Uint8Array;
  /** The part of `text` behind it, with its armour. */
  readonly signature: Uint8Array;
  readonly pusher: ByteString;
  /** The URL pushed to. git's HTTP client ends it with a slash whether or not the person did. */
  readonly pushee: ByteString | undefined;
  readonly nonce: ByteString | undefined;
  readonly pushOptions: readonly ByteString[];
}

/** A certificate and the commands it signs. */
export interface CertifiedCommands {
  readonly certificate: PushCertificate;
  readonly lines: readonly CommandLine[];
}

const VERSION_LINE = "certificate version 0.1";

/** Where a signature begins: OpenPGP, X.509 and SSH, as in git's gpg-interface. */
const SIGNATURE = /^-----BEGIN (PGP SIGNATURE|PGP MESSAGE|SIGNED MESSAGE|SSH SIGNATURE)-----$/m;

/** Takes a certificate apart. Throws `line-malformed`, `object-id-invalid`. */
export function parsePushCertificate(text: Uint8Array, format: ObjectFormat): CertifiedCommands {
  const all = toByteString(text);
  const signatureStart = SIGNATURE.exec(all)?.index;
  const headerEnd = all.indexOf("\n\n");
  if (signatureStart === undefined || headerEnd === -1 || headerEnd + 2 > signatureStart)
    throw malformed("push certificate with header and signature", all);
  const header = parseHeader(all.slice(0, headerEnd));
  const body = all.slice(headerEnd + 2, signatureStart);
  if (body !== "" && !body.endsWith("\n")) throw malformed("signature on its own line", body);
  const commandLines = body.split("\n").slice(0, -1) as ByteString[];
  const parts = { text, signedText: text.subarray(0, signatureStart), signature: text.subarray(signatureStart) };
  return {
    certificate: { ...parts, ...header },
    lines: commandLines.map((line) => parseCommandLine(line, format)),
  };
}

type Header = Pick<PushCertificate, "pusher" | "pushee" | "nonce" | "pushOptions">;

function parseHeader(text: string): Header {
  const [version, ...fields] = text.split("\n");
  if (version !== VERSION_LINE) throw malformed(VERSION_LINE, text);
  const valuesByKey = Map.groupBy(fields.map(parseField), (field) => field.key);
  const single = (key: string): ByteString | undefined => {
    const values = valuesByKey.get(key) ?? [];
    if (values.length > 1) throw malformed(`one ${key}`, text);
    return values[0]?.value;
  };
  const pusher = single("pusher");
  if (pusher === undefined) throw malformed("pusher", text);
  const pushOptions = (valuesByKey.get("push-option") ?? []).map((field) => field.value);
  return { pusher, pushee: single("pushee"), nonce: single("nonce"), pushOptions };
}

function parseField(line: string): { readonly key: string; readonly value: ByteString } {
  const separator = line.indexOf(" ");
  const key = line.slice(0, Math.max(separator, 0));
  if (!["pusher", "pushee", "nonce", "push-option"].includes(key)) throw malformed("certificate header", line);
  return { key, value: line.slice(separator + 1) as ByteString };
}

function malformed(expected: string, text: string): GitWireError<"line-malformed"> {
  return new GitWireError("line-malformed", { expected, excerpt: excerptOf(text) });
}
