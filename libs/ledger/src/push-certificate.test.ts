import { describe, expect, test } from "vitest";
import { encode, publicKeyOf, sshBlobOf, type Digest, type Height, type Signature } from "@guts/primitives";
import { plainProtection } from "@guts/governance";
import { certificateText, signCertificate } from "@guts/testing";
import { branch, objectId, Scenario, update, type By } from "../test/scenario.ts";
import { decodeEnvelope } from "./block.ts";
import { BlockExecution } from "./execute-block.ts";
import { KINDS, ledgerLimits, parsePushee, readPushMandate, verifyEnvelope } from "./index.ts";
import { formatPushNonce, parsePushNonce } from "./push-nonce.ts";
import { sshKeyIdOf } from "./kinds/ssh-keys.ts";

function world() {
  const scenario = new Scenario();
  const [ada, bob] = [scenario.signUp("ada"), scenario.signUp("bob")];
  const repository = scenario.repository(ada, "engine");
  const rule = { target: "branch", pattern: "main" } as const;
  const settings = {
    ...plainProtection,
    requiresSignedPush: true,
    includesAdministrators: true,
    allowsForcePush: true,
  };
  scenario.mustApply("protection.set", { repository, rule, settings, reason: "" }, scenario.root(ada));
  const push = (...updates: readonly ReturnType<typeof update>[]) => scenario.signedPush(ada, repository, updates);
  return { scenario, ada, bob, repository, push };
}

