/** A part of a person's pages: its props, and its text for a person without data. */

import type { Schemas } from "../api/client";
import { counted } from "../format/money";
import { label } from "../format/words";
import { href } from "../router";
import { Empty, Notice } from "../ui/basics";

/**
 * The person, the time of the newest record, null without records, the completeness of the ledger, and the messages that
 * were not read, null if the service does not count them.
 */
export type PersonProps = {
  user: Schemas["User"];
  latest: string | null;
  sure: Schemas["LedgerCompleteness"] | null;
  unread: Schemas["UnrecognizedSummary"] | null;
};

/** Says that a loan may be missing from the figures; `null` if no unread message may concern one. */
export function UnreadLoans({ user, messages }: { user: string; messages: number | undefined }) {
  if (!messages) return null;
  return (
    <Notice kind="warn" title="A loan, a payment or a late notice may be missing">
      {`${counted(messages, "message")} that may concern a loan ${messages === 1 ? "was" : "were"} not read. `}
      <a href={href(["people", user, "completeness"])}>See the senders</a>
    </Notice>
  );
}

/** True whatever the messages tell: money accounts may tell of loans, and messages about loans may be unread. */
export const NO_LOANS = "No loan account is known";

/** The labels of records that tell of debts, which records of money accounts have too. */
const LOAN_LABELS: string[] = [
  "LoanApproved",
  "LoanDefaulted",
  "LoanDisbursed",
  "LoanMissedPayment",
  "LoanRepaid",
  "LoanRepayment",
  "LoanRepaymentReminder",
  "Overdraft",
] satisfies Schemas["Label"][];

type NoLoansProps = { user: string; messages: number | undefined; alerts?: Schemas["LabelAlerts"][] | undefined };

/** The labels among those of alerts that tell of debts. */
export const loanLabels = (alerts: Pick<Schemas["LabelAlerts"], "label">[]) =>
  alerts.map((row) => row.label).filter((label) => LOAN_LABELS.includes(label));

/** In place of the loans of a person without a loan account, with the traces of loans elsewhere. */
export function NoLoans({ user, messages, alerts = [] }: NoLoansProps) {
  const labels = loanLabels(alerts);
  return (
    <Empty title={NO_LOANS}>
      <p>Messages of lenders make loan accounts: payouts, repayments, missed payments and defaults.</p>
      {labels.length > 0 && (
        <p>
          <a href={href(["people", user, "ledger"], { labels })}>Records of money accounts</a>
          {` tell of loans: ${labels.map(label).join(", ").toLowerCase()}.`}
        </p>
      )}
      {!!messages && <p>{`Whether there is a loan is not known: ${counted(messages, "message")} not read.`}</p>}
    </Empty>
  );
}

/** Shown in a part until the person's first data arrives. */
export function NoData({ user, unread }: Pick<PersonProps, "user" | "unread">) {
  const messages = unread?.messages ?? 0;
  return (
    <>
      <UnreadLoans user={user.uuid} messages={unread?.may_concern_loans} />
      <Empty title={messages > 0 ? "No message was read yet" : "No data yet"}>
        <p>
          {messages > 0
            ? `${counted(messages, "message")} about money arrived for this person, and none was read. `
            : "Nothing has arrived for this person. "}
          <a href={href(["messages", "upload"], { user: user.uuid })}>Upload a backup of messages</a>, or let{" "}
          <a href={href(["integration"], { user: user.uuid })}>your app send them</a>.
        </p>
      </Empty>
    </>
  );
}
