/** Every record of a person, with filters that are part of the address. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { body, type Schemas } from "../api/client";
import { getInstitutions } from "../api/operations";
import { ledgerPage, records, textOf, type LedgerQuery, type LedgerRecord } from "../api/records";
import { csv, type Cell } from "../format/csv";
import { download } from "../format/files";
import { isInstant } from "../format/instants";
import { count, counted, money } from "../format/money";
import { day, endOfDay, isDay, isoDay, momentOfUtc } from "../format/time";
import { accountKind, accountName, accountType, accountTypes, institution, label, labels } from "../format/words";
import { useResource } from "../resource";
import { address, go, href, replace } from "../router";
import { Badge, Dialog, Empty, Failure, Field, Loaded, Skeleton } from "../ui/basics";
import { Facts } from "../ui/table";
import { Windowed } from "../ui/windowed";
import { NoData, type PersonProps } from "./person-part";

/** Names of filters in the address. They are the API's names, except `from` and `to`: days or instants. */
const FILTERS = ["institution_id", "account_id", "account_types", "impact", "labels", "from", "to"] as const;

/** How far back a record is searched for if the link has no time. */
const MOST_SEARCHED = 20_000;

/** Limit of records in a CSV file. The service stores at most this many records of a person. */
const MOST_RECORDS = 1_000_000;

/** The filters of an address, as a query of the API. */
export function queryOf(filters: URLSearchParams): LedgerQuery {
  const from = filters.get("from") ?? "";
  const to = filters.get("to") ?? "";
  return {
    institution_id: filters.get("institution_id") || undefined,
    account_id: filters.get("account_id") || undefined,
    account_types: filters.getAll("account_types") as Schemas["AccountType"][],
    labels: filters.getAll("labels") as Schemas["Label"][],
    impact: (filters.get("impact") || undefined) as Schemas["Impact"] | undefined,
    utc_starttime: isDay(from) ? `${from}T00:00:00Z` : isInstant(from) ? from : undefined,
    utc_endtime: isDay(to) ? endOfDay(to) : isInstant(to) ? to : undefined,
    include: ["details"],
  };
}

export function Ledger({ user, latest, unread }: PersonProps) {
  const { query } = address.value;
  const filters = new URLSearchParams(FILTERS.flatMap((name) => query.getAll(name).map((value) => [name, value])));
  const record = query.get("record");
  if (!latest) return <NoData user={user} unread={unread} />;
  const back = () => go(href(["people", user.uuid, "ledger"], valuesOf(filters)));
  return (
    <>
      <Filters user={user} filters={filters} />
      <List key={filters.toString()} user={user} filters={filters} />
      {record && (
        <RecordDialog key={record} user={user} id={record} at={query.get("at") ?? ""} filters={filters} close={back} />
      )}
    </>
  );
}

const valuesOf = (filters: URLSearchParams) => Object.fromEntries(FILTERS.map((name) => [name, filters.getAll(name)]));

function Filters({ user, filters }: { user: Schemas["User"]; filters: URLSearchParams }) {
  const institutions = useResource(`institutions ${user.uuid}`, (signal) =>
    body(getInstitutions({ params: { path: { user_uuid: user.uuid } }, signal })),
  );
  const known = institutions.data?.institutions ?? [];
  const institution = filters.get("institution_id") ?? "";
  const accounts = [
    ...new Set(
      known.filter((each) => !institution || each.institution_id === institution).flatMap((each) => each.account_ids),
    ),
  ];
  const set = (name: string, value: string) =>
    replace(href(["people", user.uuid, "ledger"], { ...valuesOf(filters), [name]: value }));
  const choice = (name: string, title: string, options: [string, string][]) => {
    const values = filters.getAll(name);
    const value = values.join(" ");
    // A link may name a value outside the options, or several values. They are filters all the same.
    const text = values.map((each) => options.find(([option]) => option === each)?.[1] ?? each).join(" or ");
    const all = value && !options.some(([option]) => option === value) ? [...options, [value, text]] : options;
    return (
      <Field name={title}>
        <select value={value} onChange={(event) => set(name, event.currentTarget.value)}>
          <option value="">Any</option>
          {all.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      </Field>
    );
  };
  const date = (name: "from" | "to", title: string) => {
    const value = filters.get(name) ?? "";
    // A link may name a part of a day, which the input cannot show.
    const hint = isInstant(value) ? `${title} ${value.slice(11, 19)} on that day` : undefined;
    return (
      <Field name={title} hint={hint}>
        <input type="date" value={value.slice(0, 10)} onChange={(event) => set(name, event.currentTarget.value)} />
      </Field>
    );
  };
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      {choice(
        "institution_id",
        "Institution",
        known.map((each) => [each.institution_id, each.display_name]),
      )}
      {choice(
        "account_id",
        "Account",
        accounts.map((each) => [each, accountName(each)]),
      )}
      {choice(
        "account_types",
        "Type",
        accountTypes.map((each) => [each, accountType(each)]),
      )}
      {choice("impact", "Direction", [
        ["CREDIT", "Credit"],
        ["DEBIT", "Debit"],
      ])}
      {choice(
        "labels",
        "Label",
        labels.map((each) => [each, label(each)]),
      )}
      {date("from", "From")}
      {date("to", "To")}
      {filters.size > 0 && (
        <a class="button clear" href={href(["people", user.uuid, "ledger"])}>
          Clear all
        </a>
      )}
    </form>
  );
}

