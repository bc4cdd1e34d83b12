/** Pages of a ledger. */

import { body, type Schemas } from "./client";
import { getInstitutionAlerts, getLedger } from "./operations";
import type { operations } from "./schema";

export type LedgerQuery = NonNullable<operations["get_ledger"]["parameters"]["query"]>;
export type LedgerRecord = Schemas["LedgerRecord"];

/** Page size of a request for records. */
const PAGE = 1_000;

export const ledgerPage = (user: string, query: LedgerQuery, signal?: AbortSignal) =>
  body(
    getLedger({
      params: { path: { user_uuid: user }, query: { limit: PAGE, ...query } },
      signal,
    }),
  );

/** The matching records, newest first, up to `most` of them, and whether there are more. */
export async function records(user: string, query: LedgerQuery, most: number, signal?: AbortSignal) {
  const found: LedgerRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await ledgerPage(user, { ...query, cursor }, signal);
    found.push(...page.records);
    cursor = page.next_cursor ?? undefined;
  } while (cursor && found.length < most);
  return { records: found, more: cursor !== undefined };
}

/** The text of a labelled record. Only records with a label keep their text. */
export async function textOf(user: string, record: LedgerRecord, signal?: AbortSignal): Promise<string | null> {
  const params = {
    path: { user_uuid: user, institution_id: record.institution_id },
    query: { utc_starttime: record.timestamp, utc_endtime: record.timestamp },
  };
  const page = await body(getInstitutionAlerts({ params, signal }));
  return page.alerts.find((alert) => alert.id === record.id)?.body ?? null;
}
