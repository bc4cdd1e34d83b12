/** The words for income and affordability that people read. */

import type { Schemas } from "../api/client";
import { counted, percent, ratio } from "./money";
import { day } from "./time";

const WORDS: Record<string, string> = {
  SEMI_MONTHLY: "twice a month",
  BIWEEKLY: "every two weeks",
  ANNUALLY: "yearly",
  UNKNOWN: "no rhythm",
  MATURE: "established",
  EARLY_DETECTION: "two payments so far, not yet certain",
  TOMBSTONED: "stopped early",
};

/** `CASH_DEPOSIT` is `cash deposit`. */
export const plain = (word: string) => WORDS[word] ?? word.toLowerCase().replaceAll("_", " ");

export const sentence = (word: string) => {
  const text = plain(word);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** The kind of an income. If the messages name no kind, the payer may be anybody. */
export const kindOf = (category: string) => (category === "UNKNOWN" ? "Kind not stated" : sentence(category));

/** The facts against a loan in the words of staff. The API's texts are the terms of credit notices. */
const REASONS: Record<string, string> = {
  DEFAULT_RECENT: "A lender gave up a loan lately",
  DELINQUENCY_RECENT: "Loan payments were missed lately",
  OBLIGATIONS_HIGH: "Repayments take much of the income already",
  INCOME_LOW: "The income does not carry the instalment",
  DISPOSABLE_LOW: "The money left over does not carry the instalment",
  INCOME_IRREGULAR: "Less than half of the income is known to be regular",
  INCOME_UNVERIFIED: "No regular income is certain yet",
  INCOME_POSSIBLY_OWN: "Some income may come from the person's own accounts",
  DEBT_UNKNOWN: "It is not known how much is owed on a loan",
  LOAN_MESSAGES_UNREAD: "Messages that may concern loans were not read",
  COMPLETENESS_LOW: "Much of the money moved without a message",
  HISTORY_SHORT: "The history is short",
  DATA_STALE: "The newest message is old",
};
export const reason = (fact: { code: string; text: string }) => REASONS[fact.code] ?? fact.text;

const UNREAD: Record<string, string> = {
  unknown_sender: "The sender is not known in the country",
  wording: "The wording is not known",
  contradicted: "A balance contradicts it",
};
/** Why a message was not read. */
export const unreadReason = (code: string) => UNREAD[code] ?? plain(code);

/** The unit of a reason's value and limit. A reason without a unit shows a number. */
const UNITS: Record<string, "share" | "money" | "days" | "records" | "lenders" | "alerts" | "streams" | "loans" | "messages"> = {
  DEFAULT_RECENT: "records",
  DELINQUENCY_RECENT: "records",
  OBLIGATIONS_HIGH: "share",
  INCOME_LOW: "money",
  DISPOSABLE_LOW: "money",
  INCOME_IRREGULAR: "share",
  INCOME_UNVERIFIED: "streams",
  INCOME_POSSIBLY_OWN: "share",
  LOAN_STACKING: "lenders",
  BALANCE_LOW: "days",
  OVERDRAFT_FREQUENT: "alerts",
  GAMBLING_HIGH: "share",
  DEBT_UNKNOWN: "loans",
  LOAN_MESSAGES_UNREAD: "messages",
  COMPLETENESS_LOW: "share",
  HISTORY_SHORT: "days",
  DATA_STALE: "days",
};

/** A value or limit of a reason with its unit; `each` formats money. */
export function measure(code: string, value: number | null, each: (amount: number) => string): string {
  const unit = UNITS[code];
  if (value === null || unit === undefined) return ratio(value);
  if (unit === "money") return each(value);
  if (unit === "share") return percent(value);
  return `${ratio(value)} ${value === 1 ? unit.slice(0, -1) : unit}`;
}

const STATUSES: Record<string, string> = {
  no_data: "No money has moved in this time.",
  no_income: "No income is known in this time.",
  short_history: "The history is too short to be sure",
  stale: "The newest message is too old to decide by",
  mixed_currency: "No record is in this currency.",
};

type Limits = { min_history_days: number; max_age_days?: number };
type Answer = { status: string; _meta: Pick<Schemas["InsightsMeta"], "history_days" | "latest_record_at"> };

/** The status of an answer, with the days that it has and the days that the limits ask for. */
export function insightStatus({ status, _meta: meta }: Answer, limits: Limits): string {
  const text = STATUSES[status] ?? plain(status);
  const { min_history_days: least, max_age_days: most } = limits;
  if (status === "short_history")
    return `${text}: it has ${counted(meta.history_days ?? 0, "day")}, and ${least} are needed.`;
  if (status === "stale" && meta.latest_record_at && most !== undefined)
    return `${text}: it is of ${day(meta.latest_record_at)}, and at most ${counted(most, "day")} are allowed.`;
  return text;
}
