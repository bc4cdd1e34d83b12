/** How much of the money that moved the messages tell, by account, and where messages are missing. */

import type { Schemas } from "../api/client";
import { count, money, percent } from "../format/money";
import { day } from "../format/time";
import { accountAt, accountType } from "../format/words";
import { Empty, Section } from "../ui/basics";
import { RecordLink } from "../ui/links";
import { Table } from "../ui/table";
import { NoData, type PersonProps } from "./person-part";

type Account = Schemas["AccountCompleteness"];
type Gap = Schemas["CompletenessGap"];

export function Completeness({ user, latest, sure }: PersonProps) {
  if (!latest || !sure) return <NoData user={user} />;
  return (
    <>
      <p class="note">
        Two balances of an account that follow each other make a step. What the messages between them do not explain is
        missing. Accounts without two balances are in no step, and a loan whose messages did not arrive or were not read
        is not known at all.
      </p>
      <Section title="By account">
        {sure.by_account.length === 0 ? (
          <Empty title="No two balances to compare">The messages state at most one balance of each account.</Empty>
        ) : (
          <Accounts rows={sure.by_account} omitted={sure.by_account_omitted ?? 0} />
        )}
      </Section>
      {sure.gaps.length > 0 && (
        <Section title="Largest gaps" note="Money that moved between two balances without a message.">
          <Gaps user={user.uuid} rows={sure.gaps} />
        </Section>
      )}
    </>
  );
}

function Accounts({ rows, omitted }: { rows: Account[]; omitted: number }) {
  return (
    <>
      <Table
        caption="Completeness by account"
        rows={rows}
        id={(row) => `${row.institution_id} ${row.account_id} ${row.account_type} ${row.currency}`}
        columns={[
          { name: "Account", head: true, cell: (row) => accountAt(row) },
          { name: "Type", cell: (row) => accountType(row.account_type) },
          {
            name: "Complete",
            number: true,
            cell: (row) => (row.completeness === null ? "unknown" : percent(row.completeness)),
          },
          { name: "Steps", number: true, cell: (row) => count(row.steps) },
          { name: "Explained", number: true, cell: (row) => count(row.explained_steps) },
          { name: "Missing in", number: true, cell: (row) => money(row.missing_in, row.currency) },
          { name: "Missing out", number: true, cell: (row) => money(row.missing_out, row.currency) },
        ]}
      />
      {omitted > 0 && <p class="note">{`${count(omitted)} more accounts are not listed; the sums have them.`}</p>}
    </>
  );
}

function Gaps({ user, rows }: { user: string; rows: Gap[] }) {
  return (
    <Table
      caption="Largest gaps"
      rows={rows}
      id={(row) => `${row.after_record_id} ${row.before_record_id}`}
      columns={[
        { name: "Account", head: true, cell: (row) => accountAt(row) },
        {
          name: "From",
          cell: (row) => (
            <RecordLink user={user} record={{ record_id: row.after_record_id, timestamp: row.from }}>
              {day(row.from)}
            </RecordLink>
          ),
        },
        {
          name: "To",
          cell: (row) => (
            <RecordLink user={user} record={{ record_id: row.before_record_id, timestamp: row.to }}>
              {day(row.to)}
            </RecordLink>
          ),
        },
        { name: "Difference", number: true, cell: (row) => money(row.difference, row.currency) },
      ]}
    />
  );
}
