/** Income and cash flow: regular payments, and money in and out. */

import type { ComponentChildren } from "preact";
import { body } from "../api/client";
import { getCashFlow, getIncome } from "../api/operations";
import type { CashFlow, Income as IncomeAnswer, Stream } from "../api/insights";
import { MonthBars } from "../charts/months";
import { insightStatus, kindOf, plain, sentence } from "../format/insight-words";
import { average, count, counted, money } from "../format/money";
import { day, HOLD_DAYS, monthName } from "../format/time";
import { institution } from "../format/words";
import { useResource } from "../resource";
import { address, go, href } from "../router";
import { asOfDay, AsOf, asOfTime } from "../ui/as-of";
import { Badge, Empty, Loaded, Notice, Section } from "../ui/basics";
import { RecordsLink } from "../ui/records-link";
import { Facts, Table } from "../ui/table";
import { besides, recordsOfMonth } from "./evidence";
import { NoData, type PersonProps } from "./person-part";
import { Rhythm } from "./rhythm";
import { StreamRecords } from "./stream-records";

/** Streams shown at first. A trader has hundreds, most of them with a single payment. */
const MOST_STREAMS = 10;

/** The same as in the API: an income of fewer days has the status `short_history`. */
const SHORT_HISTORY = { min_history_days: 30 };

const KINDS = { HIGH: "good", MEDIUM: "plain", LOW: "muted" } as const;

export function Income({ user, latest, unread }: PersonProps) {
  const at = latest ? asOfDay(latest) : "";
  const params = { path: { user_uuid: user.uuid }, query: { utc_time: asOfTime(at) } };
  const income = useResource(latest && `income ${user.uuid} ${at}`, (signal) =>
    body(getIncome({ params, signal })),
  );
  const cash = useResource(latest && `cash ${user.uuid} ${at}`, (signal) =>
    body(getCashFlow({ params, signal })),
  );
  if (!latest) return <NoData user={user} unread={unread} />;
  return (
    <>
      <AsOf user={user.uuid} part="income" latest={latest} />
      <Loaded of={income} what="The income" lines={8}>
        {(income) => <Streams user={user.uuid} income={income} />}
      </Loaded>
      <Loaded of={cash} what="The cash flow" lines={8} tall>
        {(cash) => <Flow user={user.uuid} cash={cash} />}
      </Loaded>
    </>
  );
}

function Streams({ user, income }: { user: string; income: IncomeAnswer }) {
  const { summary, currency } = income;
  const { query } = address.value;
  const chosen = query.get("stream");
  const to = (stream?: string) => href(["people", user, "income"], { at: query.get("at"), stream });
  const streams = income.streams.filter((stream) => stream.direction === "inflow");
  return (
    <>
      {income.status !== "ok" && <Notice kind="warn">{insightStatus(income, SHORT_HISTORY)}</Notice>}
      <Section
        title="Income"
        note={`In ${currency ?? "the currency of the records"}. Money that the messages name as a loan, a bet or a transfer between own accounts is not income.`}
      >
        <Facts
          rows={[
            ["A month, on average", average(summary.monthly_average, currency)],
            ["Of that, regular", average(summary.monthly_average_regular, currency)],
            ["Of that, irregular or not yet certain", average(summary.monthly_average_irregular, currency)],
            ["Expected a month", average(summary.expected_monthly, currency)],
          ]}
        />
        {summary.possible_own_transfers.count > 0 && (
          <Notice kind="warn">
            {`${counted(summary.possible_own_transfers.count, "payment")}, together ${money(summary.possible_own_transfers.total, currency)}, may come from own accounts. They count as income.`}
          </Notice>
        )}
        {streams.length === 0 ? (
          <Empty title="No income is known">Salaries, wages and other payments that came in would show here.</Empty>
        ) : (
          <StreamTable caption="Income streams" streams={streams.slice(0, MOST_STREAMS)} to={to} />
        )}
        {streams.length > MOST_STREAMS && (
          <details class="figures">
            <summary>{`${count(streams.length - MOST_STREAMS)} smaller streams`}</summary>
            <StreamTable caption="Smaller income streams" streams={streams.slice(MOST_STREAMS)} to={to} />
          </details>
        )}
        {chosen && (
          <StreamRecords
            key={chosen}
            user={user}
            stream={streams.find((each) => each.stream_id === chosen)}
            close={() => go(to())}
          />
        )}
        {income.streams_left_out ? (
          <p class="note">{`${count(income.streams_left_out)} more streams are not listed.`}</p>
        ) : null}
        {income.excluded.length > 0 && (
          <Table
            caption="Credits that are not income"
            showCaption
            rows={income.excluded}
            id={(row) => row.reason}
            columns={[
              { name: "Reason", head: true, cell: (row) => sentence(row.reason) },
              { name: "Count", number: true, cell: (row) => count(row.count) },
              { name: "Sum", number: true, cell: (row) => money(row.total, currency) },
            ]}
          />
        )}
      </Section>
    </>
  );
}

