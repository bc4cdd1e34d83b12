/** Whether a person can afford an instalment, by the lender's own policy. It is arithmetic and not a decision. */

import { body } from "../api/client";
import { getIncome, postAffordability } from "../api/operations";
import type { Affordability, AffordabilityRequest, Stream } from "../api/insights";
import { insightStatus, kindOf, measure, plain, reason } from "../format/insight-words";
import { average, count, counted, money, percent, typed } from "../format/money";
import { day } from "../format/time";
import { institution } from "../format/words";
import { useResource } from "../resource";
import { address, href, replace } from "../router";
import { asOfDay, AsOf, asOfTime } from "../ui/as-of";
import { Empty, Field, Loaded, Notice, Section, Skeleton } from "../ui/basics";
import { Facts, Table } from "../ui/table";
import { Tile } from "../ui/tile";
import { recordsBefore } from "./evidence";
import { NoData, type PersonProps } from "./person-part";
import { isEarly } from "./rhythm";

/** Records that a reason links to. */
const MOST_LINKS = 5;

/** Limit of streams that do not count yet in the list. */
const MOST_EARLY = 5;

/** Initial inputs. The initial amount depends on the person. */
const FIRST = { rate: "60", term: "6", unit: "month", type: "reducing" };
const NAMES = ["principal", "rate", "term", "unit", "type"] as const;

/**
 * The initial amount: half of a month's income, rounded down to its first digit, so that it is a small loan in any
 * currency. Empty without a regular income.
 */
export function firstAmount(monthly: number | null): string {
  const half = Math.floor((monthly ?? 0) / 2);
  if (half < 1) return "";
  const digit = 10 ** (String(half).length - 1);
  return String(Math.floor(half / digit) * digit);
}

function inputs(query: URLSearchParams, principal: string) {
  const first = { ...FIRST, principal };
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? first[name]])) as Record<
    (typeof NAMES)[number],
    string
  >;
}

/** The request, or null while an input is not a number. The rate is typed in percent; the API takes a fraction. */
export function requestOf(values: ReturnType<typeof inputs>, utcTime: string | undefined): AffordabilityRequest | null {
  const [principal, percent, term] = [typed(values.principal), typed(values.rate), typed(values.term)];
  const good = principal > 0 && percent >= 0 && Number.isInteger(term) && term > 0;
  if (!good) return null;
  return {
    principal,
    interest_rate: Number((percent / 100).toFixed(8)),
    rate_type: values.type === "flat" ? "flat" : "reducing",
    term,
    term_unit: values.unit === "week" ? "week" : values.unit === "day" ? "day" : "month",
    utc_time: utcTime,
  };
}

export function AffordabilityScreen({ user, latest, unread }: PersonProps) {
  const at = latest ? asOfDay(latest) : "";
  const income = useResource(latest && `income ${user.uuid} ${at}`, (signal) => {
    const params = { path: { user_uuid: user.uuid }, query: { utc_time: asOfTime(at) } };
    return body(getIncome({ params, signal }));
  });
  const values = inputs(address.value.query, firstAmount(income.data?.summary.monthly_average ?? null));
  const request = latest ? requestOf(values, asOfTime(at)) : null;
  const answer = useResource(request && `affordability ${user.uuid} ${JSON.stringify(request)}`, (signal) => {
    const params = { path: { user_uuid: user.uuid } };
    return body(postAffordability({ params, body: request as AffordabilityRequest, signal }));
  });
  if (!latest) return <NoData user={user} unread={unread} />;
  const currency = income.data?.currency ?? answer.data?.currency;
  const set = (name: string, value: string) => {
    // An emptied input differs from an untouched one, so it stays in the address.
    const query = new URLSearchParams(address.value.query);
    query.set(name, value);
    replace(`${href(["people", user.uuid, "affordability"])}?${query}`);
  };
  return (
    <>
      <AsOf user={user.uuid} part="affordability" latest={latest} />
      <form class="form-grid dense" aria-label="The loan" onSubmit={(event) => event.preventDefault()}>
        <Field name={currency ? `Amount to lend (${currency})` : "Amount to lend"}>
          <input
            inputMode="decimal"
            value={values.principal}
            onInput={(event) => set("principal", event.currentTarget.value)}
          />
        </Field>
        <Field name="Interest a year (%)">
          <input inputMode="decimal" value={values.rate} onInput={(event) => set("rate", event.currentTarget.value)} />
        </Field>
        <Field name="Instalments">
          <input inputMode="numeric" value={values.term} onInput={(event) => set("term", event.currentTarget.value)} />
        </Field>
        <Field name="One every">
          <select value={values.unit} onChange={(event) => set("unit", event.currentTarget.value)}>
            <option value="month">Month</option>
            <option value="week">Week</option>
            <option value="day">Day</option>
          </select>
        </Field>
        <Field name="Kind of interest">
          <select value={values.type} onChange={(event) => set("type", event.currentTarget.value)}>
            <option value="reducing">Reducing balance</option>
            <option value="flat">Flat</option>
          </select>
        </Field>
      </form>
      {request ? (
        <Loaded of={answer} what="The affordability" lines={8}>
          {(answer) => (
            <Verdict
              answer={answer}
              early={earlyOf(income.data?.streams ?? [], answer)}
              unit={values.unit}
              user={user.uuid}
            />
          )}
        </Loaded>
      ) : income.loading && !address.value.query.has("principal") ? (
        <Skeleton lines={8} />
      ) : (
        <Empty title="Fill in the loan">An amount, a rate and a whole number of instalments.</Empty>
      )}
    </>
  );
}

