/** The loans of a person, lender by lender: what happened when, and how each stands. */

import { api, body, type Schemas } from "../api/client";
import { records, type LedgerRecord } from "../api/records";
import { endOfDay } from "../charts/series";
import { StepChart, type Mark } from "../charts/steps";
import { count, counted, money } from "../format/money";
import { day, isFresh } from "../format/time";
import { accountName, accountType, institution, label, status } from "../format/words";
import { useResource } from "../resource";
import { Empty, Loaded, Notice, Section } from "../ui/basics";
import { RecordLink } from "../ui/links";
import { Status } from "../ui/status";
import { Facts, Table } from "../ui/table";
import { NoData, type PersonProps } from "./person";

const MOST_RECORDS = 20_000;
/** Rows of one account's table. The ledger has them all. */
const MOST_ROWS = 100;

type Loan = Schemas["LoanAccount"];

const same = (loan: Loan, record: LedgerRecord) =>
  record.institution_id === loan.institution_id && record.account_id === loan.account_id && record.account_type === loan.account_type;

export function Loans({ user, latest }: PersonProps) {
  const at = latest && !isFresh(latest) ? latest : undefined;
  const found = useResource(`loans ${user.uuid}`, async (signal) => {
    const path = { user_uuid: user.uuid };
    const [report, ledger] = await Promise.all([
      body(api.GET("/users/{user_uuid}/creditreport", { params: { path, query: { utc_time: at } }, signal })),
      records(user.uuid, { account_types: ["loan", "revolving_loan"] }, MOST_RECORDS, signal),
    ]);
    return { report, ledger };
  });
  if (!latest) return <NoData user={user} />;
  return (
    <Loaded of={found} what="The loans" lines={10}>
      {({ report, ledger }) => {
        const loans = report.loan.accounts;
        const lenders = [...new Set(loans.map((loan) => loan.institution_id))];
        if (loans.length === 0) return <Empty title="No loan is known">Messages of lenders make loans: what was paid out, repaid, missed or defaulted.</Empty>;
        return (
          <>
            {at && <p class="note">{`Each loan as of ${day(at)}, when the newest message arrived.`}</p>}
            {ledger.more && <Notice>The charts and lists below have the newest records only. Every status is from all records.</Notice>}
            {report.loan.accounts_omitted ? <Notice>{`${count(report.loan.accounts_omitted)} more loan accounts are not listed.`}</Notice> : null}
            {lenders.map((lender) => (
              <Section key={lender} title={institution(lender)}>
                {loans
                  .filter((loan) => loan.institution_id === lender)
                  .map((loan) => (
                    <Account key={`${loan.account_id} ${loan.account_type}`} user={user} loan={loan} list={ledger.records.filter((record) => same(loan, record))} />
                  ))}
              </Section>
            ))}
          </>
        );
      }}
    </Loaded>
  );
}

function markOf(record: LedgerRecord): Mark[] {
  const time = new Date(record.timestamp);
  const { labels, impact } = record;
  if (labels.includes("LoanDefaulted")) return [{ time, kind: "bad" }];
  if (labels.includes("LoanMissedPayment")) return [{ time, kind: "warn" }];
  if (impact === "DEBIT") return [{ time, kind: "out" }];
  return impact === "CREDIT" ? [{ time, kind: "in" }] : [];
}

function Account({ user, loan, list }: { user: Schemas["User"]; loan: Loan; list: LedgerRecord[] }) {
  const balances = list.filter((record) => record.balance !== null);
  const points = endOfDay(balances.map((record) => ({ time: new Date(record.timestamp), value: record.balance ?? 0 })));
  const oldest = points[0]?.time;
  const newest = list[0] && new Date(list[0].timestamp);
  const marks = list.flatMap(markOf).filter((mark) => oldest && mark.time >= oldest);
  const reason = loan.status_reason;
  const currency = loan.iso_currency_code;
  return (
    <div class="card">
      <h3>{`${accountName(loan.account_id)}, ${accountType(loan.account_type).toLowerCase()}`} <Status of={loan.status} /></h3>
      <Facts
        rows={[
          ["Because of", <RecordLink user={user.uuid} record={reason}>{`${reason.label ? label(reason.label) : "a balance or payment"}, ${day(reason.timestamp)}`}</RecordLink>],
          ["Owed", money(loan.balance, currency)],
          ["Lent", money(loan.principal, currency)],
          ["Opened", loan.opened_at && loan.opened_record_id ? <RecordLink user={user.uuid} record={{ record_id: loan.opened_record_id, timestamp: loan.opened_at }}>{day(loan.opened_at)}</RecordLink> : "unknown"],
          ["Days late in all", loan.days_late === null ? "unknown" : count(loan.days_late)],
          ["Worst status", loan.worst_status ? status(loan.worst_status) : "unknown"],
        ]}
      />
      {points.length > 1 && newest && oldest && (
        <StepChart caption="Owed at the end of each day" lines={[{ name: "Owed", currency, points }]} from={oldest} to={newest} marks={marks} height={160} />
      )}
      {loan.late_episodes.length > 0 && (
        <Table
          caption="Late periods"
          showCaption
          rows={loan.late_episodes}
          id={(row) => row.from}
          columns={[
            { name: "From", head: true, cell: (row) => day(row.from) },
            { name: "To", cell: (row) => (row.ongoing ? "still late" : day(row.to)) },
            { name: "Days", number: true, cell: (row) => count(row.days) },
            { name: "Records", cell: (row) => row.records.map((each) => <span key={each.record_id}><RecordLink user={user.uuid} record={each}>{`${each.label ? label(each.label) : "record"}, ${day(each.timestamp)}`}</RecordLink><br /></span>) },
          ]}
        />
      )}
      <details class="figures">
        <summary>{`What happened: ${counted(list.length, "record")}`}</summary>
        <Table
          caption="Records of this loan, newest first"
          rows={list.slice(0, MOST_ROWS)}
          id={(row, at) => `${row.id} ${at}`}
          columns={[
            { name: "Day", head: true, cell: (row) => <RecordLink user={user.uuid} record={{ record_id: row.id, timestamp: row.timestamp }}>{day(row.timestamp)}</RecordLink> },
            { name: "Event", cell: (row) => row.labels.map(label).join(", ") || (row.impact === "DEBIT" ? "Paid out" : row.impact === "CREDIT" ? "Repayment" : "Balance") },
            { name: "Amount", number: true, cell: (row) => (row.amount === null ? "–" : money(row.amount, row.currency)) },
            { name: "Owed afterwards", number: true, cell: (row) => (row.balance === null ? "–" : money(row.balance, row.currency)) },
          ]}
        />
        {list.length > MOST_ROWS && <p class="note">{`The newest ${MOST_ROWS}. The ledger has all.`}</p>}
      </details>
    </div>
  );
}
