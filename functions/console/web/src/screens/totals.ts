/** The sums of a credit report, where something is known of them: a sum of nothing is not 0. */

import type { Schemas } from "../api/client";

type CreditReport = Schemas["CreditReport"];
type Sums = CreditReport["totals_by_currency"][number];
type Account = { balance: number | null; iso_currency_code: string | null };

/** Sums of one currency. Null: accounts are there, or none at all, but no message states a balance. */
export type Totals = { currency: string | null; held: number | null; open: number | null; late: number | null; defaulted: number | null };

export function totalsOf(report: CreditReport): Totals[] {
  return report.totals_by_currency.map((sums) => ({
    currency: sums.currency,
    held: known(sums.depository_balances, report.depository.accounts, sums, report, true),
    open: owed("open", sums.open_balances, sums, report),
    late: owed("nonperforming", sums.nonperforming_balances, sums, report),
    defaulted: owed("defaulted", sums.defaulted_balances, sums, report),
  }));
}

const owed = (status: string, sum: number, sums: Sums, report: CreditReport) =>
  known(sum, report.loan.accounts.filter((account) => account.status === status), sums, report, false);

/** Accounts without a currency count in the report's. Without an account, nothing is owed, but money held is unknown. */
function known(sum: number, accounts: Account[], { currency }: Sums, report: CreditReport, held: boolean): number | null {
  if (sum !== 0) return sum;
  const own = accounts.filter((account) => (account.iso_currency_code ?? report.meta.currency ?? null) === currency);
  if (own.length === 0) return held && currency === report.meta.currency ? null : sum;
  return own.every((account) => account.balance === null) ? null : sum;
}