/** The loaded records, and the function that loads more. */
function usePages(user: string, query: LedgerQuery) {
  const [list, setList] = useState<LedgerRecord[]>([]);
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const [error, setError] = useState<Error | null>(null);
  const busy = useRef(false);
  const control = useRef(new AbortController());
  const more = async () => {
    if (busy.current || next === null) return;
    busy.current = true;
    setError(null);
    try {
      const page = await ledgerPage(user, { ...query, cursor: next }, control.current.signal);
      setList((before) => [...before, ...page.records]);
      setNext(page.next_cursor);
    } catch (error) {
      if (!control.current.signal.aborted) setError(error as Error);
    } finally {
      busy.current = false;
    }
  };
  useEffect(() => {
    control.current = new AbortController();
    void more();
    return () => control.current.abort();
  }, []);
  return { list, done: next === null, started: next !== undefined, error, more };
}

function List({ user, filters }: { user: Schemas["User"]; filters: URLSearchParams }) {
  const query = queryOf(filters);
  const { list, done, started, error, more } = usePages(user.uuid, query);
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const read = () => setNarrow(media.matches);
    media.addEventListener("change", read);
    return () => media.removeEventListener("change", read);
  }, []);
  if (error && list.length === 0) return <Failure error={error} retry={more} what="The records" />;
  if (!started) return <Skeleton lines={12} />;
  if (list.length === 0) {
    return (
      <Empty title="No record matches">
        <a href={href(["people", user.uuid, "ledger"])}>Clear the filters</a>
      </Empty>
    );
  }
  return (
    <>
      <div class="section-head">
        <p class="note" role="status">
          {done
            ? `${counted(list.length, "record")}, newest first.`
            : `The newest ${count(list.length)} records; more load as you scroll.`}{" "}
          Times are UTC.
        </p>
        <Export user={user} filters={filters} query={query} loaded={done ? list : null} />
      </div>
      {error && <Failure error={error} retry={more} what="More records" />}
      <Windowed
        name="Records"
        rows={list.length}
        total={done ? list.length : null}
        rowHeight={narrow ? 92 : 44}
        nearEnd={() => !error && more()}
        head={
          <div class="windowed-head" role="rowgroup">
            <div role="row" aria-rowindex={1}>
              {["Time", "Institution and account", "Labels", "Amount", "Balance"].map((name, at) => (
                <span key={name} role="columnheader" class={at > 2 ? "number" : ""}>
                  {name}
                </span>
              ))}
            </div>
          </div>
        }
        row={(at) => {
          const record = list[at];
          return record ? (
            <Row
              record={record}
              open={href(["people", user.uuid, "ledger"], {
                ...valuesOf(filters),
                record: record.id,
                at: record.timestamp,
              })}
            />
          ) : null;
        }}
      />
    </>
  );
}

/** The same as in the style sheet. */
const NARROW = "screen and (max-width: 720px)";

function Row({ record, open }: { record: LedgerRecord; open: string }) {
  return (
    <>
      <span role="cell" class="when">
        <a href={open}>{momentOfUtc(record.timestamp)}</a>
      </span>
      <span role="cell" class="where">
        {institution(record.institution_id)} <span class="muted">{accountOf(record)}</span>
      </span>
      <span role="cell" class="labels">
        {record.labels.map((each) => (
          <Badge key={each}>{label(each)}</Badge>
        ))}
      </span>
      <span role="cell" class="number amount">
        {record.amount === null ? <span class="muted">–</span> : <Amount record={record} />}
      </span>
      <span role="cell" class="number balance">
        {record.balance === null ? <span class="muted">–</span> : money(record.balance, record.currency)}
      </span>
    </>
  );
}

/**
 * Distinguishes the account from the institution's others: its number, if messages name one, and its type unless it
 * holds money.
 */
const accountOf = ({ account_id, account_type }: LedgerRecord) =>
  [
    account_id === "default" ? "" : account_id,
    account_type === "depository" ? "" : accountType(account_type).toLowerCase(),
  ]
    .filter(Boolean)
    .join(", ");

/** The direction also in a word: a sign would suggest that a repayment of a loan is income. */
function Amount({ record }: { record: LedgerRecord }) {
  const words = { CREDIT: "credit", DEBIT: "debit" };
  return (
    <>
      {money(record.amount, record.currency)}
      {record.impact && <span class={`impact ${record.impact.toLowerCase()}`}>{words[record.impact]}</span>}
    </>
  );
}

