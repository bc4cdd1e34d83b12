/** The known sums of a credit report: a sum of no accounts is unknown, not 0. */

import type { Schemas } from "../api/client";

type CreditReport = Schemas["CreditReport"];
type Account = { balance: number | null; iso_currency_code: string | null };

/** Sums of one currency. Null: unknown, because no message states a balance of these accounts. */
export type Totals = {
  currency: string | null;
  held: number | null;
  open: number | null;
  late: number | null;
  defaulted: number | null;
};

export function totalsOf({ totals_by_currency, depository, loan, meta }: CreditReport): Totals[] {
  return totals_by_currency.map(({ currency, ...sums }) => {
    // An account without a currency counts in the report's currency.
    const own = <Row extends Account>(accounts: Row[]) =>
      accounts.filter((account) => (account.iso_currency_code ?? meta.currency ?? null) === currency);
    const owed = (status: string, sum: number) =>
      known(
        sum,
        own(loan.accounts).filter((account) => account.status === status),
      );
    // A person without loans owes nothing. But a person without known depository accounts may well have money.
    const none = currency === meta.currency && own(depository.accounts).length === 0;
    return {
      currency,
      held: none ? null : known(sums.depository_balances, own(depository.accounts)),
      open: owed("open", sums.open_balances),
      late: owed("nonperforming", sums.nonperforming_balances),
      defaulted: owed("defaulted", sums.defaulted_balances),
    };
  });
}

/** A sum includes the accounts that a long report leaves out. */
const known = (sum: number, accounts: Account[]) =>
  sum === 0 && accounts.length > 0 && accounts.every((account) => account.balance === null) ? null : sum;