describe("a push that git signed", () => {
  test("moves a ref whose rule asks for the pusher's own signature, which no token gives", () => {
    const { scenario, ada, repository, push } = world();
    const { payload, by } = push(update("main", 0, 1));
    expect(scenario.code("refs.change", payload, scenario.token(ada))).toBe("ref-protected");
    expect(scenario.code("refs.change", payload, by)).toBe("applied");
    expect(scenario.forge.ref(repository, branch("main"))).toBe(objectId(1));
  });

  test("goes through any node, once, and not again after the ref has moved back", () => {
    const { scenario, ada, repository, push } = world();
    const { payload, by } = push(update("main", 0, 1));
    scenario.mustApply("refs.change", payload, by);
    const next = scenario.signedPush(ada, repository, [update("main", 1, 2)]);
    expect(scenario.code("refs.change", next.payload, next.by, { node: scenario.away })).toBe("applied");
    const back = scenario.signedPush(ada, repository, [{ ...update("main", 2, 1), isFastForward: false }]);
    scenario.mustApply("refs.change", back.payload, back.by);
    expect(scenario.code("refs.change", next.payload, next.by)).toBe("already-applied");
    // Another receipt makes it another command.
    const again = scenario.push(repository, [update("main", 1, 2)], { isAtomic: true });
    expect(scenario.code("refs.change", again, next.by)).toBe("key-reused");
    // The same text, hashed and signed otherwise, is the same push.
    const { signer } = next.by as { readonly signer: { readonly certificate: { readonly text: string } } };
    const rehashed = signCertificate(signer.certificate.text, ada.rootSeed, "sha256");
    expect(scenario.code("refs.change", again, scenario.mandated(ada, rehashed))).toBe("key-reused");
    scenario.wait(ledgerLimits.pushCertificateLifeMs);
    expect(scenario.code("refs.change", next.payload, next.by)).toBe("expired");
  });

  test("authorizes exactly its lines and options, all of them or none", () => {
    const { scenario, ada, repository } = world();
    const updates = [update("main", 0, 1), update("topic", 0, 2)];
    const options = { isAtomic: true, pushOptions: ["ci.skip"] };
    const { by } = scenario.signedPush(ada, repository, updates, { pushOptions: ["ci.skip"] });
    const code = (...args: Parameters<Scenario["push"]>) => scenario.code("refs.change", scenario.push(...args), by);
    const mismatch = "push-certificate-mismatch";
    expect(code(repository, updates.slice(0, 1), options)).toBe(mismatch);
    expect(code(repository, updates.toReversed(), options)).toBe(mismatch);
    expect(code(repository, [updates[0]!, update("topic", 0, 3)], options)).toBe(mismatch);
    expect(code(repository, [updates[0]!, update("topic", 1, 2)], options)).toBe(mismatch);
    expect(code(repository, [updates[0]!, update("other", 0, 2)], options)).toBe(mismatch);
    expect(code(repository, [...updates, update("more", 0, 2)], options)).toBe(mismatch);
    expect(code(repository, updates, { ...options, pushOptions: [] })).toBe(mismatch);
    expect(code(repository, updates, { ...options, isAtomic: false })).toBe(mismatch);
    expect(code(repository, updates, options)).toBe("applied");
    const stale = [update("main", 1, 2), update("topic", 1, 3)];
    const half = scenario.signedPush(ada, repository, stale);
    expect(scenario.code("refs.change", half.payload, half.by)).toBe("ref-stale");
    expect(scenario.forge.ref(repository, branch("main"))).toBe(objectId(1));
  });

  test("is for one repository of one network, by whatever name that had", () => {
    const { scenario, ada, repository } = world();
    const other = scenario.repository(ada, "other");
    const elsewhere = "push-certificate-elsewhere";
    const code = (changes: Parameters<Scenario["signedPush"]>[3]) => {
      const { payload, by } = scenario.signedPush(ada, repository, [update("main", 0, 1)], changes);
      return scenario.code("refs.change", payload, by);
    };
    expect(code({ network: new Uint8Array(32) as Digest })).toBe(elsewhere);
    expect(code({ nonce: formatPushNonce(scenario.ledger.networkId, other, scenario.ledger.tip) })).toBe(elsewhere);
    expect(code({ pushee: "https://node.example/ada/other.git" })).toBe(elsewhere);
    expect(code({ pushee: "https://node.example/ada/unknown.git" })).toBe(elsewhere);
    expect(code({ pushee: "https://node.example/somebody/engine.git" })).toBe(elsewhere);
    scenario.mustApply("repository.rename", { repository, name: "motor" as never }, scenario.root(ada));
    expect(code({ pushee: "git.example:ada/engine" })).toBe("applied");
    const taken = scenario.repository(ada, "engine");
    const stolen = scenario.signedPush(ada, repository, [update("main", 1, 2)], { pushee: "git.example:ada/engine" });
    expect(scenario.code("refs.change", stolen.payload, stolen.by)).toBe(elsewhere);
    expect(scenario.forge.ref(taken, branch("main"))).toBeUndefined();
  });

  test("lives as long as its own time and its nonce's height say", () => {
    const { scenario, ada, repository } = world();
    const {
      pushCertificateLifeMs: life,
      pushCertificateLeadMsMax: lead,
      transactionLifeBlocksMax: blocks,
    } = ledgerLimits;
    const code = (changes: Parameters<Scenario["signedPush"]>[3], body = {}) => {
      const { payload, by } = scenario.signedPush(ada, repository, [update("main", 0, 1)], changes);
      return scenario.code("refs.change", payload, by, { body });
    };
    const next = scenario.ledger.tip.time + 1_000;
    expect(code({ time: next - life - 1_000 })).toBe("expired");
    expect(code({ time: next + lead + 1_000 })).toBe("lives-too-long");
    const future = { height: (scenario.ledger.tip.height + 2) as Height, hash: scenario.ledger.tip.hash };
    expect(code({ block: future })).toBe("lives-too-long");
    const terms = { expiresTime: next + 60_000, expiresHeight: scenario.ledger.tip.height + blocks - 1 } as never;
    expect(code({}, { expiresTime: terms["expiresTime"] })).toBe("push-certificate-mismatch");
    expect(code({}, { expiresHeight: terms["expiresHeight"] })).toBe("push-certificate-mismatch");
    expect(code({}, { idempotencyKey: new Uint8Array(16) })).toBe("push-certificate-mismatch");
    expect(code({ time: next + lead })).toBe("applied");
  });

  test("names a block of the chain, which whoever votes compares", () => {
    const { scenario, ada, repository } = world();
    const { payload, by } = scenario.signedPush(ada, repository, [update("main", 0, 1)]);
    const command = scenario.commandOf("refs.change", payload, by);
    const place = scenario.ledger.placeAfter(1_000);
    const raw = scenario.ledger.envelopeOf(command, scenario.ledger.bodyOf(command, place.time));
    const { tip } = scenario.ledger;
    const codeWith = (hashes: (height: Height) => Digest | undefined) => {
      const outcome = new BlockExecution(scenario.ledger.state, place, hashes).add(raw, new Map(), true);
      return outcome.outcome === "applied" ? "applied" : outcome.code;
    };
    expect(codeWith((height) => (height === tip.height ? tip.hash : undefined))).toBe("applied");
    expect(codeWith(() => new Uint8Array(32) as Digest)).toBe("push-nonce-unknown");
    expect(codeWith(() => undefined)).toBe("push-nonce-unknown");
    const token = scenario.commandOf("refs.change", payload, scenario.token(ada));
    const plain = scenario.ledger.envelopeOf(token, scenario.ledger.bodyOf(token, place.time));
    const unsigned = new BlockExecution(scenario.ledger.state, place, () => undefined).add(plain, new Map(), true);
    expect(unsigned).toMatchObject({ outcome: "rejected", code: "ref-protected" });
  });

  test("is one of its own key and text, in either hash", () => {
    const { scenario, ada, repository } = world();
    const text = certificateText(scenario.ledger, repository, [update("main", 0, 1)]);
    const sound = signCertificate(text, ada.deviceSeed, "sha256");
    const payload = scenario.push(repository, [update("main", 0, 1)], { isAtomic: true });
    const holds = (certificate: typeof sound) => {
      const command = scenario.commandOf("refs.change", payload, scenario.mandated(ada, certificate));
      const body = scenario.ledger.bodyOf(command, scenario.ledger.tip.time);
      return verifyEnvelope(decodeEnvelope(scenario.ledger.envelopeOf(command, body))!);
    };
    expect(holds(sound)).toBe(true);
    expect(holds(signCertificate(text, ada.deviceSeed, "sha512"))).toBe(true);
    expect(holds({ ...sound, hash: "sha512" })).toBe(false);
    expect(holds({ ...sound, text: `${text} ` })).toBe(false);
    expect(holds({ ...sound, publicKey: publicKeyOf(ada.rootSeed) })).toBe(false);
    expect(holds({ ...sound, signature: sound.signature.with(3, sound.signature[3]! ^ 1) as Signature })).toBe(false);
  });

  test("pays for its certificate's bytes too", () => {
    const { scenario, ada, repository, push } = world();
    const bytesLeft = () => scenario.forge.accountBudget(ada.id, scenario.ledger.tip.time).bytes;
    const before = bytesLeft();
    const { payload, by } = push(update("main", 0, 1));
    scenario.mustApply("refs.change", payload, by);
    const text = certificateText(scenario.ledger, repository, [update("main", 0, 1)]);
    expect(before - bytesLeft()).toBeGreaterThan(text.length + 300);
  });
});

