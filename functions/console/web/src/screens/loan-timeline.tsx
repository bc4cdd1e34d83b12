/** The loans of one lender over time: the amount owed, and every event with the record behind it. */

import type { Schemas } from "../api/client";
import type { LedgerRecord } from "../api/records";
import type { Mark } from "../charts/marks";
import { StepChart } from "../charts/steps";
import { count, counted, money } from "../format/money";
import { day, DAY_MS } from "../format/time";
import { accountKind, label } from "../format/words";
import { RecordLink, recordHref } from "../ui/links";
import { Table } from "../ui/table";
import { kindOf } from "./loan-history";
import { type Owed, stepsOf } from "./owed";

/** Limit of rows in the table. The ledger shows all. */
const MOST_ROWS = 100;
/** Limit of marks in the chart: more would overlap, and be slow. */
const MOST_MARKS = 500;
/** The shortest time axis, in days. */
const LEAST_DAYS = 30;

type Loan = Schemas["LoanAccount"];

const eventOf = (record: LedgerRecord) =>
  record.labels.map(label).join(", ") ||
  (record.impact === "DEBIT" ? "Paid out" : record.impact === "CREDIT" ? "Repayment" : "Balance");

function marksOf(user: string, records: LedgerRecord[]): Mark[] {
  return records.flatMap((record) => {
    const kind = kindOf(record);
    if (!kind) return [];
    const amount = record.amount === null ? "" : `, ${money(record.amount, record.currency)}`;
    const href = recordHref(user, { record_id: record.id, timestamp: record.timestamp });
    return [
      { time: new Date(record.timestamp), kind, title: `${eventOf(record)}${amount}, ${day(record.timestamp)}`, href },
    ];
  });
}

type Props = {
  user: string;
  /** Accounts of one lender in one currency. */
  loans: Loan[];
  /** Their records, newest first. */
  records: LedgerRecord[];
  /** The loans at the end of the days that the records alone do not tell. */
  owed: Owed;
  currency: string | null;
  /** The time of the report. */
  until: string;
};

export function LoanTimeline({ user, loans, records, owed, currency, until }: Props) {
  const lines = loans.flatMap((loan) => {
    const points = stepsOf(loan, records, owed);
    // Without a currency only 0 can be owed: a loan that is closed without a stated amount.
    const isKnown = currency !== null && points.some((point) => point.value !== null);
    return isKnown ? [{ name: accountKind(loan), currency, points }] : [];
  });
  const oldest = records.at(-1);
  if (!oldest) return null;
  const to = new Date(until);
  const from = new Date(Math.min(Date.parse(oldest.timestamp), to.getTime() - LEAST_DAYS * DAY_MS));
  const marks = marksOf(user, records);
  const late = loans
    .flatMap((loan) => loan.late_episodes)
    .map((episode) => ({ from: new Date(episode.from), to: new Date(episode.to) }));
  return (
    <StepChart
      caption={
        lines.length > 0
          ? `${currency} owed at the end of each day, and the events`
          : "Events. The messages do not tell the amount owed."
      }
      lines={lines}
      from={from}
      to={to}
      marks={marks.slice(0, MOST_MARKS)}
      spans={late.filter((span) => span.to > from)}
      height={205}
      summary={`Events: ${counted(records.length, "record")}`}
      table={
        <>
          <Table
            caption="Records of these loans, newest first"
            rows={records.slice(0, MOST_ROWS)}
            id={(row, at) => `${row.id} ${at}`}
            columns={[
              {
                name: "Day",
                head: true,
                cell: (row) => (
                  <RecordLink user={user} record={{ record_id: row.id, timestamp: row.timestamp }}>
                    {day(row.timestamp)}
                  </RecordLink>
                ),
              },
              ...(loans.length > 1 ? [{ name: "Account", cell: accountKind }] : []),
              { name: "Event", cell: eventOf },
              {
                name: "Amount",
                number: true,
                cell: (row) => (row.amount === null ? <span class="muted">–</span> : money(row.amount, row.currency)),
              },
              {
                name: "Owed, as stated",
                number: true,
                cell: (row) => (row.balance === null ? <span class="muted">–</span> : money(row.balance, row.currency)),
              },
            ]}
          />
          {records.length > MOST_ROWS && <p class="note">{`The newest ${count(MOST_ROWS)}. The ledger has all.`}</p>}
          {marks.length > MOST_MARKS && <p class="note">{`The picture has the newest ${count(MOST_MARKS)} events.`}</p>}
        </>
      }
    />
  );
}
