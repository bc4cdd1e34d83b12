/**
 * Uploads a phone's backup: parsed in this page and sent in batches. Writes are idempotent, so a failed upload can be
 * repeated.
 */

import { useRef, useState } from "preact/hooks";
import { body, type Schemas } from "../api/client";
import { postMessages } from "../api/operations";
import { count, counted, percent } from "../format/money";
import { moment } from "../format/time";
import { address, href, replace } from "../router";
import { batches } from "../sms/batches";
import { scan, textOf, type NewMessage } from "../sms/backup";
import { Field, Notice } from "../ui/basics";
import { PersonPicker, usePerson } from "../ui/person-picker";
import { Facts, Table } from "../ui/table";

/** The same limit as in the operator's tool. */
const MOST_MESSAGES = 1_000_000;
/** Limit of rejected messages in the table. */
const MOST_REJECTED = 100;
/** Most hints about senders that are shown. */
const MOST_HINTS = 50;
/** Limit of texts of a sender that are shown. */
const MOST_TEXTS = 20;
/** Limit of senders of unread messages in the table. */
const MOST_SENDERS = 20;
/** Number of messages after which the page may draw. */
const BREATH = 5_000;

type File_ = { name: string; list: NewMessage[][]; messages: number; passed: number; unusable: number };
type Sums = {
  sent: number;
  recorded: number;
  duplicates: number;
  not_financial: number;
  unrecognized: number;
  rejected: number;
};
type Rejected = { sender: string; detail: string };
/** The unread messages of a sender. */
type Unread = { messages: number; known: boolean; texts: NewMessage[] };
type Progress = {
  next: number;
  sums: Sums;
  rejected: Rejected[];
  unread: Map<string, Unread>;
  hints: Set<string>;
};

const NOTHING: Sums = { sent: 0, recorded: 0, duplicates: 0, not_financial: 0, unrecognized: 0, rejected: 0 };

/** The senders of institutions first, then those with most messages. */
const byImportance = ([, a]: [string, Unread], [, b]: [string, Unread]) =>
  Number(b.known) - Number(a.known) || b.messages - a.messages;

