/** The credit report: as of a day, frozen, printed, or two side by side. */

import { useState } from "preact/hooks";
import { body, type Schemas } from "../api/client";
import { createCreditReport, getCreditReport, getExport, getFrozenCreditReport } from "../api/operations";
import { count } from "../format/money";
import { endOfDay, isDay, isoDay, moment, momentOfUtc } from "../format/time";
import { useResource } from "../resource";
import { address, go, href, replace } from "../router";
import { Badge, Empty, Failure, Field, Loaded, Section } from "../ui/basics";
import { Table } from "../ui/table";
import { differences } from "./compare";
import type { PersonProps } from "./person-part";
import { Sheet } from "./report-sheet";

const present = (user: string, at: string, signal?: AbortSignal) =>
  body(
    getCreditReport({
      params: { path: { user_uuid: user }, query: { utc_time: isDay(at) ? endOfDay(at) : undefined } },
      signal,
    }),
  );

const frozen = async (user: string, id: string, signal?: AbortSignal) =>
  (await body(getFrozenCreditReport({ params: { path: { user_uuid: user, id } }, signal })))
    .credit_report;

/** The frozen reports of a person. Only the export lists them. */
async function frozenReports(user: string, signal: AbortSignal) {
  const found: Schemas["ExportedReport"][] = [];
  let cursor: string | undefined;
  do {
    const page = await body(getExport({ params: { path: { user_uuid: user }, query: { cursor } }, signal }));
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
  const report = useResource(`report ${user.uuid} ${at} ${id}`, (signal) =>
    id ? frozen(user.uuid, id, signal) : present(user.uuid, at, signal),
  );
  const to = (values: Record<string, string>) => href(["people", user.uuid, "report"], values);
  return (
    <>
      <div class="toolbar no-print">
        <Field name="As of the end of" hint={id ? "A frozen report stays as it is." : "Left empty: now. In UTC."}>
          <input
            type="date"
            max={isoDay(Date.now())}
            value={at}
            disabled={id !== ""}
            onChange={(event) => replace(to({ at: event.currentTarget.value }))}
          />
        </Field>
        <button type="button" onClick={() => print()}>
          Print or save as PDF
        </button>
        {id ? (
          <a class="button" href={to({})}>
            To the present report
          </a>
        ) : (
          <Freeze user={user.uuid} at={at} done={() => setMade((made) => made + 1)} />
        )}
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
      const { credit_report_id } = await body(createCreditReport({ params }));
      done();
      go(href(["people", user, "report"], { frozen: credit_report_id }));
    } catch (error) {
      setError(error as Error);
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" onClick={freeze} disabled={busy}>
        {busy ? "Freezing…" : "Freeze this report"}
      </button>
      {error && <Failure error={error} failed="The report was not frozen" />}
    </>
  );
}

function FrozenList({ user, made, shown, at }: { user: Schemas["User"]; made: number; shown: string; at: string }) {
  const list = useResource(`frozen ${user.uuid} ${made}`, (signal) => frozenReports(user.uuid, signal));
  const here = href(["people", user.uuid, "report"]);
  return (
    <div class="no-print">
      <Section
        title="Frozen reports"
        note="A frozen report never changes, whatever arrives later. Compare two to see the differences."
      >
        <Loaded of={list} what="The frozen reports" lines={3}>
          {(list) =>
            list.length === 0 ? (
              <Empty title="No report is frozen yet">
                Freeze one when you decide, so that the figures behind the decision stay.
              </Empty>
            ) : (
              <Table
                caption="Frozen reports"
                rows={list}
                id={(row) => row.credit_report_id}
                mark={(row) => row.credit_report_id === shown}
                columns={[
                  {
                    name: "Frozen (UTC)",
                    head: true,
                    cell: (row) => <a href={`${here}?frozen=${row.credit_report_id}`}>{momentOfUtc(row.created_at)}</a>,
                  },
                  { name: "As of (UTC)", cell: (row) => momentOfUtc(row.credit_report.meta.created_at) },
                  { name: "Loans open", number: true, cell: (row) => count(row.credit_report.loan.open_accounts) },
                  { name: "Late", number: true, cell: (row) => count(row.credit_report.loan.nonperforming_accounts) },
                  { name: "Defaulted", number: true, cell: (row) => count(row.credit_report.loan.defaulted_accounts) },
                  {
                    name: "Compare",
                    cell: (row) =>
                      row.credit_report_id === shown ? (
                        <span class="muted">shown above</span>
                      ) : (
                        <a
                          href={href(["people", user.uuid, "report"], {
                            at,
                            frozen: shown,
                            with: row.credit_report_id,
                          })}
                        >
                          with the one above
                        </a>
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

function Compared({
  user,
  one,
  at,
  other,
  back,
}: {
  user: string;
  one: string;
  at: string;
  other: string;
  back: string;
}) {
  const both = useResource(`compare ${user} ${one} ${at} ${other}`, (signal) =>
    Promise.all([one ? frozen(user, one, signal) : present(user, at, signal), frozen(user, other, signal)]),
  );
  return (
    <Section
      title="Two reports side by side"
      actions={
        <a class="button" href={back}>
          Back to one
        </a>
      }
    >
      <Loaded of={both} what="The two reports" lines={10}>
        {([left, right]) => {
          const rows = differences(left, right);
          const changed = rows.filter((row) => row.changed).length;
          return (
            <>
              <p class="lead">
                {changed === 0
                  ? "Nothing differs."
                  : `${count(changed)} of ${count(rows.length)} lines differ; they are marked.`}
              </p>
              <Table
                caption="Two reports side by side"
                rows={rows}
                id={(row) => row.name}
                mark={(row) => row.changed}
                columns={[
                  { name: "Line", head: true, cell: (row) => row.name },
                  {
                    name: `${one ? "Frozen, as of" : "As of"} ${moment(left.meta.created_at)}`,
                    number: true,
                    cell: (row) => row.left ?? <span class="muted">not there</span>,
                  },
                  {
                    name: `Frozen, as of ${moment(right.meta.created_at)}`,
                    number: true,
                    cell: (row) => row.right ?? <span class="muted">not there</span>,
                  },
                  {
                    name: "Differs",
                    cell: (row) => (row.changed ? <Badge kind="warn">differs</Badge> : <span class="muted">same</span>),
                  },
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