describe("the key that signs", () => {
  const codeBy = (scenario: Scenario, by: By, payload: ReturnType<Scenario["push"]>) =>
    scenario.code("refs.change", payload, by);

  test("is a live key of the account that pushes", () => {
    const { scenario, ada, bob, repository } = world();
    const updates = [update("main", 0, 1)];
    const stranger = scenario.signedPush(ada, repository, updates, { seed: scenario.ledger.newSeed() });
    expect(codeBy(scenario, stranger.by, stranger.payload)).toBe("key-not-live");
    const bobs = scenario.signedPush(ada, repository, updates, { seed: bob.rootSeed });
    expect(codeBy(scenario, bobs.by, bobs.payload)).toBe("key-not-live");
    expect(codeBy(scenario, { ...bobs.by, account: bob.id }, bobs.payload)).toBe("forbidden");
    const mine = scenario.signedPush(ada, repository, updates);
    scenario.mustApply("key.revoke", { key: publicKeyOf(ada.deviceSeed) }, scenario.root(ada));
    expect(codeBy(scenario, mine.by, mine.payload)).toBe("key-not-live");
    const root = scenario.signedPush(ada, repository, updates, { seed: ada.rootSeed });
    expect(codeBy(scenario, root.by, root.payload)).toBe("applied");
  });

  test("may be an SSH key; it counts as the account's own when a key of the account signed for it", () => {
    const { scenario, ada, repository } = world();
    const updates = [update("main", 0, 1)];
    const [own, vouched] = [scenario.ledger.newSeed(), scenario.ledger.newSeed()];
    const terms = { title: "", audience: [scenario.home.id], expiresTime: undefined };
    const add = (seed: typeof own, by: By) =>
      scenario.mustApply("ssh-key.add", { blob: sshBlobOf(publicKeyOf(seed)), ...terms }, by);
    add(own, scenario.device(ada));
    add(vouched, scenario.token(ada, ["write:public_key"]));
    const byNode = scenario.signedPush(ada, repository, updates, { seed: vouched });
    expect(codeBy(scenario, byNode.by, byNode.payload)).toBe("ref-protected");
    const free = scenario.signedPush(ada, repository, [update("topic", 0, 1)], { seed: vouched });
    expect(codeBy(scenario, free.by, free.payload)).toBe("applied");
    // No node's word is needed for what everybody can check: the audience does not bound it.
    const mine = scenario.signedPush(ada, repository, updates, { seed: own });
    expect(scenario.code("refs.change", mine.payload, mine.by, { node: scenario.away })).toBe("applied");
    const later = scenario.signedPush(ada, repository, [update("main", 1, 2)], { seed: own });
    scenario.mustApply("ssh-key.remove", { id: sshKeyIdOf(sshBlobOf(publicKeyOf(own))) }, scenario.root(ada));
    expect(codeBy(scenario, later.by, later.payload)).toBe("key-not-live");
  });

  test("is not a deploy key, and not one that has expired", () => {
    const { scenario, ada, repository } = world();
    const [deploy, brief] = [scenario.ledger.newSeed(), scenario.ledger.newSeed()];
    const blobs = [deploy, brief].map((seed) => sshBlobOf(publicKeyOf(seed)));
    const terms = { title: "", audience: [scenario.home.id] };
    scenario.mustApply(
      "deploy-key.add",
      { repository, blob: blobs[0]!, ...terms, isReadOnly: false },
      scenario.root(ada),
    );
    const expiresTime = (scenario.ledger.tip.time + 5_000) as never;
    scenario.mustApply("ssh-key.add", { blob: blobs[1]!, ...terms, expiresTime }, scenario.root(ada));
    const byDeploy = scenario.signedPush(ada, repository, [update("topic", 0, 1)], { seed: deploy });
    expect(codeBy(scenario, byDeploy.by, byDeploy.payload)).toBe("key-not-live");
    const late = scenario.signedPush(ada, repository, [update("topic", 0, 1)], { seed: brief });
    scenario.wait(10_000);
    expect(codeBy(scenario, late.by, late.payload)).toBe("key-not-live");
  });

  test("of somebody suspended, or without access, moves nothing", () => {
    const { scenario, bob, repository } = world();
    const { payload, by } = scenario.signedPush(bob, repository, [update("topic", 0, 1)]);
    expect(codeBy(scenario, by, payload)).toBe("forbidden");
    const founder = scenario.administrator();
    scenario.mustApply("account.suspend", { account: bob.id, reason: "" }, scenario.root(founder));
    const again = scenario.signedPush(bob, repository, [update("topic", 0, 2)]);
    expect(codeBy(scenario, again.by, again.payload)).toBe("account-suspended");
  });

  test("authorizes pushes and nothing else", () => {
    const { scenario, ada, repository } = world();
    const { by } = scenario.signedPush(ada, repository, [update("main", 0, 1)]);
    const change = {
      description: undefined,
      homepage: undefined,
      visibility: "private" as const,
      defaultBranch: undefined,
    };
    expect(scenario.code("repository.update", { repository, ...change }, by)).toBe("push-certificate-mismatch");
    expect(scenario.code("refs.update", scenario.earlierPush(repository, [update("main", 0, 1)]), by)).toBe(
      "push-certificate-mismatch",
    );
  });
});