function StreamTable({ caption, streams, to }: { caption: string; streams: Stream[]; to: (stream: string) => string }) {
  return (
    <Table
      caption={caption}
      rows={streams}
      id={(row) => row.stream_id}
      columns={[
        {
          name: "From",
          head: true,
          cell: (row) => (
            <>
              {kindOf(row.category)} <span class="muted">{row.institution_ids.map(institution).join(", ")}</span>
            </>
          ),
        },
        { name: "Rhythm", cell: (row) => <Rhythm stream={row} /> },
        {
          name: "How sure",
          cell: (row) => <Badge kind={KINDS[row.confidence] ?? "plain"}>{plain(row.confidence)}</Badge>,
        },
        {
          name: "Payments",
          number: true,
          cell: (row) => (
            <a href={to(row.stream_id)} aria-label={`${counted(row.count, "payment")}, see the records`}>
              {count(row.count)}
            </a>
          ),
        },
        { name: "Last", cell: (row) => <span class="nowrap">{day(row.last_date)}</span> },
        { name: "Next expected", cell: (row) => <Next stream={row} /> },
        { name: "Usual", number: true, cell: (row) => money(row.median_amount, row.currency) },
        { name: "A month", number: true, cell: (row) => average(row.expected_monthly, row.currency) },
      ]}
    />
  );
}

function Next({ stream }: { stream: Stream }) {
  if (!stream.predicted_next_date) return <span class="muted">none</span>;
  return (
    <span class="nowrap">
      {day(stream.predicted_next_date)}
      {stream.overdue_days > 0 && (
        <>
          {" "}
          <Badge kind="warn">{`${counted(stream.overdue_days, "day")} overdue`}</Badge>
        </>
      )}
    </span>
  );
}

const WINDOWS: ["30d" | "60d" | "90d", string][] = [
  ["30d", "30 days"],
  ["60d", "60 days"],
  ["90d", "90 days"],
];
const ROWS: [keyof CashFlow["windows"]["30d"], string, "money" | "average" | "count"][] = [
  ["inflow", "Money in", "money"],
  ["outflow", "Money out", "money"],
  ["net", "Net", "money"],
  ["credit_count", "Payments in", "count"],
  ["debit_count", "Payments out", "count"],
  ["loan_disbursed", "Loan money that came in", "money"],
  ["loan_repaid", "Loans repaid", "money"],
  ["betting", "Betting", "money"],
  ["nsf_overdraft_count", "Insufficient funds or overdraft", "count"],
  ["average_daily_balance", "Average balance of a day", "average"],
  ["min_balance", "Lowest balance", "money"],
  ["days_below_threshold", "Days with hardly any balance", "count"],
  ["days_without_transactions", "Days without a movement", "count"],
  ["longest_gap_days", "Longest time without a movement, in days", "count"],
];

function Flow({ user, cash }: { user: string; cash: CashFlow }) {
  if (cash.by_currency.length === 0)
    return (
      <Empty title="No money has moved in this time">
        Choose an earlier day above, or see the <a href={href(["people", user, "ledger"])}>ledger</a>.
      </Empty>
    );
  return (
    <>
      {cash.by_currency.map(({ currency, windows, months, trend }) => {
        const show = (value: number | null, kind: "money" | "average" | "count"): ComponentChildren => {
          if (value === null) return <span class="muted">unknown</span>;
          if (kind === "count") return count(value);
          return kind === "average" ? average(value, currency) : money(value, currency);
        };
        const more = besides(cash, currency);
        const nameOf = (month: string) => (
          <RecordsLink user={user} filters={recordsOfMonth(month, cash._meta.utc_time)} text={monthName(month)} />
        );
        return (
          <Section
            key={currency ?? ""}
            title={`Cash flow in ${currency ?? "no currency"}`}
            note="Money accounts only, without transfers between the person's own accounts."
          >
            <p class="note">{`Of each account, the last balance that a message states counts for ${HOLD_DAYS} days. Then it is unknown, and left out. The chart of the overview keeps it.`}</p>
            <Table
              caption="The last 30, 60 and 90 days"
              rows={ROWS}
              id={(row) => row[0]}
              columns={[
                { name: "Figure", head: true, cell: (row) => row[1] },
                ...WINDOWS.map(([key, name]) => ({
                  name,
                  number: true,
                  cell: (row: (typeof ROWS)[number]) => show(windows[key][row[0]], row[2]),
                })),
              ]}
            />
            {months.length > 0 && (
              <MonthBars
                caption={`${currency ?? "No currency"} by month (UTC)`}
                currency={currency}
                months={months.map(({ month, inflow, outflow, net, partial }) => ({
                  month,
                  in: inflow,
                  out: outflow,
                  net,
                  partial,
                }))}
                nameOf={nameOf}
              />
            )}
            {months.length > 0 && (
              <p class="note">{`A month under “Figures” leads to its records${more.length > 0 ? `, among them ${more.join(" and ")}, which the figures leave out` : ""}.`}</p>
            )}
            {trend !== null && (
              <p class="note">
                {trend === 0
                  ? "The net stays the same from month to month."
                  : `From month to month, the net ${trend > 0 ? "rises" : "falls"} by ${average(Math.abs(trend), currency)} on average.`}
              </p>
            )}
          </Section>
        );
      })}
    </>
  );
}
