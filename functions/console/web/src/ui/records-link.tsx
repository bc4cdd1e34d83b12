/** A link to the records behind a figure. */

import { href } from "../router";

type RecordsProps = { user: string; filters: Record<string, string | string[]>; text: string };

/** Opens the ledger with filters. */
export function RecordsLink({ user, filters, text }: RecordsProps) {
  return (
    <a href={href(["people", user, "ledger"], filters)} aria-label={`${text}, see the records`}>
      {text}
    </a>
  );
}