const COLUMNS = [
  "timestamp",
  "institution_id",
  "account_id",
  "account_type",
  "impact",
  "amount",
  "balance",
  "currency",
  "fee",
  "reference",
  "counterparty_kind",
  "due_date",
  "labels",
  "id",
];

export const rowOf = (record: LedgerRecord): Cell[] => [
  record.timestamp,
  record.institution_id,
  record.account_id,
  record.account_type,
  record.impact,
  record.amount,
  record.balance,
  record.currency,
  record.fee,
  record.reference,
  record.counterparty?.kind,
  record.due_date,
  record.labels.join(" "),
  record.id,
];

function Export({
  user,
  filters,
  query,
  loaded,
}: {
  user: Schemas["User"];
  filters: URLSearchParams;
  query: LedgerQuery;
  loaded: LedgerRecord[] | null;
}) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const save = async () => {
    setBusy(true);
    setFault("");
    try {
      const all = loaded ?? (await records(user.uuid, query, MOST_RECORDS)).records;
      const name = `ledger-${user.phone_number}${filters.size > 0 ? "-filtered" : ""}-${isoDay(Date.now())}.csv`;
      download(name, "text/csv;charset=utf-8", csv([COLUMNS, ...all.map(rowOf)]));
    } catch (error) {
      setFault((error as Error).message);
    }
    setBusy(false);
  };
  return (
    <span class="actions">
      {fault && (
        <span class="fault" role="alert">
          {fault}
        </span>
      )}
      <button type="button" onClick={save} disabled={busy}>
        {busy ? "Collecting…" : "Save as CSV"}
      </button>
    </span>
  );
}

type RecordDialogProps = { user: Schemas["User"]; id: string; at: string; filters: URLSearchParams; close: () => void };

/**
 * The time ranges in which a record is searched for, in order: its own time, if the link has it; otherwise the range of
 * the filters, then all. The whole ledger may have many pages, and most linked records are within the filters.
 */
export function timesOf(at: string, filters: URLSearchParams): Pick<LedgerQuery, "utc_starttime" | "utc_endtime">[] {
  if (at) return [{ utc_starttime: at, utc_endtime: at }];
  const { utc_starttime, utc_endtime } = queryOf(filters);
  return utc_starttime || utc_endtime ? [{ utc_starttime, utc_endtime }, {}] : [{}];
}

/** A record that links name: its id, and the time that finds it. */
function RecordDialog({ user, id, at, filters, close }: RecordDialogProps) {
  const found = useResource(`record ${user.uuid} ${id} ${at}`, async (signal) => {
    // One message can yield several records with one id.
    let same: LedgerRecord[] = [];
    for (const times of timesOf(at, filters)) {
      const { records: list } = await records(user.uuid, { ...times, include: ["details"] }, MOST_SEARCHED, signal);
      same = list.filter((record) => record.id === id);
      if (same.length > 0) break;
    }
    const labelled = same.find((record) => record.labels.length > 0);
    return { same, text: labelled ? await textOf(user.uuid, labelled, signal) : null };
  });
  return (
    <Dialog title="Record" close={close}>
      <Loaded of={found} what="The record" lines={8}>
        {({ same, text }) =>
          same.length === 0 ? (
            <Empty title="There is no such record">It is not among the newest records, or it was erased.</Empty>
          ) : (
            <>
              {text && <blockquote class="message">{text}</blockquote>}
              {!text && <p class="note">Texts are kept of labelled records only.</p>}
              {same.map((record, at) => (
                <Facts key={at} rows={factsOf(record)} />
              ))}
            </>
          )
        }
      </Loaded>
    </Dialog>
  );
}

function factsOf(record: LedgerRecord): [string, ComponentChildren][] {
  const party = record.counterparty;
  const rows: ([string, ComponentChildren] | null)[] = [
    ["Time (UTC)", momentOfUtc(record.timestamp)],
    ["Institution", institution(record.institution_id)],
    ["Account", accountKind(record)],
    record.amount === null ? null : ["Amount", <Amount record={record} />],
    record.balance === null
      ? null
      : [
          record.account_type.includes("loan") ? "Owed afterwards" : "Balance afterwards",
          money(record.balance, record.currency),
        ],
    record.fee === null || record.fee === undefined ? null : ["Fee", money(record.fee, record.currency)],
    record.reference ? ["Reference", <code>{record.reference}</code>] : null,
    record.due_date ? ["Due date", day(record.due_date)] : null,
    party
      ? [
          "Other side",
          party.token ? (
            <>
              {party.kind} <code>{party.token}</code>
            </>
          ) : (
            party.kind
          ),
        ]
      : null,
    record.labels.length > 0 ? ["Labels", record.labels.map(label).join(", ")] : null,
    ["Record id", <code>{record.id}</code>],
  ];
  return rows.filter((row) => row !== null);
}