/** Links to the first records behind a reason, and their number. */
function Evidence({ user, ids, time }: { user: string; ids: string[]; time: string }) {
  if (ids.length === 0) return <span class="muted">none</span>;
  // The answer has no times of records. Nearly all records are within this range; if one is not, the ledger searches
  // further.
  const times = recordsBefore(time);
  return (
    <span class="evidence">
      {ids.slice(0, MOST_LINKS).map((id, at) => (
        <span key={id}>
          <a href={href(["people", user, "ledger"], { record: id, ...times })} aria-label={`Record ${at + 1}`}>
            {at + 1}
          </a>{" "}
        </span>
      ))}
      {ids.length > MOST_LINKS && <span class="muted">{`of ${count(ids.length)}`}</span>}
    </span>
  );
}

type Policy = Affordability["policy"];

const BASES: Record<Policy["income_basis"], string> = { regular: "Only regular income", all: "All of it" };

/** The policy in words. A rule without words does not compile. */
const POLICY: { [Rule in keyof Policy]-?: { name: string; show: (value: NonNullable<Policy[Rule]>) => string } } = {
  max_instalment_to_income: { name: "Most of the income for instalments", show: percent },
  disposable_share: { name: "Most of the money left over for the instalment", show: percent },
  income_haircut: { name: "Income not counted on", show: percent },
  min_history_days: { name: "Least history", show: (days) => counted(days, "day") },
  max_age_days: { name: "Oldest data", show: (days) => counted(days, "day") },
  income_basis: { name: "Income that counts", show: (basis) => BASES[basis] },
};

export const policyRows = (policy: Policy): [string, string][] =>
  (Object.keys(POLICY) as (keyof Policy)[]).map((rule) => [
    POLICY[rule].name,
    (POLICY[rule].show as (value: unknown) => string)(policy[rule]),
  ]);

/** The streams of income that would count if one more payment came in their rhythm. */
export const earlyOf = (streams: Stream[], { currency, policy }: Pick<Affordability, "currency" | "policy">) =>
  policy.income_basis === "regular"
    ? streams.filter((each) => each.direction === "inflow" && each.currency === currency && isEarly(each))
    : [];

/** Why there is no answer. */
export function withheld(answer: Affordability, early: Stream[]): string {
  if (answer.status !== "no_income" || answer.policy.income_basis !== "regular")
    return insightStatus(answer, answer.policy);
  return early.length > 0
    ? "The regular income is not yet certain, and the policy counts no other."
    : "No income comes in a rhythm, and the policy counts no other.";
}

/** The reasons by which data are missing: the answer is about a part of the debts or of the money only. */
const MISSING: string[] = ["LOAN_MESSAGES_UNREAD", "DEBT_UNKNOWN", "COMPLETENESS_LOW"];

/** The answer in one line. It names that data are missing, because readers may stop here. */
export function headline(answer: Affordability, early: Stream[], unit: string): string {
  const each = (amount: number | null) => `${money(amount, answer.currency)} a ${unit}`;
  if (answer.can_afford === null) return `No answer: ${withheld(answer, early)}`;
  const by = answer.reasons.some(({ code }) => MISSING.includes(code)) ? " by what was read, and data are missing" : "";
  return answer.can_afford
    ? `Fits${by}: ${each(answer.instalment)} is within the room of ${each(answer.room)}`
    : `Does not fit${by}: ${each(answer.instalment)} is more than the room of ${each(answer.room)}`;
}

