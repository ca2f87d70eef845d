import { readRow, tables, type Account } from "@guts/ledger";
import { parseRepositoryId, type Height, type RepositoryId, type TimeMs } from "@guts/primitives";

import { notFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { awaitReadModel } from "./lists.ts";
import { requireApplied } from "./rejection.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "readModel">;

/** A repository that somebody offers to hand over. */
export interface TransferOffer {
  readonly repositoryId: RepositoryId;
  readonly fullName: string;
  readonly newName: string;
  readonly from: Account;
  readonly createdTime: TimeMs;
  readonly expiresTime: TimeMs;
}

/** Offers that one list shows. */
const offersMax = 100;

/** Offers to the actor that have not lapsed, by repository. */
export async function listTransferOffers(
  needs: Needs,
  { actor, signal }: ChangeRequest,
): Promise<readonly TransferOffer[]> {
  await awaitReadModel(needs, signal);
  const page = { page: 1, perPage: offersMax };
  const { items } = await needs.readModel.transferOffers(actor.account.id, page, signal);
  return items.flatMap(({ repository }) => describeOffer(needs, repository.id, actor.account) ?? []);
}

/** Takes an offered repository over, or ends the offer. */
export async function answerTransfer(
  { transactions }: Needs,
  request: ChangeRequest,
  { repositoryId, answer }: { readonly repositoryId: string; readonly answer: "accept" | "cancel" },
): Promise<Height> {
  const repository = parseRepositoryId(/^\d{1,15}$/.test(repositoryId) ? Number(repositoryId) : 0);
  if (repository === undefined) throw notFound();
  const kind = answer === "accept" ? ("transfer.accept" as const) : ("transfer.cancel" as const);
  return requireApplied(await transactions.submit({ kind, payload: { repository } }, optionsOf(request))).height;
}

function describeOffer({ ledger }: Pick<Needs, "ledger">, id: RepositoryId, to: Account): TransferOffer | undefined {
  const state = ledger.state();
  const offer = readRow(state.reader, tables.transferOfferTable, id);
  const repository = state.repository(id);
  const owner = repository === undefined ? undefined : state.account(repository.owner);
  const from = offer === undefined ? undefined : state.account(offer.from);
  if (offer === undefined || repository === undefined || owner === undefined || from === undefined) return undefined;
  if (offer.to !== to.id || offer.expiresTime <= ledger.time()) return undefined;
  return {
    repositoryId: id,
    fullName: `${owner.handle}/${repository.name}`,
    newName: offer.newName ?? repository.name,
    from,
    createdTime: offer.createdTime,
    expiresTime: offer.expiresTime,
  };
}
