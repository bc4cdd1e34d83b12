/** The known sums of a credit report: a sum of no accounts is unknown, not 0. */

import type { Schemas } from "../api/client";
import { counted, money } from "../format/money";

type CreditReport = Schemas["CreditReport"];
type Account = { balance: number | null; iso_currency_code: string | null };

/**
 * A sum. Null: unknown, because no message states a balance of these accounts. `none`: 0 as far as is known, because no
 * loan account is known, or messages that may concern a loan were not read.
 */
type Sum = number | null | "none";

/** Sums of one currency. */
export type Totals = { currency: string | null; held: number | null; open: Sum; late: Sum; defaulted: Sum };

/** A sum in words. */
export const sumText = (sum: Sum, currency: string | null) => (sum === "none" ? "none known" : money(sum, currency));

/** Why more may be owed than is known; undefined without unread messages about loans. */
export const unreadNote = ({ unrecognized_loan_messages: messages }: { unrecognized_loan_messages?: number }) =>
  messages ? `${counted(messages, "message")} not read` : undefined;

export function totalsOf({ totals_by_currency, depository, loan, meta }: CreditReport): Totals[] {
  return totals_by_currency.map(({ currency, ...sums }) => {
    // An account without a currency counts in the report's currency.
    const own = <Row extends Account>(accounts: Row[]) =>
      accounts.filter((account) => (account.iso_currency_code ?? meta.currency ?? null) === currency);
    const isMain = currency === meta.currency;
    const owed = (status: string, sum: number): Sum => {
      const found = known(
        sum,
        own(loan.accounts).filter((account) => account.status === status),
      );
      const isDoubtful = loan.accounts.length === 0 || meta.unrecognized_loan_messages;
      return found === 0 && isMain && isDoubtful ? "none" : found;
    };
    const accounts = own(depository.accounts);
    return {
      currency,
      // A person without known depository accounts may well have money.
      held: isMain && accounts.length === 0 ? null : known(sums.depository_balances, accounts),
      open: owed("open", sums.open_balances),
      late: owed("nonperforming", sums.nonperforming_balances),
      defaulted: owed("defaulted", sums.defaulted_balances),
    };
  });
}

/** A sum includes the accounts that a long report leaves out. */
const known = (sum: number, accounts: Account[]) =>
  sum === 0 && accounts.length > 0 && accounts.every((account) => account.balance === null) ? null : sum;