/** Green only without any reason against the loan: enough room does not exclude a default. */
export const verdictKind = ({ can_afford, reasons }: Pick<Affordability, "can_afford" | "reasons">) =>
  !can_afford || reasons.some(({ code }) => MISSING.includes(code)) ? "warn" : reasons.length > 0 ? "info" : "good";

/** The debt service, with the messages about loans that it lacks. */
export function repaysNow({ debt_service, currency, _meta }: Affordability): string {
  const unread = _meta.unrecognized_loan_messages;
  const lacks = unread > 0 ? `, without what ${counted(unread, "unread message")} tell${unread === 1 ? "s" : ""}` : "";
  return average(debt_service.monthly, currency) + lacks;
}

type VerdictProps = { answer: Affordability; early: Stream[]; unit: string; user: string };

function Verdict({ answer, early, unit, user }: VerdictProps) {
  const { currency } = answer;
  const unread = answer._meta.unrecognized_loan_messages;
  const each = (amount: number | null) => `${money(amount, currency)} a ${unit}`;
  return (
    <>
      <Notice kind={verdictKind(answer)} title={headline(answer, early, unit)}>
        Arithmetic on the policy below and on the messages. It is not a decision.
        {unread > 0 && ` Not read: ${counted(unread, "message")} that may concern a loan.`}
        {answer.reasons.length > 0 && " Read the reasons below before you decide."}
      </Notice>
      <div class="tile-group">
        {/* Without an answer the room is not shown, although the API computes it as 0. */}
        {answer.can_afford !== null && (
          <Tile
            name="Room for an instalment"
            value={money(answer.room, currency)}
            note={`The largest instalment that fits, each ${unit}`}
          />
        )}
        <Tile name="Instalment of this loan" value={money(answer.instalment, currency)} note={`A ${unit}`} />
        {answer.can_afford !== null && (
          <Tile
            name="Most that could be lent"
            value={money(answer.max_principal, currency)}
            note="At this rate and term"
          />
        )}
      </div>
      <Section title="Computed from">
        <Facts
          rows={[
            ["Interest and fees in all", money(answer.total_cost_of_credit, currency)],
            ["Income a month", average(answer.income.monthly, currency)],
            ["Income a month, less a margin", average(answer.income.stressed, currency)],
            ["Repays now, a month", repaysNow(answer)],
            ["Left over in a month, of all that came in", average(answer.disposable.monthly, currency)],
          ]}
        />
        {early.length > 0 && (
          <Notice title="Income that does not count yet">
            <ul>
              {early.slice(0, MOST_EARLY).map((each) => (
                <li key={each.stream_id}>
                  {`${kindOf(each.category)}, ${each.institution_ids.map(institution).join(", ")}: ${money(each.median_amount, each.currency)} ${plain(each.frequency)}, ${plain(each.status)}.`}
                </li>
              ))}
            </ul>
            {early.length > MOST_EARLY && (
              <p>{`${count(early.length - MOST_EARLY)} more are on the tab of the income.`}</p>
            )}
            <p>It counts from the third payment in its rhythm on.</p>
          </Notice>
        )}
      </Section>
      <Section title="Reasons" note="They limit the room or speak against the loan.">
        {answer.reasons.length === 0 ? (
          <Empty title="No reason in the messages that were read">
            No rule of the policy below limits the room. A loan whose messages did not arrive, or were not read, is not
            known. The completeness above tells how much money moved without a message.
          </Empty>
        ) : (
          <Table
            caption="Reasons"
            rows={answer.reasons}
            id={(row) => row.code}
            columns={[
              { name: "Reason", head: true, cell: (row) => reason(row) },
              { name: "Code", cell: (row) => <code>{row.code}</code> },
              { name: "Value", number: true, cell: (row) => measure(row.code, row.value, each) },
              { name: "Limit", number: true, cell: (row) => measure(row.code, row.limit, each) },
              {
                name: "Records",
                number: true,
                cell: (row) => <Evidence user={user} ids={row.record_ids} time={answer._meta.utc_time} />,
              },
            ]}
          />
        )}
      </Section>
      {answer.disposable.periods.length > 0 && (
        <Section title="Left over, period by period">
          <Table
            caption="Left over by period"
            rows={answer.disposable.periods}
            id={(row) => row.from}
            columns={[
              { name: "From", head: true, cell: (row) => day(row.from) },
              { name: "To", cell: (row) => day(row.to) },
              { name: "Net", number: true, cell: (row) => money(row.net, currency) },
            ]}
          />
        </Section>
      )}
      <details class="figures">
        <summary>The policy</summary>
        <Facts rows={policyRows(answer.policy)} />
      </details>
    </>
  );
}
