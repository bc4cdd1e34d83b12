/** Links to the records behind a figure. */

import type { ComponentChildren } from "preact";
import { day } from "../format/time";
import { label as named } from "../format/words";
import { href } from "../router";

export type Evidence = { record_id: string; timestamp: string };

/** The address of a record in the ledger. */
export const recordHref = (user: string, record: Evidence) =>
  href(["people", user, "ledger"], { record: record.record_id, at: record.timestamp });

/** Opens a record in the ledger. */
export function RecordLink({
  user,
  record,
  children,
}: {
  user: string;
  record: Evidence;
  children: ComponentChildren;
}) {
  return <a href={recordHref(user, record)}>{children}</a>;
}

/** The content and the date of a record. The date does not wrap. */
export function Because({ label, timestamp }: { label?: string | null; timestamp: string }) {
  return (
    <>
      {label ? named(label) : "Balance or payment"}, <span class="date">{day(timestamp)}</span>
    </>
  );
}
