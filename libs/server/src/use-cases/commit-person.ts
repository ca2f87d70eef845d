import { commitAddressOf, type Account } from "@guts/ledger";

import type { SignedInActor } from "../auth/actor.ts";
import { invalidField } from "../errors.ts";
import type { GitPerson } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { publicEmail } from "./emails.ts";
import { textReader } from "./texts.ts";

/** A person as a client names them; the date in ISO 8601 with an offset. */
export interface NamedPerson {
  readonly name: string;
  readonly email: string;
  readonly date?: string | undefined;
}

/** Who acts, as commits name them. */
export function personOf(
  needs: Pick<Services, "ledger" | "clock" | "privateStore">,
  { actor }: { readonly actor: SignedInActor },
): GitPerson {
  return personFor(needs, actor.account);
}

/**
 * An account, as commits name it now. The address takes no mail and says at every node whose the commit is, unless they show their own.
 */
export function personFor(
  { ledger, clock, privateStore }: Pick<Services, "ledger" | "clock" | "privateStore">,
  account: Account,
): GitPerson {
  const name = textReader(ledger)(account.displayName)?.trim();
  return {
    name: name === undefined || name === "" ? account.handle : name,
    email: publicEmail({ privateStore }, account) ?? commitAddressOf(ledger.networkId, account),
    timeSeconds: Math.floor(clock.nowMs() / 1000),
    zoneMinutes: 0,
  };
}

/** The person that a client names, at the time it says or now. Throws `Refusal`. */
export function namedPerson(named: NamedPerson | undefined, otherwise: GitPerson, field: string): GitPerson {
  if (named === undefined) return otherwise;
  const { name, email, date } = named;
  if (/[<>\n\0]/.test(name + email) || name.trim() === "" || email.trim() === "")
    throw invalidField({ resource: "Commit", field, message: "needs a name and an email without < and >" });
  return { ...otherwise, ...(date !== undefined && parseDate(date, field)), name, email };
}

function parseDate(text: string, field: string): Pick<GitPerson, "timeSeconds" | "zoneMinutes"> {
  const time = Date.parse(text);
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
  if (Number.isNaN(time) || time < 0)
    throw invalidField({
      resource: "Commit",
      field: `${field}.date`,
      message: "is no time such as 2026-01-31T12:00:00Z",
    });
  const zoneMinutes = hours === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return { timeSeconds: Math.floor(time / 1000), zoneMinutes };
}
