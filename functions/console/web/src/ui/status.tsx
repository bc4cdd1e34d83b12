/** The status of a loan, in a word and a colour. */

import { status } from "../format/words";
import { Badge } from "./basics";

const KINDS = { open: "good", nonperforming: "warn", defaulted: "bad", closed: "muted" } as const;

export function Status({ of }: { of: string }) {
  return <Badge kind={KINDS[of as keyof typeof KINDS] ?? "plain"}>{status(of)}</Badge>;
}
