/** The API's words as people read them. An unknown word is shown unchanged. */

import type { Schemas } from "../api/client";

// In the order of a list of choices.
const LABELS: Record<Schemas["Label"], string> = {
  Salary: "Salary",
  InsufficientFunds: "Insufficient funds",
  Overdraft: "Overdraft",
  BettingAndLottery: "Betting or lottery",
  LoanApproved: "Loan approved",
  LoanDisbursed: "Loan paid out",
  LoanRepayment: "Loan repayment",
  LoanRepaymentReminder: "Loan reminder",
  LoanMissedPayment: "Loan payment missed",
  LoanDefaulted: "Loan defaulted",
  LoanRepaid: "Loan repaid in full",
  LoanDeclined: "Loan declined",
  NewLoanOffer: "Loan offer",
  OtherLoanOffer: "Other loan offer",
  ATM: "Cash machine",
  POS: "Card or till payment",
  AirtimePurchase: "Airtime bought",
};
/** Every label of the API. */
export const labels = Object.keys(LABELS) as Schemas["Label"][];
export const label = (word: string) => (LABELS as Record<string, string>)[word] ?? word;

const STATUSES: Record<string, string> = {
  open: "Open",
  nonperforming: "Late",
  defaulted: "Defaulted",
  closed: "Closed",
};
export const status = (word: string) => STATUSES[word] ?? word;

const TYPES: Record<Schemas["AccountType"], string> = {
  depository: "Money account",
  loan: "Loan",
  revolving_loan: "Revolving loan",
  airtime: "Airtime",
};
/** Every type of an account. */
export const accountTypes = Object.keys(TYPES) as Schemas["AccountType"][];
export const accountType = (word: string) => (TYPES as Record<string, string>)[word] ?? word;

/** Names of institutions by id, from the API's answers. An id means the same institution for every person. */
const institutions = new Map<string, string>();

export function learnInstitutions(found: { institution_id: string; display_name: string }[]) {
  for (const each of found) institutions.set(each.institution_id, each.display_name);
}

/** The name of an institution. The id, if no answer on this page has named it. */
export const institution = (id: string) => institutions.get(id) ?? id;

/** Behind an account whose balance is not in the sums, because another one states the same money. */
export const sameBalance = (account: { same_balance_as?: string }) =>
  account.same_balance_as === undefined ? "" : ` (same money as ${accountName(account.same_balance_as)}: counts once)`;

/** `account · default` has no information: the messages name no account. */
export const accountName = (id: string) => (id === "default" ? "main account" : id);

/** An institution, with the account if messages name one: `Equity Bank, 4471`, or `M-PESA`. */
export const accountAt = (of: { institution_id: string; account_id: string }) =>
  of.account_id === "default" ? institution(of.institution_id) : `${institution(of.institution_id)}, ${of.account_id}`;

/** The type of an account, with its number if messages name one: `Loan`, or `Money account 4471`. */
export const accountKind = (of: { account_id: string; account_type: string }) =>
  of.account_id === "default" ? accountType(of.account_type) : `${accountType(of.account_type)} ${of.account_id}`;

const regions = new Intl.DisplayNames(["en"], { type: "region" });

/** `Kenya`, for `KE`. */
export const country = (code: string) => regions.of(code) ?? code;

export const phone = (number: string) => (number ? `+${number}` : "no phone number");

type Named = { first_name: string; last_name: string; phone_number: string };

const names = (person: Named) => [person.first_name, person.last_name].filter(Boolean).join(" ");

export const hasName = (person: Named) => names(person) !== "";

/** The name of a person, or the phone number if the person was registered without a name. */
export const fullName = (person: Named) => names(person) || phone(person.phone_number);

/** The name, if any, and the phone number. */
export const nameAndPhone = (person: Named) => [names(person), phone(person.phone_number)].filter(Boolean).join(", ");
