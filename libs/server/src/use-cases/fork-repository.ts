import type { ForkCreation } from "@guts/api";
import { creationOf } from "@guts/governance";
import { ledgerLimits, type Account } from "@guts/ledger";

import type { Services } from "../services.ts";
import { optionsOf, requireName, type ChangedRepository, type ChangeRequest } from "./change-repositories.ts";
import { locateRepository } from "./find-repository.ts";
import { openRepository, type OpenedRepository } from "./open-repository.ts";
import { openOrganization } from "./organizations.ts";
import { requireApplied } from "./rejection.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "refs">;

/** Refs that may be pushed between the count and the block. */
const refSlack = 20;

/**
 * Forks a repository for the actor, or for an organization that lets them. As on GitHub, a fork of this name that is there is the
 * answer. A repository of more refs than one transaction may copy is forked with its default branch alone. Throws `Refusal`.
 */
export async function forkRepository(
  needs: Needs,
  request: ChangeRequest,
  { parent, body }: { readonly parent: OpenedRepository; readonly body: ForkCreation },
): Promise<ChangedRepository> {
  const { ledger, transactions, refs } = needs;
  const owner = ownerOf(needs, request, parent, body.organization);
  const name = body.name === undefined ? parent.repository.name : requireName(body.name);
  const path = { owner: owner.handle, repo: name };
  const there = locateRepository(ledger.state(), path.owner, path.repo);
  const isFork =
    there !== undefined && parent.state.standing.fork(there.repository.id)?.parent === parent.repository.id;
  if (isFork && !there.isFormerName) return { opened: openRepository(ledger, request.actor, path), height: undefined };
  const list = refs.list(parent.state, parent.repository);
  const count = list.count("refs/heads/") + list.count("refs/tags/");
  const isDefaultOnly = body.default_branch_only === true || count > ledgerLimits.forkRefsMax;
  const refsMax = isDefaultOnly ? 1 : Math.min(count + refSlack, ledgerLimits.forkRefsMax);
  const payload = { parent: parent.repository.id, owner: owner.id, name, isDefaultOnly, refsMax };
  const outcome = await transactions.submit({ kind: "repository.fork", payload }, optionsOf(request));
  const { height } = requireApplied(outcome);
  return { opened: openRepository(ledger, request.actor, path), height };
}

function ownerOf(
  { ledger }: Needs,
  { actor }: ChangeRequest,
  parent: OpenedRepository,
  organization: string | undefined,
): Account {
  if (organization === undefined) return actor.account;
  return openOrganization(ledger, actor, organization, creationOf(parent.repository.visibility)).organization;
}
