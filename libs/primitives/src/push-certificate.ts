/**
 * The text that `git push --signed` signs, from gitprotocol-pack(5) "Push Certificate":
 *
 *     certificate version 0.1 LF   pusher IDENT LF   [pushee URL LF]   nonce NONCE LF   *(push-option TEXT LF)
 *     LF   command lines
 *
 * The one place that knows this layout: git's wire reads it byte for byte, the ledger as text.
 */

/** A certificate taken apart. Its values are parts of the text, whatever its characters stand for. */
export interface PushCertificateText<Text extends string = string> {
  /** The signer, as git names them, and when by their own clock. */
  readonly pusher: Text;
  /** The URL pushed to, without credentials. git's HTTP client ends it with a slash whether or not the person did. */
  readonly pushee: Text | undefined;
  readonly nonce: Text | undefined;
  readonly pushOptions: readonly Text[];
  /** `OLD NEW REF`, not looked at. */
  readonly commands: readonly Text[];
}

const VERSION_LINE = "certificate version 0.1";
const FIELDS: ReadonlySet<string> = new Set(["pusher", "pushee", "nonce", "push-option"]);

/** Takes a certificate apart; undefined when it is none, or says one thing twice. */
export function parsePushCertificate<Text extends string>(text: Text): PushCertificateText<Text> | undefined {
  const headerEnd = text.indexOf("\n\n");
  const body = text.slice(headerEnd + 2);
  if (headerEnd === -1 || (body !== "" && !body.endsWith("\n"))) return undefined;
  const [version, ...lines] = text.slice(0, headerEnd).split("\n");
  const valuesByKey = Map.groupBy(lines.map(parseField), ({ key }) => key);
  if (version !== VERSION_LINE || !valuesByKey.keys().every((key) => FIELDS.has(key))) return undefined;
  const values = (key: string): readonly Text[] => (valuesByKey.get(key) ?? []).map(({ value }) => value as Text);
  const [pusher, ...pushers] = values("pusher");
  const [pushee, ...pushees] = values("pushee");
  const [nonce, ...nonces] = values("nonce");
  if (pusher === undefined || pushers.length + pushees.length + nonces.length > 0) return undefined;
  const commands = body.split("\n").slice(0, -1) as Text[];
  return { pusher, pushee, nonce, pushOptions: values("push-option"), commands };
}

function parseField(line: string): { readonly key: string; readonly value: string } {
  const separator = line.indexOf(" ");
  return { key: line.slice(0, Math.max(separator, 0)), value: line.slice(separator + 1) };
}