async function read(file: File, tell: (messages: number) => void): Promise<File_> {
  const messages: NewMessage[] = [];
  let [passed, unusable, seen] = [0, 0, 0];
  for await (const found of scan(textOf(file))) {
    if (found === "not received") passed++;
    else if (found === "unusable") unusable++;
    else messages.push(found);
    if (messages.length > MOST_MESSAGES) throw new Error(`The file has more than ${count(MOST_MESSAGES)} messages.`);
    if (++seen % BREATH === 0) {
      tell(seen);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return { name: file.name, list: batches(messages), messages: messages.length, passed, unusable };
}

function added(before: Progress, batch: NewMessage[], answer: Schemas["MessageBatchResult"]): Progress {
  const { sums } = before;
  const unread = new Map(before.unread);
  for (const { index, sender, code } of answer.unrecognized_messages) {
    const found = unread.get(sender) ?? { messages: 0, known: false, texts: [] };
    const message = batch[index];
    const more = message && found.texts.length < MOST_TEXTS ? [message] : [];
    unread.set(sender, {
      messages: found.messages + 1,
      known: found.known || code !== "unknown_sender",
      texts: [...found.texts, ...more],
    });
  }
  const rejected = answer.rejected.map(({ index, detail }) => ({ sender: batch[index]?.sender ?? "", detail }));
  return {
    next: before.next + 1,
    sums: {
      sent: sums.sent + batch.length,
      recorded: sums.recorded + answer.recorded,
      duplicates: sums.duplicates + answer.duplicates,
      not_financial: sums.not_financial + answer.not_financial,
      unrecognized: sums.unrecognized + answer.unrecognized,
      rejected: sums.rejected + answer.rejected.length,
    },
    rejected: [...before.rejected, ...rejected].slice(0, MOST_REJECTED),
    unread,
    hints: new Set([...before.hints, ...(answer.warnings ?? []).map(({ detail }) => detail)].slice(0, MOST_HINTS)),
  };
}

export function Upload() {
  const user = address.value.query.get("user") ?? "";
  const person = usePerson(user);
  const [file, setFile] = useState<File_ | null>(null);
  const [reading, setReading] = useState<number | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const paused = useRef(false);

  const choose = (id: string) => {
    setProgress(null);
    replace(href(["messages", "upload"], { user: id }));
  };

  async function pick(event: Event) {
    const chosen = (event.currentTarget as HTMLInputElement).files?.[0];
    setFile(null);
    setProgress(null);
    setError(null);
    if (!chosen) return;
    setReading(0);
    try {
      setFile(await read(chosen, setReading));
    } catch (error) {
      setError(error as Error);
    }
    setReading(null);
  }

  async function send() {
    if (!file) return;
    paused.current = false;
    setSending(true);
    setError(null);
    let now = progress ?? { next: 0, sums: NOTHING, rejected: [], unread: new Map(), hints: new Set() };
    try {
      while (!paused.current) {
        const batch = file.list[now.next];
        if (!batch) break;
        const params = { path: { user_uuid: user } };
        now = added(
          now,
          batch,
          await body(postMessages({ params, body: { messages: batch } })),
        );
        setProgress(now);
      }
    } catch (error) {
      setError(error as Error);
    }
    setSending(false);
  }

  const finished = file !== null && progress !== null && progress.next === file.list.length;
  return (
    <>
      <p class="note">
        Takes the XML file of Android's “SMS Backup &amp; Restore”. The file is read in this page; received messages are
        sent, and those that are not about money are not stored.
      </p>
      <PersonPicker id={user} person={person} choose={choose} />
      <div class="stack">
        <Field name="Backup file (.xml)">
          <input type="file" accept=".xml,text/xml,application/xml" onChange={pick} disabled={sending} />
        </Field>
        {reading !== null && <p role="status">{`Reading the file: ${counted(reading, "message")} so far…`}</p>}
        {file && file.messages === 0 && (
          <Notice
            kind="warn"
            title="No received message is in this file"
          >{`${counted(file.passed, "message")} that the phone sent, ${count(file.unusable)} without a sender, time or text.`}</Notice>
        )}
        {file && file.messages > 0 && (
          <Facts
            rows={[
              ["Received messages", count(file.messages)],
              ["Sent by the phone, passed over", count(file.passed)],
              ["Without a sender, time or text", count(file.unusable)],
            ]}
          />
        )}
        {file && file.messages > 0 && !finished && (
          <p class="actions left">
            {sending ? (
              <button type="button" onClick={() => void (paused.current = true)}>
                Pause
              </button>
            ) : (
              <button type="button" class="primary" disabled={!user} onClick={send}>
                {progress ? "Go on" : `Send ${counted(file.messages, "message")}`}
              </button>
            )}
            {!user && <span class="hint">Choose a person first.</span>}
          </p>
        )}
        {file && progress && (
          <div>
            <progress max={file.messages} value={progress.sums.sent} aria-label="Sent messages" />
            <p role="status">{`${count(progress.sums.sent)} of ${counted(file.messages, "message")} sent (${percent(progress.sums.sent / file.messages)}).${finished ? " Done." : ""}`}</p>
          </div>
        )}
      </div>
      {error && (
        <Notice kind="bad" title={file ? "The upload stopped" : "The file could not be read"}>
          {error.message}{" "}
          {file && "Nothing is lost: “Go on” sends the rest, and a message that is sent twice is stored once."}
        </Notice>
      )}
      {progress && <Results user={user} progress={progress} finished={finished} />}
    </>
  );
}

/** The texts of unread messages. They are in this page only. */
function Texts({ of: { texts, messages } }: { of: Unread }) {
  return (
    <details>
      <summary>Show</summary>
      {texts.map(({ received_at, body }, at) => (
        <p key={at}>
          <span class="muted">{moment(String(received_at))}</span> {body}
        </p>
      ))}
      {messages > texts.length && <p class="muted">{`The first ${texts.length} of ${count(messages)}.`}</p>}
    </details>
  );
}

function Results({ user, progress, finished }: { user: string; progress: Progress; finished: boolean }) {
  const { sums, rejected, unread, hints } = progress;
  const rows: [string, number, string][] = [
    ["Recorded", sums.recorded, "Stored in the ledger"],
    ["Already there", sums.duplicates, "Sent before; nothing changed"],
    ["Not about money", sums.not_financial, "Not stored"],
    [
      "Not read",
      sums.unrecognized,
      "Nothing stored: the wording is not known, or the sender is not an institution of the country",
    ],
    ["Rejected", sums.rejected, "Not taken"],
  ];
  return (
    <section class="section">
      <Table
        caption="Outcome of the messages"
        showCaption
        rows={rows}
        id={(row) => row[0]}
        columns={[
          { name: "Outcome", head: true, cell: (row) => row[0] },
          { name: "Messages", number: true, cell: (row) => count(row[1]) },
          { name: "Meaning", cell: (row) => row[2] },
        ]}
      />
      {finished && (
        <p>
          <a class="button" href={href(["people", user])}>
            See this person
          </a>
        </p>
      )}
      {unread.size > 0 && (
        <>
          <Table
            caption="Not read, by sender"
            showCaption
            rows={[...unread].sort(byImportance).slice(0, MOST_SENDERS)}
            id={([sender]) => sender}
            columns={[
              { name: "Sender", head: true, cell: ([sender]) => sender },
              { name: "Messages", number: true, cell: ([, { messages }]) => count(messages) },
              {
                name: "Why",
                cell: ([, { known }]) =>
                  known ? "The wording is not known" : "No institution of the person's country has this sender",
              },
              { name: "Texts", cell: ([, of]) => <Texts of={of} /> },
            ]}
          />
          <p class="note">
            Senders of institutions come first; the others may be shops. To see why one message is not read,{" "}
            <a href={href(["messages", "read"], { user })}>try it</a>.
          </p>
        </>
      )}
      {hints.size > 0 && (
        <Notice title="Senders that no institution of the country uses">
          <ul>
            {[...hints].map((hint) => (
              <li key={hint}>{hint}</li>
            ))}
          </ul>
        </Notice>
      )}
      {rejected.length > 0 && (
        <Table
          caption="Rejected"
          showCaption
          rows={rejected}
          id={(_, at) => String(at)}
          columns={[
            { name: "Sender", head: true, cell: (row) => row.sender },
            { name: "Reason", cell: (row) => row.detail },
          ]}
        />
      )}
    </section>
  );
}
