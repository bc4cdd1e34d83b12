/** The differences of two credit reports, line by line. */

import type { Schemas } from "../api/client";
import { count, money } from "../format/money";
import { accountAt, accountType, sameBalance, status } from "../format/words";
import { dueOn, lateInAll, lent } from "./loan-history";
import { sumText, totalsOf } from "./totals";

type CreditReport = Schemas["CreditReport"];
type Difference = { name: string; left: string | null; right: string | null; changed: boolean };

/** The lines of a report by their names. */
function linesOf(report: CreditReport): Map<string, string> {
  const lines = new Map<string, string>();
  for (const sums of totalsOf(report)) {
    const of = sums.currency ?? "No currency";
    lines.set(`${of}: money held`, money(sums.held, sums.currency));
    lines.set(`${of}: owed on open loans`, sumText(sums.open, sums.currency));
    lines.set(`${of}: owed on late loans`, sumText(sums.late, sums.currency));
    lines.set(`${of}: owed on defaulted loans`, sumText(sums.defaulted, sums.currency));
  }
  lines.set("Open loans", count(report.loan.open_accounts));
  lines.set("Late loans", count(report.loan.nonperforming_accounts));
  lines.set("Defaulted loans", count(report.loan.defaulted_accounts));
  lines.set("Closed loans", count(report.loan.closed_accounts));
  for (const loan of report.loan.accounts) {
    const of = `${accountAt(loan)}, ${accountType(loan.account_type).toLowerCase()}`;
    lines.set(`${of}: status`, status(loan.status));
    lines.set(`${of}: owed`, money(loan.balance, loan.iso_currency_code));
    lines.set(`${of}: lent`, lent(loan));
    lines.set(`${of}: due`, dueOn(loan));
    lines.set(`${of}: late in all`, lateInAll(loan));
  }
  for (const account of report.depository.accounts) {
    lines.set(
      `${accountAt(account)}, ${account.iso_currency_code ?? "no currency"}: balance`,
      money(account.balance, account.iso_currency_code) + sameBalance(account),
    );
  }
  return lines;
}

export function differences(left: CreditReport, right: CreditReport): Difference[] {
  const [a, b] = [linesOf(left), linesOf(right)];
  const names = [...a.keys(), ...[...b.keys()].filter((name) => !a.has(name))];
  return names.map((name) => {
    const [one, other] = [a.get(name) ?? null, b.get(name) ?? null];
    return { name, left: one, right: other, changed: one !== other };
  });
}
