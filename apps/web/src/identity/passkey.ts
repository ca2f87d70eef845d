import type { PasskeyChallenge, PasskeyRegistration, PasskeySignIn } from "@guts/api";
import { GutsError } from "@guts/primitives";

import { api } from "../api/client.ts";

/** Making and using passkeys with the browser's own interface (W3C Web Authentication), without a library. */

/** `elsewhere`: this address cannot have passkeys, `origin` is one that can. `unsupported`: the browser cannot. `cancelled`: the person. */
export class PasskeyError extends GutsError<"elsewhere" | "unsupported" | "cancelled", { readonly origin?: string }> {}

/** Ed25519, ECDSA on P-256, RSA: what the node can check. */
const algorithms = [-8, -7, -257] as const;
const timeoutMs = 300_000;

/** Whether this browser knows passkeys at all. */
export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && window.isSecureContext;
}

/** Makes a passkey: for an account that is to be made (`register`), or for one's own (`add`). */
export async function createPasskey(
  purpose: "register" | "add",
  { handle, name }: { readonly handle: string; readonly name: string },
): Promise<PasskeyRegistration> {
  const terms = await termsFor(purpose);
  const credential = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { id: location.hostname, name: `Guts, ${terms.networkName}` },
        user: { id: bytesOf(terms.userId), name: handle, displayName: handle },
        challenge: bytesOf(terms.challenge),
        pubKeyCredParams: algorithms.map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: terms.existingIds.map((id) => ({ type: "public-key", id: bytesOf(id) })),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        attestation: "none",
        timeout: timeoutMs,
      },
    }),
  );
  const response = credential.response as AuthenticatorAttestationResponse;
  const publicKey = response.getPublicKey();
  if (publicKey === null)
    throw new PasskeyError("unsupported", "This authenticator makes keys of an unknown kind.", {});
  return {
    id: textOf(credential.rawId),
    name,
    userId: terms.userId,
    clientData: textOf(response.clientDataJSON),
    authenticatorData: textOf(response.getAuthenticatorData()),
    publicKey: textOf(publicKey),
  };
}

/** Lets the person choose one of their passkeys and sign with it. */
export function signWithPasskey(): Promise<PasskeySignIn> {
  return assertPasskey({});
}

/** Whether this browser offers passkeys among the suggestions of a field whose `autocomplete` has `webauthn`. */
export async function canSuggestPasskeys(): Promise<boolean> {
  if (!canUsePasskeys() || !("isConditionalMediationAvailable" in PublicKeyCredential)) return false;
  return PublicKeyCredential.isConditionalMediationAvailable();
}

/** Offers passkeys as suggestions, and waits, until the signal aborts, for the person to take one. Throws `PasskeyError`. */
export function suggestPasskeys(signal: AbortSignal): Promise<PasskeySignIn> {
  return assertPasskey({ mediation: "conditional", signal });
}

async function assertPasskey(options: Pick<CredentialRequestOptions, "mediation" | "signal">): Promise<PasskeySignIn> {
  const terms = await termsFor("sign-in");
  const credential = await ask(() =>
    navigator.credentials.get({
      ...options,
      publicKey: {
        rpId: location.hostname,
        challenge: bytesOf(terms.challenge),
        userVerification: "required",
        timeout: timeoutMs,
      },
    }),
  );
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    id: textOf(credential.rawId),
    clientData: textOf(response.clientDataJSON),
    authenticatorData: textOf(response.authenticatorData),
    signature: textOf(response.signature),
    userId: response.userHandle === null ? null : textOf(response.userHandle),
  };
}

/** A name for a passkey that is made here, such as "Chrome on Linux". */
export function passkeyName(): string {
  const { userAgent } = navigator;
  const browser = /Edg\/|OPR\/|Firefox\/|Chrome\/|Safari\//.exec(userAgent)?.[0] ?? "";
  const names: Readonly<Record<string, string>> = { "Edg/": "Edge", "OPR/": "Opera" };
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(userAgent)?.[0] ?? "this device";
  return `${names[browser] ?? (browser.slice(0, -1) || "Browser")} on ${system === "Mac OS X" ? "macOS" : system}`;
}

async function termsFor(purpose: "register" | "add" | "sign-in"): Promise<PasskeyChallenge> {
  if (!canUsePasskeys()) throw new PasskeyError("unsupported", "This browser has no passkeys at this address.", {});
  const terms = await api.call("POST /api/guts/passkeys/challenges", { body: { purpose } });
  if (terms.origins.includes(location.origin)) return terms;
  const [origin] = terms.origins;
  if (origin === undefined)
    throw new PasskeyError("unsupported", "This node has a numeric address; passkeys need a name.", {});
  throw new PasskeyError("elsewhere", `Passkeys of this node work at ${origin}. Open it there.`, { origin });
}

async function ask(run: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null;
  try {
    credential = await run();
  } catch (cause) {
    const words =
      (cause as Error).name === "InvalidStateError" ? "You have a passkey there already." : "No passkey was used.";
    throw new PasskeyError("cancelled", words, {}, { cause });
  }
  if (credential === null) throw new PasskeyError("cancelled", "No passkey was used.", {});
  return credential as PublicKeyCredential;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function textOf(bytes: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
