/** A summary of a person's money, debts and income. */

import { body, type Schemas } from "../api/client";
import { getAlertsSummary, getCashFlow, getCreditReport, getIncome, getTransactionsSummary } from "../api/operations";
import { insightsServed, type CashFlow, type Income } from "../api/insights";
import { records } from "../api/records";
import { MonthBars, type MonthRow } from "../charts/months";
import { endOfDay, since, type Point } from "../charts/series";
import { StepChart } from "../charts/steps";
import { count, money } from "../format/money";
import { ago, day, DAY_MS, isFresh, momentOfUtc, monthName } from "../format/time";
import { kindOf } from "../format/insight-words";
import { accountAt, accountName, institution, label, sameBalance } from "../format/words";
import { useResource, type Resource } from "../resource";
import { address, href } from "../router";
import { Empty, Loaded, Notice, Section, Skeleton } from "../ui/basics";
import { Because, RecordLink } from "../ui/links";
import { Status } from "../ui/status";
import { Table } from "../ui/table";
import { Tile } from "../ui/tile";
import { lateInAll, lateNow } from "./loan-history";
import { NO_LOANS, NoData, NoLoans, UnreadLoans, type PersonProps } from "./person-part";
import { Rhythm } from "./rhythm";
import { sumText, totalsOf, unreadNote, type Totals } from "./totals";

/** Limit of records that the chart of balances reads. */
const MOST_RECORDS = 20_000;
const CHART_DAYS = 90;

type Summaries = {
  transactions: Schemas["TransactionsSummary"];
  alerts: Schemas["AlertsSummary"];
  cash: CashFlow | null;
  income: Income | null;
};

async function summaries(user: string, at: string | undefined, signal: AbortSignal): Promise<Summaries> {
  const path = { user_uuid: user };
  const served = await insightsServed(user, signal);
  const params = { path, query: { utc_time: at } };
  const [transactions, alerts, cash, income] = await Promise.all([
    body(getTransactionsSummary({ params: { path }, signal })),
    body(getAlertsSummary({ params: { path }, signal })),
    served ? body(getCashFlow({ params, signal })) : null,
    served ? body(getIncome({ params, signal })) : null,
  ]);
  return { transactions, alerts, cash, income };
}

export function Overview({ user, latest, unread }: PersonProps) {
  // Figures of old data are as of the newest record: later records are missing.
  const at = latest && !isFresh(latest) ? latest : undefined;
  const report = useResource(`report ${user.uuid}`, (signal) =>
    body(
      getCreditReport({
        params: { path: { user_uuid: user.uuid }, query: { utc_time: at } },
        signal,
      }),
    ),
  );
  const sums = useResource(`summaries ${user.uuid}`, (signal) => summaries(user.uuid, at, signal));
  const all = address.value.query.get("balances") === "all";
  const balances = useBalances(user.uuid, latest, all);
  if (!latest) return <NoData user={user} unread={unread} />;
  // The next figures load into reserved space below the first ones, so that nothing moves.
  if (!report.data && !report.error) return <Skeleton lines={14} />;
  return (
    <>
      {!isFresh(latest) && (
        <Notice kind="warn">{`The newest message is of ${day(latest)}, ${ago(latest)}. Everything below is as of then.`}</Notice>
      )}
      <Loaded of={report} what="The balances" lines={4}>
        {(report) => <Standing user={user} report={report} />}
      </Loaded>
      <Balances user={user} found={balances} all={all} />
      <Loaded of={sums} what="The summaries" lines={8} tall>
        {(sums) => (
          <>
            <InAndOut user={user} sums={sums} />
            {sums.income && <Expected user={user} income={sums.income} />}
          </>
        )}
      </Loaded>
      <Loaded of={report} what="The loans" lines={4}>
        {(report) => <LoansNow user={user} report={report} alerts={sums.data?.alerts.by_label} />}
      </Loaded>
      <Loaded of={sums} what="The alerts" lines={4}>
        {(sums) => <Alerts user={user} alerts={sums.alerts} />}
      </Loaded>
    </>
  );
}

