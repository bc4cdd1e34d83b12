/** Links to what a figure was made from. */

import type { ComponentChildren } from "preact";
import { href } from "../router";

type Evidence = { record_id: string; timestamp: string };

/** Opens a record in the ledger. */
export function RecordLink({ user, record, children }: { user: string; record: Evidence; children: ComponentChildren }) {
  return <a href={href(["people", user, "ledger"], { record: record.record_id, at: record.timestamp })}>{children}</a>;
}
