/** A part of a person's pages: its props, and its text for a person without data. */

import type { Schemas } from "../api/client";
import { href } from "../router";
import { Empty } from "../ui/basics";

/** The person, the time of the newest record, null without records, and the completeness of the ledger. */
export type PersonProps = {
  user: Schemas["User"];
  latest: string | null;
  sure: Schemas["LedgerCompleteness"] | null;
};

/** Shown in a part until the person's first data arrives. */
export function NoData({ user }: { user: Schemas["User"] }) {
  return (
    <Empty title="No data yet">
      <p>
        Nothing has arrived for this person.{" "}
        <a href={href(["messages", "upload"], { user: user.uuid })}>Upload a backup of messages</a>, or let{" "}
        <a href={href(["integration"], { user: user.uuid })}>your app send them</a>.
      </p>
    </Empty>
  );
}