/** `unread` tells why an amount owed is unknown; undefined without unread messages about loans. */
function tilesOf({ held, open, late, defaulted }: Totals, unread: string | undefined) {
  const owed = (name: string, amount: Totals["open"], note: string, kind: string) => ({
    name,
    amount,
    note: amount === "none" ? (unread ?? note) : note,
    kind: amount === "none" && unread ? "warn" : amount === 0 || amount === "none" ? "" : kind,
  });
  return [
    { name: "Has", amount: held, note: "Latest balances of money accounts" },
    owed("Owes, in good order", open, "On open loans", ""),
    owed("Owes, late", late, "On loans with a missed payment", "warn"),
    owed("Owes, defaulted", defaulted, "On loans that the lender gave up", "bad"),
  ];
}

/**
 * Sums by currency, the report's currency first. Sums of 0 in other currencies are left out. Amounts owed are separate
 * by status, and currencies are never added.
 */
function Standing({ user, report }: { user: Schemas["User"]; report: Schemas["CreditReport"] }) {
  const { loan } = report;
  return (
    <>
      <UnreadLoans user={user.uuid} messages={report.meta.unrecognized_loan_messages} />
      <div class="tiles">
        {totalsOf(report).map((sums, at) => (
          <div class="tile-group" key={sums.currency ?? ""}>
            {tilesOf(sums, unreadNote(report.meta))
              .filter((tile) => at === 0 || tile.amount !== 0)
              .map((tile) => (
                <Tile key={tile.name} {...tile} value={sumText(tile.amount, sums.currency)} />
              ))}
          </div>
        ))}
      </div>
      <p>
        {loan.accounts.length === 0
          ? `${NO_LOANS}.`
          : `Loans: ${count(loan.open_accounts)} open, ${count(loan.nonperforming_accounts)} late, ${count(loan.defaulted_accounts)} defaulted, ${count(loan.closed_accounts)} closed.`}
        {loan.unknown_balances > 0 && " The amount owed on some of them is unknown, and not in the sums."}
        {report.totals_by_currency.length > 1 && " Each currency is apart; currencies are not added up."}
      </p>
      <Section title="Balances">
        {report.depository.accounts.length === 0 ? (
          <Empty title="No money account is known yet">Messages of banks and wallets make accounts.</Empty>
        ) : (
          <Table
            caption="Balances by account"
            rows={report.depository.accounts}
            id={(row) => `${row.institution_id} ${row.account_id} ${row.iso_currency_code}`}
            columns={[
              {
                name: "Institution",
                head: true,
                cell: (row) => (
                  <a
                    href={href(["people", user.uuid, "ledger"], {
                      institution_id: row.institution_id,
                      account_id: row.account_id,
                    })}
                  >
                    {institution(row.institution_id)}
                  </a>
                ),
              },
              { name: "Account", cell: (row) => accountName(row.account_id) + sameBalance(row) },
              { name: "As of (UTC)", cell: (row) => <span class="nowrap">{momentOfUtc(row.updated_at)}</span> },
              { name: "Balance", number: true, cell: (row) => money(row.balance, row.iso_currency_code) },
            ]}
          />
        )}
        {report.depository.accounts_omitted ? (
          <p class="note">{`${count(report.depository.accounts_omitted)} more accounts are not listed; the sums have them.`}</p>
        ) : null}
      </Section>
    </>
  );
}

type Line = { name: string; currency: string | null; points: Point[] };

/** The accounts' balances: a line for each account, a chart for each currency. */
function linesOf(found: Schemas["LedgerRecord"][]): Map<string, Line[]> {
  const lines = new Map<string, Line>();
  for (const record of found) {
    if (record.balance === null) continue;
    const key = JSON.stringify([record.institution_id, record.account_id, record.currency]);
    const line = lines.get(key) ?? { name: accountAt(record), currency: record.currency, points: [] };
    line.points.push({ time: new Date(record.timestamp), value: record.balance });
    lines.set(key, line);
  }
  const byCurrency = new Map<string, Line[]>();
  for (const line of lines.values()) {
    const points = endOfDay(line.points);
    byCurrency.set(line.currency ?? "", [...(byCurrency.get(line.currency ?? "") ?? []), { ...line, points }]);
  }
  return byCurrency;
}

type Charted = { lines: Map<string, Line[]>; more: boolean; from: Date | null; to: Date };

/** The balances of all time, or of the last days before the newest record. */
function useBalances(user: string, latest: string | null, all: boolean) {
  return useResource(latest && `balances ${user} ${all}`, async (signal): Promise<Charted> => {
    const to = new Date(latest ?? 0);
    const from = all ? null : new Date(to.getTime() - CHART_DAYS * DAY_MS);
    // More than is shown, to know the balances at the start.
    const early = from && new Date(from.getTime() - CHART_DAYS * DAY_MS).toISOString();
    const query = { account_types: ["depository" as const], utc_starttime: early ?? undefined };
    const { records: list, more } = await records(user, query, MOST_RECORDS, signal);
    return { lines: linesOf(list), more, from, to };
  });
}

