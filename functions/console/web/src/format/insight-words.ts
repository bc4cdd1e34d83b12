/** The words for income and affordability that people read. */

import { percent, ratio } from "./money";

const WORDS: Record<string, string> = {
  SEMI_MONTHLY: "twice a month",
  BIWEEKLY: "every two weeks",
  ANNUALLY: "yearly",
  UNKNOWN: "no rhythm",
  MATURE: "established",
  EARLY_DETECTION: "two payments so far",
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
  INCOME_IRREGULAR: "Most of the income has no rhythm",
  INCOME_UNVERIFIED: "No income comes in a rhythm",
  INCOME_POSSIBLY_OWN: "Some income may come from the person's own accounts",
  HISTORY_SHORT: "The history is short",
  DATA_STALE: "The newest message is old",
};
export const reason = (fact: { code: string; text: string }) => REASONS[fact.code] ?? fact.text;

/** The unit of a reason's value and limit. A reason without a unit shows a number. */
const UNITS: Record<string, "share" | "money" | "days" | "records" | "lenders" | "alerts" | "streams"> = {
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
  short_history: "The history is too short to be sure.",
  stale: "The newest message is too old to decide by.",
  mixed_currency: "No record is in this currency.",
};
export const insightStatus = (word: string) => STATUSES[word] ?? plain(word);
