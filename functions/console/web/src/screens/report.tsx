/** The credit report: as of a day, frozen, printed, and two side by side. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, body, type Schemas } from "../api/client";
import { count, money } from "../format/money";
import { day, endOfDay, isDay, isoDay, moment } from "../format/time";
import { accountName, accountType, institution, label, nameAndPhone } from "../format/words";
import { useResource } from "../resource";
import { address, go, href, replace } from "../router";
import { Badge, Empty, Failure, Field, Loaded, Notice, Section } from "../ui/basics";
import { RecordLink } from "../ui/links";
import { Status } from "../ui/status";
import { Facts, Table } from "../ui/table";
import { differences } from "./compare";
import type { PersonProps } from "./person";

type CreditReport = Schemas["CreditReport"];

const present = (user: string, at: string, signal?: AbortSignal) =>
  body(api.GET("/users/{user_uuid}/creditreport", { params: { path: { user_uuid: user }, query: { utc_time: isDay(at) ? endOfDay(at) : undefined } }, signal }));

const frozen = async (user: string, id: string, signal?: AbortSignal) =>
  (await body(api.GET("/users/{user_uuid}/creditreport/{id}", { params: { path: { user_uuid: user, id } }, signal }))).credit_report;

/** The frozen reports of a person. The export is the route that lists them. */
async function frozenReports(user: string, signal: AbortSignal) {
  const found: Schemas["ExportedReport"][] = [];
  let cursor: string | undefined;
  do {
    const page = await body(api.GET("/users/{user_uuid}/export", { params: { path: { user_uuid: user }, query: { cursor } }, signal }));
    found.push(...page.credit_reports);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return found.toSorted((a, b) => b.created_at.localeCompare(a.created_at));
}

export function Report({ user }: PersonProps) {
  const { query } = address.value;
  const at = query.get("at") ?? "";
  const id = query.get("frozen") ?? "";
  const other = query.get("with") ?? "";
  const [made, setMade] = useState(0);
  const report = useResource(`report ${user.uuid} ${at} ${id}`, (signal) => (id ? frozen(user.uuid, id, signal) : present(user.uuid, at, signal)));
  const to = (values: Record<string, string>) => href(["people", user.uuid, "report"], values);
  return (
    <>
      <div class="toolbar no-print">
        <Field name="As of the end of" hint={id ? "A frozen report stays as it is." : "Left empty: now. Days are in UTC."}>
          <input type="date" max={isoDay(Date.now())} value={at} disabled={id !== ""} onChange={(event) => replace(to({ at: event.currentTarget.value }))} />
        </Field>
        <button type="button" onClick={() => print()}>Print or save as PDF</button>
        {id ? <a class="button" href={to({})}>To the present report</a> : <Freeze user={user.uuid} at={at} done={() => setMade((made) => made + 1)} />}
      </div>
      {other ? (
        <Compared user={user.uuid} one={id} at={at} other={other} back={to({ at, frozen: id })} />
      ) : (
        <Loaded of={report} what="The credit report" lines={12}>
          {(report) => <Sheet user={user.uuid} report={report} id={id} />}
        </Loaded>
      )}
      <FrozenList user={user} made={made} shown={id} at={at} />
    </>
  );
}

function Freeze({ user, at, done }: { user: string; at: string; done: () => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const freeze = async () => {
    setBusy(true);
    setError(null);
    try {
      const params = { path: { user_uuid: user }, query: { utc_time: isDay(at) ? endOfDay(at) : undefined } };
      const { credit_report_id } = await body(api.POST("/users/{user_uuid}/creditreport", { params }));
      done();
      go(href(["people", user, "report"], { frozen: credit_report_id }));
    } catch (error) {
      setError(error as Error);
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" onClick={freeze} disabled={busy}>{busy ? "Freezing…" : "Freeze this report"}</button>
      {error && <Failure error={error} what="The frozen report" />}
    </>
  );
}

function FrozenList({ user, made, shown, at }: { user: Schemas["User"]; made: number; shown: string; at: string }) {
  const list = useResource(`frozen ${user.uuid} ${made}`, (signal) => frozenReports(user.uuid, signal));
  const here = href(["people", user.uuid, "report"]);
  return (
    <div class="no-print">
      <Section title="Frozen reports" note="A frozen report never changes, whatever arrives later. Compare two to see what did.">
        <Loaded of={list} what="The frozen reports" lines={3}>
          {(list) =>
            list.length === 0 ? (
              <Empty title="No report is frozen yet">Freeze one when you decide, so that the figures behind the decision stay.</Empty>
            ) : (
              <Table
                caption="Frozen reports"
                rows={list}
                id={(row) => row.credit_report_id}
                mark={(row) => row.credit_report_id === shown}
                columns={[
                  { name: "Frozen", head: true, cell: (row) => <a href={`${here}?frozen=${row.credit_report_id}`}>{moment(row.created_at)}</a> },
                  { name: "As of", cell: (row) => moment(row.credit_report.meta.created_at) },
                  { name: "Loans open", number: true, cell: (row) => count(row.credit_report.loan.open_accounts) },
                  { name: "Late", number: true, cell: (row) => count(row.credit_report.loan.nonperforming_accounts) },
                  { name: "Defaulted", number: true, cell: (row) => count(row.credit_report.loan.defaulted_accounts) },
                  {
                    name: "Compare",
                    cell: (row) =>
                      row.credit_report_id === shown ? (
                        <span class="muted">shown above</span>
                      ) : (
                        <a href={href(["people", user.uuid, "report"], { at, frozen: shown, with: row.credit_report_id })}>with the one above</a>
                      ),
                  },
                ]}
              />
            )
          }
        </Loaded>
      </Section>
    </div>
  );
}

function Sheet({ user, report, id }: { user: string; report: CreditReport; id: string }) {
  const { loan, depository, meta, tradelines } = report;
  const reason = (row: Schemas["LoanAccount"]) => `${row.status_reason.label ? label(row.status_reason.label) : "Balance or payment"}, ${day(row.status_reason.timestamp)}`;
  return (
    <article class="sheet">
      <h2>Credit report {id && <Badge>frozen</Badge>}</h2>
      <Facts
        rows={[
          ["Person", nameAndPhone(report.user)],
          ["As of", `${moment(meta.created_at)} UTC`],
          ["Latest data", meta.latest_record_at ? moment(meta.latest_record_at) : "none"],
          ["Report currency", meta.currency ?? "unknown"],
          ...(id ? ([["Report id", <code>{id}</code>]] as [string, JSX.Element][]) : []),
        ]}
      />
      {meta.latest_record_at === null && <Notice>No record has arrived up to this time, so every list is empty.</Notice>}
      <Table
        caption="Totals by currency"
        showCaption
        rows={report.totals_by_currency}
        id={(row) => row.currency ?? ""}
        columns={[
          { name: "Currency", head: true, cell: (row) => row.currency ?? "unknown" },
          { name: "Money held", number: true, cell: (row) => money(row.depository_balances, row.currency) },
          { name: "Owed, open", number: true, cell: (row) => money(row.open_balances, row.currency) },
          { name: "Owed, late", number: true, cell: (row) => money(row.nonperforming_balances, row.currency) },
          { name: "Owed, defaulted", number: true, cell: (row) => money(row.defaulted_balances, row.currency) },
        ]}
      />
      <Table
        caption={`Loan accounts: ${count(loan.open_accounts)} open, ${count(loan.nonperforming_accounts)} late, ${count(loan.defaulted_accounts)} defaulted, ${count(loan.closed_accounts)} closed`}
        showCaption
        rows={loan.accounts}
        id={(row) => `${row.institution_id} ${row.account_id} ${row.account_type}`}
        columns={[
          { name: "Lender", head: true, cell: (row) => `${institution(row.institution_id)}, ${accountName(row.account_id)}` },
          { name: "Type", cell: (row) => accountType(row.account_type) },
          { name: "Status", cell: (row) => <Status of={row.status} /> },
          { name: "Because of", cell: (row) => <RecordLink user={user} record={row.status_reason}>{reason(row)}</RecordLink> },
          { name: "Opened", cell: (row) => (row.opened_at ? day(row.opened_at) : "unknown") },
          { name: "Days late in all", number: true, cell: (row) => (row.days_late === null ? "unknown" : count(row.days_late)) },
          { name: "Lent", number: true, cell: (row) => money(row.principal, row.iso_currency_code) },
          { name: "Owed", number: true, cell: (row) => money(row.balance, row.iso_currency_code) },
        ]}
      />
      <Table
        caption="Money accounts"
        showCaption
        rows={depository.accounts}
        id={(row) => `${row.institution_id} ${row.account_id} ${row.iso_currency_code}`}
        columns={[
          { name: "Institution", head: true, cell: (row) => `${institution(row.institution_id)}, ${accountName(row.account_id)}` },
          { name: "As of", cell: (row) => moment(row.updated_at) },
          { name: "Balance", number: true, cell: (row) => money(row.balance, row.iso_currency_code) },
        ]}
      />
      <Lines title="Late payments" user={user} rows={tradelines.late_payments} />
      <Lines title="Defaults" user={user} rows={tradelines.default} />
      <details class="figures no-print">
        <summary>{`Repayments: ${count(report.loan_repayments.length)}`}</summary>
        <Table
          caption="Repayments of loans"
          rows={report.loan_repayments}
          id={(row) => row.record_id}
          columns={[
            { name: "Day", head: true, cell: (row) => <RecordLink user={user} record={{ record_id: row.record_id, timestamp: `${row.date}Z` }}>{day(`${row.date}Z`)}</RecordLink> },
            { name: "Lender", cell: (row) => institution(row.institution_id) },
            { name: "Amount", number: true, cell: (row) => money(row.amount, row.iso_currency_code) },
          ]}
        />
      </details>
    </article>
  );
}

function Lines({ title, user, rows }: { title: string; user: string; rows: Schemas["Tradeline"][] }) {
  if (rows.length === 0) return null;
  return (
    <Table
      caption={title}
      showCaption
      rows={rows}
      id={(row, at) => `${row.record_id} ${at}`}
      columns={[
        { name: "Day", head: true, cell: (row) => <RecordLink user={user} record={{ record_id: row.record_id, timestamp: `${row.date}Z` }}>{day(`${row.date}Z`)}</RecordLink> },
        { name: "Lender", cell: (row) => `${institution(row.institution_id)}, ${accountName(row.account_id)}` },
        { name: "Amount", number: true, cell: (row) => money(row.amount, row.iso_currency_code) },
      ]}
    />
  );
}

function Compared({ user, one, at, other, back }: { user: string; one: string; at: string; other: string; back: string }) {
  const both = useResource(`compare ${user} ${one} ${at} ${other}`, (signal) =>
    Promise.all([one ? frozen(user, one, signal) : present(user, at, signal), frozen(user, other, signal)]),
  );
  return (
    <Section title="Two reports side by side" actions={<a class="button" href={back}>Back to one</a>}>
      <Loaded of={both} what="The two reports" lines={10}>
        {([left, right]) => {
          const rows = differences(left, right);
          const changed = rows.filter((row) => row.changed).length;
          return (
            <>
              <p class="lead">{changed === 0 ? "Nothing differs." : `${count(changed)} of ${count(rows.length)} lines differ; they are marked.`}</p>
              <Table
                caption="Two reports side by side"
                rows={rows}
                id={(row) => row.name}
                mark={(row) => row.changed}
                columns={[
                  { name: "Line", head: true, cell: (row) => row.name },
                  { name: `${one ? "Frozen, as of" : "As of"} ${moment(left.meta.created_at)}`, number: true, cell: (row) => row.left ?? <span class="muted">not there</span> },
                  { name: `Frozen, as of ${moment(right.meta.created_at)}`, number: true, cell: (row) => row.right ?? <span class="muted">not there</span> },
                  { name: "Differs", cell: (row) => (row.changed ? <Badge kind="warn">differs</Badge> : <span class="muted">same</span>) },
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