function Balances({ user, found, all }: { user: Schemas["User"]; found: Resource<Charted>; all: boolean }) {
  return (
    <Section
      title="Balance at the end of each day"
      note="A line keeps the last balance that a message stated, however old it is."
      actions={
        <span class="switch">
          <a href={href(["people", user.uuid])} aria-current={all ? undefined : "true"}>{`${CHART_DAYS} days`}</a>
          <a href={href(["people", user.uuid], { balances: "all" })} aria-current={all ? "true" : undefined}>
            All
          </a>
        </span>
      }
    >
      <Loaded of={found} what="The balances" tall>
        {({ lines, more, from, to }) =>
          lines.size === 0 ? (
            <Empty title="No message has stated a balance in this time">
              {!all && <a href={href(["people", user.uuid], { balances: "all" })}>See all balances</a>}
            </Empty>
          ) : (
            [...lines].map(([currency, group]) => {
              const first = group.map((line) => line.points[0]?.time ?? to).reduce((a, b) => (a < b ? a : b));
              // No empty months before the first balance.
              const start = from && from > first ? from : first;
              return (
                <StepChart
                  key={currency}
                  caption={`${currency || "No currency"}: ${day(start)} to ${day(to)}, days in UTC${more ? ", the newest records only" : ""}`}
                  lines={group
                    .map((line) => ({ ...line, points: since(line.points, start) }))
                    .filter((line) => line.points.length > 0)}
                  from={start}
                  to={to}
                />
              );
            })
          )
        }
      </Loaded>
    </Section>
  );
}

/** Rows of months by currency: from the cash flow if it is served, otherwise from the transactions summary. */
function monthsOf({ cash, transactions }: Summaries): { rows: Map<string, MonthRow[]>; note: string } {
  const rows = new Map<string, MonthRow[]>();
  if (cash) {
    for (const each of cash.by_currency) {
      rows.set(
        each.currency ?? "",
        each.months.map(({ month, inflow, outflow, net, partial }) => ({
          month,
          in: inflow,
          out: outflow,
          net,
          partial,
        })),
      );
    }
    return { rows, note: "Money accounts only. Transfers between the person's own accounts are left out." };
  }
  for (const each of transactions.by_month) {
    const row = { month: each.month, in: each.credit.total, out: each.debit.total, net: each.net };
    rows.set(each.currency ?? "", [...(rows.get(each.currency ?? "") ?? []), row]);
  }
  return {
    rows,
    note: "Credits and debits of all accounts. On a loan account, a loan that is paid out is a debit and a repayment is a credit.",
  };
}

function InAndOut({ user, sums }: { user: Schemas["User"]; sums: Summaries }) {
  const { rows, note } = monthsOf(sums);
  return (
    <Section title="Money in and out by month" note={note}>
      {rows.size === 0 && (
        <Empty title="No money has moved yet">
          The <a href={href(["people", user.uuid, "ledger"])}>ledger</a> has all records.
        </Empty>
      )}
      {[...rows].map(([currency, months]) => {
        return (
          <div key={currency} class="loaded">
            <ul class="lead">
              {months.slice(-2).map((row) => (
                <li key={row.month}>
                  {`${monthName(row.month)}${row.partial ? ", so far" : ""}: `}
                  <strong>{money(row.in, currency || null)}</strong> in,{" "}
                  <strong>{money(row.out, currency || null)}</strong> out.
                </li>
              ))}
            </ul>
            <MonthBars
              caption={`${currency || "No currency"} by month (UTC)`}
              currency={currency || null}
              months={months}
            />
          </div>
        );
      })}
    </Section>
  );
}

