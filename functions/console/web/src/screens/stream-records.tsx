/** The records of one stream of payments. Its address is the one of the income, with `stream`. */

import { records, type LedgerQuery, type LedgerRecord } from "../api/records";
import type { Stream } from "../api/insights";
import { kindOf } from "../format/insight-words";
import { count, counted, money } from "../format/money";
import { day, DAY_MS, momentOfUtc } from "../format/time";
import { accountAt, institution } from "../format/words";
import { useResource } from "../resource";
import { Badge, Dialog, Empty, Loaded, Notice } from "../ui/basics";
import { RecordLink } from "../ui/links";
import { Table } from "../ui/table";

/** Limit of records that are searched. */
const MOST_SEARCHED = 20_000;

/**
 * Filters that find the records of a stream, and others. Its dates are local, so the range has one more day on either
 * side.
 */
export function streamQuery(stream: Stream): LedgerQuery {
  const [only, ...others] = stream.institution_ids;
  const instant = (date: string, ms: number) =>
    new Date(Date.parse(`${date}T00:00:00Z`) + ms).toISOString().replace(".000", "");
  return {
    institution_id: others.length === 0 ? only : undefined,
    account_types: ["depository"],
    impact: stream.direction === "inflow" ? "CREDIT" : "DEBIT",
    utc_starttime: instant(stream.first_date, -DAY_MS),
    utc_endtime: instant(stream.last_date, 2 * DAY_MS - 1_000),
  };
}

/** The records of the stream, and the number of its records that were not found. */
export function streamRecords(stream: Stream, found: LedgerRecord[]): { named: LedgerRecord[]; missing: number } {
  const ids = new Set(stream.record_ids);
  const named = found.filter((record) => ids.has(record.id));
  return { named, missing: ids.size - new Set(named.map((record) => record.id)).size };
}

export function StreamRecords({
  user,
  stream,
  close,
}: {
  user: string;
  stream: Stream | undefined;
  close: () => void;
}) {
  return (
    <Dialog
      title={
        stream ? `${kindOf(stream.category)}, ${stream.institution_ids.map(institution).join(", ")}` : "Income stream"
      }
      close={close}
    >
      {stream ? (
        <Records user={user} stream={stream} />
      ) : (
        <Empty title="There is no such stream">Other messages have come since, or the day is another one.</Empty>
      )}
    </Dialog>
  );
}

function Records({ user, stream }: { user: string; stream: Stream }) {
  const found = useResource(`stream ${user} ${stream.stream_id} ${stream.last_date}`, async (signal) =>
    streamRecords(stream, (await records(user, streamQuery(stream), MOST_SEARCHED, signal)).records),
  );
  const unusual = new Set(stream.outlier_record_ids);
  return (
    <Loaded of={found} what="The records" lines={8}>
      {({ named, missing }) => (
        <>
          <p class="note">{`${counted(named.length, "record")} of ${counted(stream.count, "payment")} from ${day(stream.first_date)} to ${day(stream.last_date)}, newest first. Records of one day are one payment.`}</p>
          {missing > 0 && (
            <Notice kind="warn">{`${count(missing)} more are too far back to be looked for here.`}</Notice>
          )}
          <Table
            caption="Records of the stream"
            rows={named}
            id={(row, at) => `${row.id} ${at}`}
            columns={[
              {
                name: "Time (UTC)",
                head: true,
                cell: (row) => (
                  <RecordLink user={user} record={{ record_id: row.id, timestamp: row.timestamp }}>
                    {momentOfUtc(row.timestamp)}
                  </RecordLink>
                ),
              },
              { name: "Account", cell: (row) => accountAt(row) },
              {
                name: "Amount",
                number: true,
                cell: (row) => (
                  <>
                    {unusual.has(row.id) && (
                      <>
                        <Badge kind="warn">unusual</Badge>{" "}
                      </>
                    )}
                    {money(row.amount, row.currency)}
                  </>
                ),
              },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}
