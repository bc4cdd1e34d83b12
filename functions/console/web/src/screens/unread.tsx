/** The unread wordings by sender: the work list for templates. */

import { useState } from "preact/hooks";
import { body, type Schemas } from "../api/client";
import { getUnrecognized } from "../api/operations";
import { count } from "../format/money";
import { useResource } from "../resource";
import { address, href } from "../router";
import { Empty, Failure, Loaded, Section } from "../ui/basics";
import { Table } from "../ui/table";

const DAYS = [7, 30];

export function Unread() {
  const days = Number(address.value.query.get("days")) === 7 ? 7 : 30;
  const first = useResource(`unread ${days}`, (signal) =>
    body(getUnrecognized({ params: { query: { days } }, signal })),
  );
  return (
    <Section
      title="Wordings that are not read"
      note="Of all people of the organization, the most frequent first. A wording holds nothing of a person: names, numbers and amounts are masked. It is listed once enough people received it within a month. Counts are samples."
      actions={
        <span class="switch">
          {DAYS.map((each) => (
            <a
              key={each}
              href={href(["messages", "unread"], { days: each })}
              aria-current={days === each ? "true" : undefined}
            >{`${each} days`}</a>
          ))}
        </span>
      }
    >
      <Loaded of={first} what="The wordings" lines={6}>
        {(found) => <List key={days} days={days} first={found} />}
      </Loaded>
    </Section>
  );
}

function List({ days, first }: { days: number; first: Schemas["UnrecognizedShapes"] }) {
  const [shapes, setShapes] = useState(first.shapes);
  const [cursor, setCursor] = useState(first.next_cursor);
  const [error, setError] = useState<Error | null>(null);
  const more = async () => {
    setError(null);
    try {
      const page = await body(getUnrecognized({ params: { query: { days, cursor: cursor ?? undefined } } }));
      setShapes((before) => [...before, ...page.shapes]);
      setCursor(page.next_cursor);
    } catch (error) {
      setError(error as Error);
    }
  };
  if (shapes.length === 0) {
    return (
      <Empty title="No wording to show">
        {`Either every message is read, or no unread wording was received by ${count(first._meta.min_users)} people within a month. The completeness of a person counts the unread messages of that person. To see how one message is read, `}
        <a href={href(["messages", "read"])}>try it</a>.
      </Empty>
    );
  }
  const senders = [...new Set(shapes.map((shape) => shape.sender))];
  return (
    <>
      {senders.map((sender) => (
        <Table
          key={sender}
          caption={sender}
          showCaption
          rows={shapes.filter((shape) => shape.sender === sender)}
          id={(row) => row.id}
          columns={[
            { name: "Wording", head: true, cell: (row) => <code class="wrap">{row.text}</code> },
            {
              name: "Stopped because of",
              cell: (row) =>
                row.segment ? (
                  <>
                    {row.reason}: <code class="wrap">{row.segment}</code>
                  </>
                ) : (
                  row.reason
                ),
            },
            {
              name: "Nearest template",
              cell: (row) =>
                row.nearest ? `${row.nearest.institution} / ${row.nearest.template}` : <span class="muted">none</span>,
            },
            { name: "Messages", number: true, cell: (row) => count(row.count) },
          ]}
        />
      ))}
      {error && <Failure error={error} retry={more} what="More wordings" />}
      {cursor && (
        <p>
          <button type="button" onClick={more}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}
