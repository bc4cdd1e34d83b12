/** The loans of a person by lender: events and present status. */

import { body, type Schemas } from "../api/client";
import { getCreditReport } from "../api/operations";
import { records } from "../api/records";
import { count, counted, money } from "../format/money";
import { day, isFresh } from "../format/time";
import { accountKind, institution, status } from "../format/words";
import { useResource } from "../resource";
import { Badge, Loaded, Notice, Section } from "../ui/basics";
import { Because, RecordLink } from "../ui/links";
import { Status } from "../ui/status";
import { Facts, Table } from "../ui/table";
import { byCurrency, changesOf, dueOn, isSame, lateInAll, lateNow, lent, type Change } from "./loan-history";
import { LoanTimeline } from "./loan-timeline";
import { daysToAsk, MOST_DAYS, owedAt } from "./owed";
import { NoData, NoLoans, UnreadLoans, type PersonProps } from "./person-part";
import { Unassigned } from "./report-sheet";

const MOST_RECORDS = 20_000;

type Loan = Schemas["LoanAccount"];

export function Loans({ user, latest, unread }: PersonProps) {
  const at = latest && !isFresh(latest) ? latest : undefined;
  const found = useResource(`loans ${user.uuid}`, async (signal) => {
    const path = { user_uuid: user.uuid };
    const [report, ledger] = await Promise.all([
      body(getCreditReport({ params: { path, query: { utc_time: at } }, signal })),
      records(user.uuid, { account_types: ["loan", "revolving_loan"] }, MOST_RECORDS, signal),
    ]);
    const days = daysToAsk(report.loan.accounts, ledger.records);
    const asked = days.slice(0, MOST_DAYS);
    const owed = await owedAt(user.uuid, asked, signal);
    return { report, ledger, owed, since: days.length > asked.length ? asked.at(-1) : undefined };
  });
  if (!latest) return <NoData user={user} unread={unread} />;
  return (
    <Loaded of={found} what="The loans" lines={10}>
      {({ report, ledger, owed, since }) => {
        const loans = report.loan.accounts;
        const lenders = [...new Set(loans.map((loan) => loan.institution_id))];
        const unread = <UnreadLoans user={user.uuid} messages={report.meta.unrecognized_loan_messages} />;
        if (loans.length === 0)
          return (
            <>
              {unread}
              <NoLoans user={user.uuid} messages={report.meta.unrecognized_loan_messages} />
              <Unassigned user={user.uuid} report={report} />
            </>
          );
        return (
          <>
            {unread}
            {at && <p class="note">{`Each loan as of ${day(at)}, when the newest message arrived.`}</p>}
            {ledger.more && (
              <Notice>
                The charts and lists below have the newest records only. Every status is from all records.
              </Notice>
            )}
            {since !== undefined && (
              <Notice>{`Before ${day(new Date(since))}, a chart has only the amounts owed that a message states.`}</Notice>
            )}
            {report.loan.accounts_omitted ? (
              <Notice>{`${count(report.loan.accounts_omitted)} more loan accounts are not listed.`}</Notice>
            ) : null}
            {lenders.map((lender) => {
              const own = loans.filter((loan) => loan.institution_id === lender);
              return (
                <Section key={lender} title={institution(lender)}>
                  {[...byCurrency(own)].map(([currency, group]) => (
                    <LoanTimeline
                      key={currency}
                      user={user.uuid}
                      loans={group}
                      records={ledger.records.filter((record) => group.some((loan) => isSame(loan, record)))}
                      owed={owed}
                      currency={currency}
                      until={report.meta.created_at}
                    />
                  ))}
                  {own.map((loan) => (
                    <Account key={accountKind(loan)} user={user.uuid} loan={loan} />
                  ))}
                </Section>
              );
            })}
            <Unassigned user={user.uuid} report={report} />
          </>
        );
      }}
    </Loaded>
  );
}

function Account({ user, loan }: { user: string; loan: Loan }) {
  const currency = loan.iso_currency_code;
  return (
    <div class="card">
      <h3>
        {accountKind(loan)} <Status of={loan.status} user={user} record={loan.status_reason} />
      </h3>
      <Facts
        rows={[
          ["Owed", money(loan.balance, currency)],
          ["Lent", lent(loan)],
          ["Due", dueOn(loan)],
          ["Late now", lateNow(loan)],
          ["Late in all", lateInAll(loan)],
          ["Worst status", loan.worst_status ? status(loan.worst_status) : "unknown"],
        ]}
      />
      <Changes user={user} loan={loan} />
    </div>
  );
}

/** Each change of the status links to the record behind it. */
function Changes({ user, loan }: { user: string; loan: Loan }) {
  const changes = changesOf(loan);
  const late = {
    name: "Late for",
    number: true,
    cell: (row: Change) => row.days,
  };
  return (
    <>
      <Table
        caption="Why it stands as it does, newest first"
        showCaption
        rows={changes}
        id={(row, at) => `${row.record_id} ${at}`}
        columns={[
          {
            name: "Status",
            head: true,
            cell: (row) => (row.status ? <Status of={row.status} /> : <Badge kind="good">No longer late</Badge>),
          },
          {
            name: "Because of",
            cell: (row) => (
              <RecordLink user={user} record={row}>
                <Because label={row.label} timestamp={row.timestamp} />
              </RecordLink>
            ),
          },
          ...(changes.some((change) => change.days !== null) ? [late] : []),
        ]}
      />
      {loan.late_episodes_omitted ? (
        <p class="note">{`${counted(loan.late_episodes_omitted, "earlier late period")} not listed.`}</p>
      ) : null}
    </>
  );
}
