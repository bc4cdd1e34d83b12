/**
 * The records behind a figure, as filters of the ledger's address. A figure has filters here only if they find exactly
 * its records: a link to other records would prove nothing.
 */

import type { Schemas } from "../api/client";
import { dayOrInstant } from "../format/instants";
import { DAY_MS } from "../format/time";

export type Filters = {
  account_types?: Schemas["AccountType"];
  impact?: Schemas["Impact"];
  labels?: Schemas["Label"][];
  /** A day, or an instant if the figure starts or ends within a day. */
  from: string;
  to: string;
};

type Kind = Omit<Filters, "from" | "to"> & {
  /** The figure is money of one currency. The ledger has no filter for a currency. */
  money?: true;
  /** The figure is a difference, so 0 does not mean that there are no records. */
  difference?: true;
};

const OPENED: Schemas["Label"][] = ["LoanApproved", "LoanDisbursed"];
const NOTICES: Schemas["Label"][] = [
  "LoanDefaulted",
  "LoanMissedPayment",
  "LoanRepaid",
  ...OPENED,
  "LoanRepayment",
  "LoanRepaymentReminder",
];
const DEPOSITORY = { account_types: "depository", money: true } as const;

/**
 * Features and insights by name, as docs/FEATURES.md defines them. The others depend on records that filters cannot
 * select: transactions of both directions, balances from before the window, or money without own transfers.
 */
const KINDS: Record<string, Kind> = {
  count_airtime_purchase_events: { labels: ["AirtimePurchase"] },
  count_betting_and_lottery_events: { labels: ["BettingAndLottery"] },
  count_insufficient_funds_events: { labels: ["InsufficientFunds"] },
  count_overdraft_events: { labels: ["Overdraft"] },
  count_loan_declined_events: { labels: ["LoanDeclined"] },
  count_loan_defaulted_events: { labels: ["LoanDefaulted"] },
  count_loan_missed_payment_events: { labels: ["LoanMissedPayment"] },
  count_missed_payment_events: { labels: ["LoanMissedPayment"] },
  count_loan_opened_events: { labels: OPENED },
  count_loan_repayment_events: { labels: ["LoanRepayment"] },
  count_loan_repaid_events: { labels: ["LoanRepaid"] },
  count_opened_loans: { account_types: "loan", labels: OPENED },
  count_of_institutions: {},
  daily_average_of_stacked_loan_alerts: { labels: NOTICES },
  difference_count_of_loans_opened_to_loans_delinquent: {
    labels: [...OPENED, "LoanMissedPayment", "LoanDefaulted"],
    difference: true,
  },
  difference_count_of_loans_opened_to_loans_repaid: { labels: [...OPENED, "LoanRepaid"], difference: true },
  median_depository_credit: { ...DEPOSITORY, impact: "CREDIT" },
  median_depository_debit: { ...DEPOSITORY, impact: "DEBIT" },
  sum_of_credits: { ...DEPOSITORY, impact: "CREDIT" },
  sum_of_debits: { ...DEPOSITORY, impact: "DEBIT" },
  sum_of_atm_credits: { ...DEPOSITORY, impact: "CREDIT", labels: ["ATM"] },
  sum_of_atm_debits: { ...DEPOSITORY, impact: "DEBIT", labels: ["ATM"] },
  sum_of_betting_and_lottery_debits: { ...DEPOSITORY, impact: "DEBIT", labels: ["BettingAndLottery"] },
  sum_of_loan_debits: { account_types: "loan", money: true, impact: "DEBIT" },
  sum_of_loan_repayments: { account_types: "loan", money: true, impact: "CREDIT" },
  count_airtime_received_events: { account_types: "airtime", impact: "CREDIT" },
  sum_of_airtime_credits: { account_types: "airtime", money: true, impact: "CREDIT" },
  data_density: {},
  nsf_overdraft_transactions_count: { labels: ["InsufficientFunds", "Overdraft"] },
  new_loans: { labels: ["LoanDisbursed"] },
  active_days: {},
};

/** The names of the figures that have filters. */
export const LINKED = Object.keys(KINDS);

/** Days before T of the first instant, which a window excludes, and of the last, which it includes. */
function daysOf(window: string): { from: number; to: number } | null {
  const days = /^(\d+)d$/.exec(window);
  if (days) return { from: Number(days[1]), to: 0 };
  const span = /^(\d+)_(\d+)$/.exec(window);
  if (!span) return null;
  // A window named from day 31 starts at the end of `0_30`.
  return { from: Number(span[2]), to: Math.max(Number(span[1]) - 1, 0) };
}

/** Times are whole seconds, so the first instant inside is one second later. */
function between(after: number, until: number): Pick<Filters, "from" | "to"> {
  return { from: dayOrInstant(after + 1_000, "from"), to: dayOrInstant(until, "to") };
}

/** The records of a feature or an insight, or null if no filter finds them or there are none. */
export function recordsOfFigure(
  name: string,
  window: string,
  value: number | string | null,
  meta: Pick<Schemas["FeatureMeta"], "utc_time" | "other_currencies">,
): Filters | null {
  const days = daysOf(window);
  if (!Object.hasOwn(KINDS, name) || !days || typeof value !== "number") return null;
  const { money, difference, ...filters } = KINDS[name]!;
  if (money && meta.other_currencies.length > 0) return null;
  if (value === 0 && !difference) return null;
  const at = Date.parse(meta.utc_time);
  return { ...filters, ...between(at - days.from * DAY_MS, at - days.to * DAY_MS) };
}

/** Days before T whose records count for cash flow and affordability. */
const LOOKBACK_DAYS = 365;

/** The records of depository accounts in a calendar month (UTC) of a cash flow as of T. */
export function recordsOfMonth(month: string, time: string): Filters {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const at = Date.parse(time);
  const after = Math.max(Date.UTC(year, number - 1) - 1_000, at - LOOKBACK_DAYS * DAY_MS);
  const until = Math.min(Date.UTC(year, number) - 1_000, at);
  return { account_types: "depository", ...between(after, until) };
}

/** The times of the records behind an affordability as of T, except for loans that went bad earlier and still are. */
export function recordsBefore(time: string): Pick<Filters, "from" | "to"> {
  const at = Date.parse(time);
  return between(at - LOOKBACK_DAYS * DAY_MS, at);
}

/** Records of a month that a cash flow in one currency does not count. */
export function besides(cash: Pick<Schemas["CashFlowReport"], "by_currency">, currency: string | null): string[] {
  const own = cash.by_currency.find((each) => each.currency === currency)?.own_transfers;
  const found: string[] = [];
  if (own && own.credit.count + own.debit.count > 0) found.push("transfers between the person's own accounts");
  if (cash.by_currency.length > 1) found.push("other currencies");
  return found;
}