describe("a certificate's text", () => {
  const { scenario, ada, repository } = world();
  const text = certificateText(scenario.ledger, repository, [update("main", 0, 1)]);

  test.each([
    ["no certificate", ""],
    ["no time", text.replace(/ [0-9]+ \+0100/, "")],
    ["no place", text.replace(/^pushee .*\n/m, "")],
    ["no nonce", text.replace(/^nonce .*\n/m, "")],
    ["another nonce", text.replace(/^nonce .*$/m, "nonce 1700000000-abc")],
    ["another version", text.replace("0.1", "0.2")],
    ["a place twice", text.replace(/^(pushee .*\n)/m, "$1$1")],
    ["an unknown line", text.replace("pusher", "signer x\npusher")],
    ["no end", text.slice(0, -1)],
  ])("with %s is malformed", (_what, changed) => {
    expect(readPushMandate(changed)).toBeUndefined();
    const payload = scenario.push(repository, [update("main", 0, 1)], { isAtomic: true });
    const by = scenario.mandated(ada, signCertificate(changed, ada.deviceSeed));
    expect(scenario.code("refs.change", payload, by)).toBe("push-certificate-malformed");
  });

  test("holds at its limit, and one more byte does not", () => {
    const by = (length: number) => {
      const padded = text.replace("SHA256:key", "k".repeat(length - text.length + "SHA256:key".length));
      return scenario.mandated(ada, signCertificate(padded, ada.deviceSeed));
    };
    const payload = scenario.push(repository, [update("main", 0, 1)], { isAtomic: true });
    const { pushCertificateBytesMax } = ledgerLimits;
    expect(() => scenario.attempt("refs.change", payload, by(pushCertificateBytesMax + 1))).toThrow();
    expect(scenario.code("refs.change", payload, by(pushCertificateBytesMax))).toBe("applied");
  });

  test("of as many refs as a push may have fits into an envelope", () => {
    const updates = Array.from({ length: ledgerLimits.refUpdatesPerPushMax }, (_, index) =>
      update(`topic-${index}-${"x".repeat(8)}`, 0, 1),
    );
    const { payload, by } = scenario.signedPush(ada, repository, updates);
    const { length } = encode(KINDS["refs.change"].payload, payload);
    expect(length).toBeLessThan(ledgerLimits.payloadBytesMax / 2);
    expect(scenario.code("refs.change", payload, by)).toBe("applied");
  });
});

