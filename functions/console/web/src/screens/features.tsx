/** Features for models: windows side by side, with the definitions of the OpenAPI document. */

import { BASE, body } from "../api/client";
import { getUserFeatures } from "../api/operations";
import type { Features } from "../api/insights";
import { ratio } from "../format/money";
import { HOLD_DAYS } from "../format/time";
import { useResource } from "../resource";
import { asOfDay, AsOf, asOfTime } from "../ui/as-of";
import { Empty, Loaded, Notice, Section } from "../ui/basics";
import { RecordsLink } from "../ui/records-link";
import { Table } from "../ui/table";
import { recordsOfFigure } from "./evidence";
import { NoData, type PersonProps } from "./person-part";

type Value = number | string | null;
type Row = { name: string; values: Map<string, Value> };

/** Windows at the end of a name: `_0_30`, or `_30d`. */
const WINDOW = /_(\d+_\d+|\d+d)$/;

/** Rows with the same windows; each row is a name without its window. */
export type Windowed = { windows: string[]; rows: Row[] };

/** The tables of figures in their order: one for each set of windows, so that no table has empty cells. */
export function windowed(values: Record<string, Value>): Windowed[] {
  const rows = new Map<string, Row>();
  for (const [full, value] of Object.entries(values)) {
    const window = WINDOW.exec(full)?.[1] ?? "";
    const name = window ? full.slice(0, -window.length - 1) : full;
    const row = rows.get(name) ?? { name, values: new Map() };
    row.values.set(window, value);
    rows.set(name, row);
  }
  const tables = new Map<string, Windowed>();
  for (const row of rows.values()) {
    const windows = [...row.values.keys()];
    const key = windows.join(" ");
    const table = tables.get(key) ?? { windows, rows: [] };
    table.rows.push(row);
    tables.set(key, table);
  }
  return [...tables.values()].sort((a, b) => b.windows.length - a.windows.length);
}

type Schema = { properties?: Record<string, { description?: string }> };

type OpenApi = { components: { schemas: Record<string, Schema> } };

/** The schemas of the figures. Other schemas have members of the same names with another meaning. */
const SCHEMAS = ["FeatureValues", "IndicatorValues"];

/** The definitions by full name. */
export function definitionsOf(document: OpenApi): Map<string, string> {
  const found = new Map<string, string>();
  for (const schema of SCHEMAS) {
    for (const [name, property] of Object.entries(document.components.schemas[schema]?.properties ?? {})) {
      if (property.description) found.set(name, property.description);
    }
  }
  return found;
}

/** From the OpenAPI document that the service returns. */
async function definitions(signal: AbortSignal): Promise<Map<string, string>> {
  return definitionsOf(
    (await (await fetch(`${BASE}/openapi.json`, { signal, credentials: "omit" })).json()) as OpenApi,
  );
}

/** The definition of a row: the first one among its windows. */
export const definitionOf = (told: Map<string, string>, name: string, windows: string[]) =>
  windows.map((window) => told.get(window ? `${name}_${window}` : name)).find(Boolean);

/** The currency of all sums, and the currencies without a sum. */
export function moneyNote({
  currency,
  other_currencies: others,
}: Pick<Features["_meta"], "currency" | "other_currencies">): string | null {
  if (!currency) return null;
  return others.length > 0
    ? `Money is in ${currency}. Not part of it: ${others.join(", ")}.`
    : `Money is in ${currency}.`;
}

const show = (value: Value) => {
  if (value === null) return <span class="muted">unknown</span>;
  return typeof value === "number" ? ratio(value) : value;
};

/** Words in backticks, as code. */
export const marked = (text: string) =>
  text.split("`").map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));

const spelled = (window: string) =>
  window === ""
    ? "Value"
    : window.endsWith("d")
      ? `${window.slice(0, -1)} days`
      : `${window.replace("_", "–")} days ago`;

export function FeaturesScreen({ user, latest, unread }: PersonProps) {
  const at = latest ? asOfDay(latest) : "";
  const features = useResource(latest && `features ${user.uuid} ${at}`, async (signal) => {
    const params = { path: { user_uuid: user.uuid }, query: { utc_time: asOfTime(at) } };
    const [found, told] = await Promise.all([
      body(getUserFeatures({ params, signal })),
      definitions(signal).catch(() => new Map<string, string>()),
    ]);
    return { found, told };
  });
  if (!latest) return <NoData user={user} unread={unread} />;
  return (
    <>
      <AsOf user={user.uuid} part="features" latest={latest} />
      <Loaded of={features} what="The features" lines={16}>
        {({ found, told }) => <Tables user={user.uuid} found={found} told={told} />}
      </Loaded>
    </>
  );
}

function Tables({ user, found, told }: { user: string; found: Features; told: Map<string, string> }) {
  const { _meta: meta } = found;
  const money = moneyNote(meta);
  return (
    <>
      {money && <Notice>{money}</Notice>}
      <p class="note">
        A figure that is a link leads to its records. The others are made of records that no filter of the ledger finds.
        An event is one message: if a wallet and a lender both tell of a payment, it counts twice.{" "}
        {`An end-of-day balance counts for ${HOLD_DAYS} days.`}
      </p>
      <Group title="Features" user={user} values={found.features} told={told} meta={meta} />
      {found.insights && <Group title="Insights" user={user} values={found.insights} told={told} meta={meta} />}
    </>
  );
}

type GroupProps = {
  title: string;
  user: string;
  values: Record<string, Value>;
  told: Map<string, string>;
  meta: Features["_meta"];
};

function Group({ title, user, values, told, meta }: GroupProps) {
  const tables = windowed(values);
  const cell = (row: Row, window: string) => {
    const value = row.values.get(window) ?? null;
    const filters = recordsOfFigure(row.name, window, value, meta);
    return filters && typeof value === "number" ? (
      <RecordsLink user={user} filters={filters} text={ratio(value)} />
    ) : (
      show(value)
    );
  };
  return (
    <Section title={title}>
      {tables.length === 0 && <Empty title={`${title}: none`}>Choose a later day above.</Empty>}
      {tables.map(({ windows, rows }, at) => (
        <Table
          key={windows.join(" ")}
          caption={
            at === 0
              ? title
              : `${title}: ${windows.map((window) => (window === "" ? "without a window" : spelled(window))).join(", ")}`
          }
          rows={rows}
          id={(row) => row.name}
          columns={[
            {
              name: "Name",
              head: true,
              cell: (row) => {
                const text = definitionOf(told, row.name, windows);
                return (
                  <>
                    <code class="wrap">{row.name}</code>
                    {text && <span class="definition">{marked(text)}</span>}
                  </>
                );
              },
            },
            ...windows.map((window) => ({
              name: spelled(window),
              number: true,
              cell: (row: Row) => cell(row, window),
            })),
          ]}
        />
      ))}
    </Section>
  );
}
