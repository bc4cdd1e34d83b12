/** The status of a loan, in a word and a colour. */

import { status } from "../format/words";
import { Badge } from "./basics";
import { recordHref, type Evidence } from "./links";

const KINDS = { open: "good", nonperforming: "warn", defaulted: "bad", closed: "muted" } as const;

const badge = (of: string) => <Badge kind={KINDS[of as keyof typeof KINDS] ?? "plain"}>{status(of)}</Badge>;

/** With a person and a record, a link to the record that determined the status. */
export function Status({ of, user, record }: { of: string; user?: string; record?: Evidence }) {
  if (!user || !record) return badge(of);
  return (
    <a class="badge-link" href={recordHref(user, record)} aria-label={`${status(of)}, see the record`}>
      {badge(of)}
    </a>
  );
}
