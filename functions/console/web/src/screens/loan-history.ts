/** The history of loans in the credit report and the ledger. */

import type { Schemas } from "../api/client";
import type { LedgerRecord } from "../api/records";
import type { Mark } from "../charts/marks";
import { counted, money } from "../format/money";
import { day } from "../format/time";

type Loan = Schemas["LoanAccount"];

type Account = Pick<LedgerRecord, "institution_id" | "account_id" | "account_type">;

/** Whether two loans, or a loan and a record, are of the same account. */
export const isSame = (one: Account, other: Account) =>
  one.institution_id === other.institution_id &&
  one.account_id === other.account_id &&
  one.account_type === other.account_type;

/** A change of a loan's status, and the record that caused it. */
export type Change = {
  /**
   * The status from then on; null if the report does not state whether the loan was open or closed after it was late.
   */
  status: Loan["status"] | null;
  record_id: string;
  timestamp: string;
  label: string | null;
  /** The days of the late period that the change ended, or of the current one, in words. */
  days: string | null;
};

/** The changes of a loan's status that the report names, newest first. */
export function changesOf(loan: Loan): Change[] {
  const changes: Change[] = [];
  if (loan.opened_at && loan.opened_record_id) {
    changes.push({
      status: "open",
      record_id: loan.opened_record_id,
      timestamp: loan.opened_at,
      label: "LoanDisbursed",
      days: null,
    });
  }
  for (const episode of loan.late_episodes) {
    const { records, ongoing } = episode;
    records.forEach((record, at) => {
      const last = at === records.length - 1;
      const begun = record.label === "LoanDefaulted" ? "defaulted" : "nonperforming";
      changes.push({
        ...record,
        label: record.label ?? null,
        status: last && !ongoing ? endOf(loan, record) : begun,
        days: last ? daysLate(episode.days, isDueDateKnown(episode)) : null,
      });
    });
  }
  const { status_reason: reason } = loan;
  if (!changes.some((change) => change.record_id === reason.record_id && change.status === loan.status)) {
    changes.push({ ...reason, label: reason.label ?? null, status: loan.status, days: null });
  }
  const sorted = changes.toSorted((a, b) => b.timestamp.localeCompare(a.timestamp));
  // Of an approval and the payment that follows, the first one changed the status.
  return sorted.filter((change, at) => change.status === null || change.status !== sorted[at + 1]?.status);
}

function endOf(loan: Loan, record: { record_id: string; label?: string | null }): Change["status"] {
  if (record.record_id === loan.status_reason.record_id) return loan.status;
  return record.label === "LoanRepaid" ? "closed" : null;
}

/** The content of a loan account's record, as a mark of a chart. A reminder, or a balance alone, has no mark. */
export function kindOf({ labels, impact }: Pick<LedgerRecord, "labels" | "impact">): Mark["kind"] | null {
  if (labels.includes("LoanDefaulted")) return "bad";
  if (labels.includes("LoanMissedPayment")) return "warn";
  if (labels.includes("LoanRepaid")) return "closed";
  if (impact === "DEBIT" || labels.includes("LoanDisbursed")) return "out";
  return impact === "CREDIT" || labels.includes("LoanRepayment") ? "in" : null;
}

/** The amount lent. It is known only until the loan is closed. */
export const lent = (loan: Loan) =>
  loan.status === "closed" && loan.principal === null ? "– (closed)" : money(loan.principal, loan.iso_currency_code);

/** The days since the start of the current late period. The days of all late periods do not show this. */
export function lateNow(loan: Loan): string {
  const now = loan.late_episodes.find((episode) => episode.ongoing);
  return now ? daysLate(now.days, isDueDateKnown(now)) : "no";
}

/** The days of all late periods. */
export const lateInAll = (loan: Loan) =>
  loan.days_late === null
    ? "unknown"
    : daysLate(loan.days_late, !loan.late_episodes_omitted && loan.late_episodes.every(isDueDateKnown));

const isDueDateKnown = (episode: Loan["late_episodes"][number]) => (episode.due_date ?? null) !== null;

/** Without the due date, days count from the lender's notice: the loan may have been late for longer. */
const daysLate = (days: number, isExact: boolean) => (isExact ? "" : "at least ") + counted(days, "day");

/** When the next payment is due, or the late one was. */
export const dueOn = (loan: Loan) => (loan.due_date ? day(loan.due_date) : loan.status === "closed" ? "–" : "not stated");

/** The accounts by currency, one group per chart: amounts of two currencies have no common scale. */
export function byCurrency(loans: Loan[]): Map<string | null, Loan[]> {
  const groups = new Map<string | null, Loan[]>();
  for (const loan of loans) groups.set(loan.iso_currency_code, [...(groups.get(loan.iso_currency_code) ?? []), loan]);
  // Accounts without any amount share the chart of the others.
  const without = groups.get(null);
  const [first] = [...groups.keys()].filter((currency) => currency !== null);
  if (without && first !== undefined) {
    groups.set(first, [...groups.get(first)!, ...without]);
    groups.delete(null);
  }
  return groups;
}
