/**
 * How much of the money that moved the messages tell, by account, where messages are missing, and which ones were not
 * read.
 */

import type { Schemas } from "../api/client";
import { unreadReason } from "../format/insight-words";
import { count, counted, money, percent } from "../format/money";
import { day } from "../format/time";
import { accountAt, accountType } from "../format/words";
import { Empty, Section } from "../ui/basics";
import { RecordLink } from "../ui/links";
import { Table } from "../ui/table";
import { NoData, type PersonProps } from "./person-part";

type Account = Schemas["AccountCompleteness"];
type Gap = Schemas["CompletenessGap"];

export function Completeness({ user, latest, sure, unread }: PersonProps) {
  return (
    <>
      {latest && sure ? <Told user={user} sure={sure} /> : <NoData user={user} unread={unread} />}
      {unread && <Unread found={unread} />}
    </>
  );
}

function Told({ user, sure }: { user: PersonProps["user"]; sure: NonNullable<PersonProps["sure"]> }) {
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

function Unread({ found }: { found: Schemas["UnrecognizedSummary"] }) {
  const { messages, may_concern_loans, senders, omitted_until } = found;
  return (
    <Section
      title="Messages that were not read"
      note="They seem to concern money, and no figure has what they state. Their texts are not kept."
    >
      {messages === 0 ? (
        <p>Every message about money was read.</p>
      ) : (
        <>
          <p>
            {`${counted(messages, "message")}, ${may_concern_loans === 0 ? "none of which is known to concern a loan" : `${count(may_concern_loans)} of which may concern a loan`}.`}
          </p>
          <Table
            caption="Messages that were not read"
            rows={senders}
            id={(row) => `${row.sender} ${row.code}`}
            columns={[
              { name: "Sender", head: true, cell: (row) => <code class="wrap">{row.sender}</code> },
              { name: "Reason", cell: (row) => unreadReason(row.code) },
              { name: "Messages", number: true, cell: (row) => count(row.messages) },
              { name: "May concern a loan", number: true, cell: (row) => count(row.may_concern_loans) },
              { name: "First", cell: (row) => day(row.earliest_at) },
              { name: "Last", cell: (row) => day(row.latest_at) },
            ]}
          />
        </>
      )}
      {omitted_until && (
        <p class="note">{`Older messages, up to ${day(omitted_until)}, may not be counted: the list keeps the newest ones.`}</p>
      )}
    </Section>
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
