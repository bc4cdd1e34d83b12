/** The amount owed on loans from day to day. */

import { utcDay } from "d3-time";
import { body, type Schemas } from "../api/client";
import { getCreditReport } from "../api/operations";
import type { LedgerRecord } from "../api/records";
import type { Step } from "../charts/series";
import { DAY_MS } from "../format/time";
import { Queue } from "../resource";
import { isSame } from "./loan-history";

type Loan = Schemas["LoanAccount"];

/** Limit of days of which a credit report is asked, each in a request of its own. */
export const MOST_DAYS = 40;
/** Limit of these requests at a time. */
const MOST_REQUESTS = 4;

/** The loans at the end of days, by the start of the day in milliseconds. */
export type Owed = Map<number, Loan[]>;

const LABELS: Schemas["Label"][] = ["LoanApproved", "LoanDisbursed", "LoanRepayment", "LoanRepaid"];

/** Whether the amount owed may differ after a record. */
const matters = ({ balance, impact, labels }: LedgerRecord) =>
  balance !== null || impact !== null || labels.some((label) => LABELS.includes(label));

/**
 * The amount that a record leaves as owed: the amount that it states. Undefined if it states none in the loan's
 * currency. The credit report derives it then.
 */
const statedBy = (loan: Loan, { balance, currency }: LedgerRecord) =>
  balance !== null && (currency === null || currency === loan.iso_currency_code) ? Math.max(balance, 0) : undefined;

/** A day on which the amount owed on a loan may have changed. */
type Day = {
  /** The start of the day in milliseconds. */
  time: number;
  /** The time of its last record. */
  last: string;
  /** The amount at its end; undefined where a report must tell. */
  owed: number | null | undefined;
};

/** The days of a loan, oldest first. */
function days(loan: Loan, records: LedgerRecord[]): Day[] {
  const byDay = new Map<number, LedgerRecord[]>();
  for (const record of records) {
    if (!isSame(loan, record) || !matters(record)) continue;
    const time = utcDay.floor(new Date(record.timestamp)).getTime();
    const found = byDay.get(time);
    if (found) found.push(record);
    else byDay.set(time, [record]);
  }
  const sorted = [...byDay].sort(([a], [b]) => a - b);
  return sorted.map(([time, found], at) => {
    const last = found.reduce((a, b) => (b.timestamp > a.timestamp ? b : a));
    const day = { time, last: last.timestamp };
    // The report at hand is of the time after the last day.
    if (at === sorted.length - 1) return { ...day, owed: loan.balance };
    const alone = found.every((record) => record === last || record.timestamp !== last.timestamp);
    return { ...day, owed: alone ? statedBy(loan, last) : undefined };
  });
}

/** The days of which only a credit report tells the amount owed, newest first. A loan without a currency has none. */
export function daysToAsk(loans: Loan[], records: LedgerRecord[]): number[] {
  const known = loans.filter((loan) => loan.iso_currency_code !== null);
  const open = known.flatMap((loan) => days(loan, records).filter((day) => day.owed === undefined));
  return [...new Set(open.map((day) => day.time))].sort((a, b) => b - a);
}

/** The amounts owed on a loan: a step for each day on which they may have changed, at its last record, oldest first. */
export function stepsOf(loan: Loan, records: LedgerRecord[], owed: Owed): Step[] {
  return days(loan, records).map((day) => {
    const then = owed.get(day.time)?.find((each) => isSame(loan, each));
    const told = then && then.iso_currency_code === loan.iso_currency_code ? then.balance : null;
    return { time: new Date(day.last), value: day.owed === undefined ? told : day.owed };
  });
}

/** The loans at the end of each day, by the credit report as of then. */
export async function owedAt(user: string, times: number[], signal: AbortSignal): Promise<Owed> {
  const queue = new Queue(MOST_REQUESTS);
  const asked = times.map(async (time): Promise<[number, Loan[]]> => {
    const utc_time = new Date(time + DAY_MS - 1_000).toISOString();
    const params = { path: { user_uuid: user }, query: { utc_time } };
    const report = await queue.run(() => body(getCreditReport({ params, signal })), signal);
    return [time, report.loan.accounts];
  });
  return new Map(await Promise.all(asked));
}