function Expected({ user, income }: { user: Schemas["User"]; income: Income }) {
  const streams = income.streams.filter((stream) => stream.direction === "inflow" && stream.is_active).slice(0, 5);
  return (
    <Section title="Income expected again" actions={<a href={href(["people", user.uuid, "income"])}>All income</a>}>
      {streams.length === 0 ? (
        <Empty title="No regular income is active">Payments that come again and again would show here.</Empty>
      ) : (
        <Table
          caption="Active income streams"
          rows={streams}
          id={(row) => row.stream_id}
          columns={[
            {
              name: "Income",
              head: true,
              cell: (row) => (
                <>
                  {kindOf(row.category)} <span class="muted">{row.institution_ids.map(institution).join(", ")}</span>
                </>
              ),
            },
            { name: "Rhythm", cell: (row) => <Rhythm stream={row} /> },
            { name: "Last", cell: (row) => day(row.last_date) },
            {
              name: "Next expected",
              cell: (row) => (row.predicted_next_date ? day(row.predicted_next_date) : "unknown"),
            },
            { name: "Usual amount", number: true, cell: (row) => money(row.median_amount, row.currency) },
          ]}
        />
      )}
    </Section>
  );
}

type LoansNowProps = {
  user: Schemas["User"];
  report: Schemas["CreditReport"];
  alerts: Schemas["LabelAlerts"][] | undefined;
};

function LoansNow({ user, report, alerts }: LoansNowProps) {
  const order = ["defaulted", "nonperforming", "open", "closed"];
  const loans = report.loan.accounts.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return (
    <Section title="Loans" actions={<a href={href(["people", user.uuid, "loans"])}>All loans</a>}>
      {loans.length === 0 ? (
        <NoLoans user={user.uuid} messages={report.meta.unrecognized_loan_messages} alerts={alerts} />
      ) : (
        <Table
          caption="Loans and why they stand as they do"
          rows={loans.slice(0, 8)}
          id={(row) => `${row.institution_id} ${row.account_id} ${row.account_type}`}
          columns={[
            { name: "Lender", head: true, cell: (row) => institution(row.institution_id) },
            { name: "Status", cell: (row) => <Status of={row.status} user={user.uuid} record={row.status_reason} /> },
            {
              name: "Because of",
              cell: (row) => (
                <RecordLink user={user.uuid} record={row.status_reason}>
                  <Because label={row.status_reason.label} timestamp={row.status_reason.timestamp} />
                </RecordLink>
              ),
            },
            { name: "Late now", number: true, cell: lateNow },
            { name: "Late in all", number: true, cell: lateInAll },
            { name: "Owed", number: true, cell: (row) => money(row.balance, row.iso_currency_code) },
          ]}
        />
      )}
      {loans.length > 8 && (
        <p class="note">
          {`8 of ${count(loans.length)} loans. `}
          <a href={href(["people", user.uuid, "loans"])}>See all</a>
        </p>
      )}
    </Section>
  );
}

/** Events that may have a message of the wallet and another one of the lender. */
const TOLD_TWICE: string[] = ["LoanDisbursed", "LoanRepayment", "LoanRepaid"] satisfies Schemas["Label"][];

function Alerts({ user, alerts }: { user: Schemas["User"]; alerts: Schemas["AlertsSummary"] }) {
  const labels = alerts.by_label;
  const months = alerts.by_month.slice(-6);
  const twice = labels.some((row) => TOLD_TWICE.includes(row.label))
    ? " An alert is one message: if a wallet and a lender both tell of a payment, it counts twice."
    : "";
  return (
    <Section
      title="Alerts by month"
      note={
        labels.length > 0
          ? `Alerts in the last six months with data and in all. An alert with two labels counts under both.${twice}`
          : undefined
      }
    >
      {labels.length === 0 ? (
        <Empty title="No message had a label">
          Labels tell of salaries, loans, bets, and payments by card or at a till.
        </Empty>
      ) : (
        <Table
          caption="Alerts by label and month"
          rows={labels}
          id={(row) => row.label}
          columns={[
            {
              name: "Alert",
              head: true,
              cell: (row) => (
                <a href={href(["people", user.uuid, "ledger"], { labels: row.label })}>{label(row.label)}</a>
              ),
            },
            ...months.map((month) => ({
              name: monthName(month.month),
              number: true,
              wide: true,
              cell: (row: Schemas["LabelAlerts"]) => {
                const found = (month.labels as Record<string, number>)[row.label] ?? 0;
                return found > 0 ? count(found) : <span class="muted">0</span>;
              },
            })),
            { name: "In all", number: true, cell: (row) => <strong>{count(row.count)}</strong> },
            { name: "Latest", cell: (row) => <span class="nowrap">{day(row.last_timestamp)}</span> },
          ]}
        />
      )}
    </Section>
  );
}
