/** A credit report as a sheet that prints on two pages. */

import type { JSX } from "preact";
import type { Schemas } from "../api/client";
import { count, money, percent } from "../format/money";
import { day, moment, momentOfUtc } from "../format/time";
import { accountAt, accountType, institution, nameAndPhone, sameBalance } from "../format/words";
import { Badge, Notice } from "../ui/basics";
import { Because, RecordLink } from "../ui/links";
import { Status } from "../ui/status";
import { type Column, Facts, Table, type TableProps } from "../ui/table";
import { dueOn, lateInAll, lent } from "./loan-history";
import { NO_LOANS, UnreadLoans } from "./person-part";
import { sumText, totalsOf } from "./totals";

type CreditReport = Schemas["CreditReport"];

export function Sheet({ user, report, id }: { user: string; report: CreditReport; id: string }) {
  const { meta } = report;
  return (
    <article class="sheet">
      <h2>Credit report {id && <Badge>frozen</Badge>}</h2>
      <Facts
        rows={[
          ["Person", nameAndPhone(report.user)],
          ["As of", moment(meta.created_at)],
          ["Latest data", meta.latest_record_at ? moment(meta.latest_record_at) : "none"],
          [
            "Completeness",
            (meta.completeness ?? null) === null
              ? "unknown"
              : `${percent(meta.completeness)} of the money that moved${meta.currency ? ` in ${meta.currency}` : ""}`,
          ],
          ...(id ? ([["Report id", <code>{id}</code>]] as [string, JSX.Element][]) : []),
        ]}
      />
      <UnreadLoans user={user} messages={meta.unrecognized_loan_messages} />
      {meta.latest_record_at === null ? (
        <Notice>No message had been read by then, so the report has no figures.</Notice>
      ) : (
        <Figures user={user} report={report} />
      )}
    </article>
  );
}

function Figures({ user, report }: { user: string; report: CreditReport }) {
  const { loan, depository, tradelines } = report;
  return (
    <>
      <Table
        caption="Totals by currency"
        showCaption
        rows={totalsOf(report)}
        id={(row) => row.currency ?? ""}
        columns={[
          { name: "Currency", head: true, cell: (row) => row.currency ?? "unknown" },
          { name: "Money held", number: true, cell: (row) => money(row.held, row.currency) },
          { name: "Owed, open", number: true, cell: (row) => sumText(row.open, row.currency) },
          { name: "Owed, late", number: true, cell: (row) => sumText(row.late, row.currency) },
          { name: "Owed, defaulted", number: true, cell: (row) => sumText(row.defaulted, row.currency) },
        ]}
      />
      {loan.accounts.length === 0 && <p>{`${NO_LOANS}.`}</p>}
      <Listed
        caption={`Loan accounts: ${count(loan.open_accounts)} open, ${count(loan.nonperforming_accounts)} late, ${count(loan.defaulted_accounts)} defaulted, ${count(loan.closed_accounts)} closed`}
        rows={loan.accounts}
        id={(row) => `${row.institution_id} ${row.account_id} ${row.account_type}`}
        columns={[
          { name: "Lender", head: true, cell: (row) => accountAt(row) },
          { name: "Type", cell: (row) => accountType(row.account_type) },
          { name: "Status", cell: (row) => <Status of={row.status} user={user} record={row.status_reason} /> },
          {
            name: "Because of",
            cell: (row) => (
              <RecordLink user={user} record={row.status_reason}>
                <Because label={row.status_reason.label} timestamp={row.status_reason.timestamp} />
              </RecordLink>
            ),
          },
          {
            name: "Opened",
            cell: (row) => (row.opened_at ? <span class="date">{day(row.opened_at)}</span> : "unknown"),
          },
          { name: "Due", cell: (row) => <span class="date">{dueOn(row)}</span> },
          { name: "Late in all", number: true, cell: lateInAll },
          { name: "Lent", number: true, cell: lent },
          { name: "Owed", number: true, cell: (row) => money(row.balance, row.iso_currency_code) },
        ]}
      />
      {depository.accounts.length === 0 && <p>No money account is known.</p>}
      <Listed
        caption="Money accounts"
        rows={depository.accounts}
        id={(row) => `${row.institution_id} ${row.account_id} ${row.iso_currency_code}`}
        columns={[
          { name: "Institution", head: true, cell: (row) => accountAt(row) + sameBalance(row) },
          { name: "As of (UTC)", cell: (row) => momentOfUtc(row.updated_at) },
          { name: "Balance", number: true, cell: (row) => money(row.balance, row.iso_currency_code) },
        ]}
      />
      <Lines title="Late payments" user={user} rows={tradelines.late_payments} />
      <Lines title="Defaults" user={user} rows={tradelines.default} />
      <Unassigned user={user} report={report} />
      {report.loan_repayments.length > 0 && (
        <details class="figures no-print">
          <summary>{`Repayments: ${count(report.loan_repayments.length)}`}</summary>
          <Table
            caption="Repayments of loans"
            rows={report.loan_repayments}
            id={(row) => row.record_id}
            columns={[
              dayOfRecord(user),
              { name: "Lender", cell: (row) => institution(row.institution_id) },
              { name: "Amount", number: true, cell: (row) => money(row.amount, row.iso_currency_code) },
            ]}
          />
        </details>
      )}
    </>
  );
}

/** The payments to lenders that no loan takes into account. */
export function Unassigned({ user, report }: { user: string; report: CreditReport }) {
  const payments = report.unassigned_repayments ?? [];
  if (payments.length === 0) return null;
  const omitted = report.unassigned_repayments_omitted ?? 0;
  return (
    <>
      <Listed
        caption="Payments to lenders that name no loan"
        rows={payments}
        id={(row, at) => `${row.record_id} ${at}`}
        columns={[
          dayOfRecord(user),
          { name: "Paid from", cell: (row) => accountAt(row) },
          { name: "Amount", number: true, cell: (row) => money(row.amount, row.iso_currency_code) },
        ]}
      />
      <p class="note">
        {omitted > 0 && `${count(omitted)} earlier ones are not listed. `}
        No loan has a payment of the same amount within a day, so no amount owed takes these into account. The person may
        owe less than stated, or have a loan that is not listed.
      </p>
    </>
  );
}

/** The column with the date of a row, which links to its record. Dates of a report are times without an offset. */
function dayOfRecord<Row extends { record_id: string; date: string }>(user: string): Column<Row> {
  return {
    name: "Day",
    head: true,
    cell: ({ record_id, date }) => (
      <RecordLink user={user} record={{ record_id, timestamp: `${date}Z` }}>
        {day(`${date}Z`)}
      </RecordLink>
    ),
  };
}

/** A table with a heading. Nothing if it has no rows. */
function Listed<Row>(props: TableProps<Row>) {
  return props.rows.length === 0 ? null : <Table {...props} showCaption />;
}

function Lines({ title, user, rows }: { title: string; user: string; rows: Schemas["Tradeline"][] }) {
  return (
    <Listed
      caption={title}
      rows={rows}
      id={(row, at) => `${row.record_id} ${at}`}
      columns={[
        dayOfRecord(user),
        { name: "Lender", cell: (row) => accountAt(row) },
        { name: "Amount", number: true, cell: (row) => money(row.amount, row.iso_currency_code) },
      ]}
    />
  );
}