test.each([
  ["https://git.example/ada/engine.git/", "git.example"],
  ["http://127.0.0.1:3000/ada/engine", "127.0.0.1:3000"],
  ["ssh://git@git.example:2222/ada/engine.git", "git.example:2222"],
  ["git.example:ada/engine.git", "git.example"],
  ["git@work:/ada/engine", "work"],
])("the place %s is ada/engine", (url, host) => {
  expect(parsePushee(url)).toEqual({ host, owner: "ada", name: "engine" });
});

test.each([
  "https://git.example/x/ada/engine",
  "https://git.example/engine",
  "https://git.example/ada/engine?x",
  "https://git.example/ada/%65ngine",
  "https:///ada/engine",
  "file:///srv/ada/engine",
  "/srv/ada/engine",
  "git.example:ada/../engine",
  "",
])("the place %j is no repository", (url) => expect(parsePushee(url)).toBeUndefined());

test("a nonce is read back, and nothing else is one", () => {
  const network = new Uint8Array(32).fill(0xab) as Digest;
  const nonce = formatPushNonce(network, 7 as never, { height: 43 as Height, hash: network });
  expect(nonce).toBe(`v1.${"ab".repeat(32)}.7.43.${"ab".repeat(16)}`);
  expect(parsePushNonce(nonce)).toMatchObject({ repository: 7, height: 43 });
  for (const other of [nonce.replace(".7.", ".07."), nonce.replace("v1", "v2"), `${nonce}0`, nonce.replace("43", "0")])
    expect(parsePushNonce(other)).toBeUndefined();
  expect(parsePushNonce(nonce.replace(".43.", `.${"9".repeat(16)}.`))).toBeUndefined();
});
