/** A dry run: the records of a message and the rule that read it, or the reason why no rule did. Nothing is stored. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { body, type Schemas } from "../api/client";
import { postMessages } from "../api/operations";
import { money } from "../format/money";
import { momentOfUtc } from "../format/time";
import { accountKind, institution, label, learnInstitutions } from "../format/words";
import { address, href, replace } from "../router";
import { Badge, Empty, Failure, Field, Notice } from "../ui/basics";
import { countries, institutions, sendersOf } from "../sms/directory";
import { PersonPicker, usePerson } from "../ui/person-picker";
import { Facts, Table } from "../ui/table";

// A message may come from an institution that no answer on this page has named.
learnInstitutions(institutions);

type Result = { sender: string; text: string; answer: Schemas["MessageBatchResult"] };

export function Explain() {
  const user = address.value.query.get("user") ?? "";
  const person = usePerson(user);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [result, setResult] = useState<Result | null>(null);
  const [country, setCountry] = useState("");
  const choose = (id: string) => replace(href(["messages", "read"], { user: id }));

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const sender = String(form.get("sender")).trim();
    const text = String(form.get("body"));
    const received = String(form.get("received"));
    setBusy(true);
    setError(null);
    try {
      const message = { sender, body: text, received_at: received ? `${received}:00Z` : new Date().toISOString() };
      const params = { path: { user_uuid: user }, query: { dry_run: true, country: country || undefined } };
      const answer = await body(postMessages({ params, body: { messages: [message] } }));
      setResult({ sender, text, answer });
    } catch (error) {
      setError(error as Error);
      setResult(null);
    }
    setBusy(false);
  }

  return (
    <>
      <p class="note">Shows the record that a message would make. This is a dry run: nothing is stored.</p>
      <PersonPicker id={user} person={person} choose={choose} />
      <form onSubmit={submit} class="stack">
        <div class="form-grid">
          <Field name="Country" hint="Decides who a sender is">
            <select value={country} onChange={(event) => setCountry(event.currentTarget.value)}>
              <option value="">The person's</option>
              {countries.map(([code, name]) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
          </Field>
          <Field name="Sender" hint="As the phone shows it">
            <input name="sender" required maxLength={64} placeholder="MPESA" autocomplete="off" list="senders" />
          </Field>
          <Field name="Received (UTC)" hint="Empty: now">
            <input name="received" type="datetime-local" />
          </Field>
        </div>
        <datalist id="senders">
          {sendersOf(country).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Field name="Text of the message">
          <textarea name="body" required rows={5} maxLength={16_000} />
        </Field>
        <button type="submit" class="primary" disabled={busy || !user}>
          {busy ? "Reading…" : "Read this message"}
        </button>
        {!user && <p class="hint">Choose a person first.</p>}
      </form>
      {error && <Failure error={error} failed="The message was not read" />}
      {result && <Outcome result={result} />}
    </>
  );
}

function Outcome({ result }: { result: Result }) {
  const { answer } = result;
  const rejected = answer.rejected[0];
  if (rejected) {
    return (
      <Notice kind="bad" title="The message is not taken">
        {`${rejected.detail}${rejected.pointer ? ` (${rejected.pointer})` : ""}`}
      </Notice>
    );
  }
  const reading = answer.readings?.[0];
  if (!reading) return <Empty title="The service gave no reading" />;
  return (
    <section class="section" aria-live="polite">
      {reading.outcome === "read" && <Read reading={reading} />}
      {reading.outcome === "not_financial" && (
        <Notice title="There is nothing to record in this message">
          {`${reading.not_financial?.text ?? ""} It would not be stored.`.trim()}
        </Notice>
      )}
      {reading.outcome === "unrecognized" && <NotRead reading={reading} text={result.text} />}
      <details class="figures">
        <summary>How it was read</summary>
        <Facts
          rows={[
            ["Institutions that the sender may be", reading.candidates.map(institution).join(", ") || "none"],
            [
              "Template that matches",
              reading.template ? `${reading.template.institution} / ${reading.template.template}` : "none",
            ],
            ["Fields", reading.fields.map((field) => `${field.name}: ${field.text}`).join("; ") || "none"],
            ["Words that the clauses saw", reading.clauses ? <code>{reading.clauses.skeleton}</code> : "not needed"],
            ["Amounts and their roles", reading.clauses?.roles.join("; ") || "none"],
            ["Version of the reader", String(answer.reader)],
          ]}
        />
      </details>
    </section>
  );
}

function Read({ reading }: { reading: Schemas["MessageReading"] }) {
  return (
    <>
      <Notice kind="good" title="This message is read">
        {reading.source && (
          <>
            By <code>{`${reading.source.institution}/${reading.source.template}`}</code>
          </>
        )}
      </Notice>
      <Table
        caption="Records that it would become"
        showCaption
        rows={reading.records}
        id={(row, at) => `${row.id} ${at}`}
        columns={[
          { name: "Time (UTC)", head: true, cell: (row) => momentOfUtc(row.timestamp) },
          { name: "Institution", cell: (row) => institution(row.institution_id) },
          { name: "Account", cell: accountKind },
          { name: "Direction", cell: (row) => row.impact?.toLowerCase() ?? <span class="muted">none</span> },
          {
            name: "Amount",
            number: true,
            cell: (row) => (row.amount === null ? <span class="muted">none</span> : money(row.amount, row.currency)),
          },
          {
            name: "Balance",
            number: true,
            cell: (row) => (row.balance === null ? <span class="muted">none</span> : money(row.balance, row.currency)),
          },
          { name: "Labels", cell: (row) => row.labels.map((each) => <Badge key={each}>{label(each)}</Badge>) },
        ]}
      />
    </>
  );
}

function NotRead({ reading, text }: { reading: Schemas["MessageReading"]; text: string }) {
  const { stopped, nearest, sender_hint: hint } = reading;
  const at = stopped?.segment ? text.indexOf(stopped.segment) : -1;
  return (
    <>
      <Notice kind="warn" title="This message is not read">
        It may be about money, and a figure is never guessed. It would be counted as not read, and nothing would be
        stored.
      </Notice>
      {stopped && (
        <Facts
          rows={[
            ["Stopped because of", stopped.reason],
            ["At", stopped.segment ? <q>{stopped.segment}</q> : "the message as a whole"],
            ...(hint ? ([["The sender", hint.text]] as [string, ComponentChildren][]) : []),
            ...(nearest
              ? ([
                  ["Nearest template", `${nearest.institution} / ${nearest.template}`],
                  ["It reads", nearest.read ? <q>{nearest.read}</q> : "nothing of it"],
                  [
                    "It expects next",
                    nearest.expected ? (
                      <code>{nearest.expected}</code>
                    ) : nearest.found ? (
                      "the end of the message"
                    ) : (
                      "a value that is credible and not cut off"
                    ),
                  ],
                ] as [string, ComponentChildren][])
              : []),
          ]}
        />
      )}
      {stopped && at >= 0 && (
        <blockquote class="message">
          {text.slice(0, at)}
          <mark>{stopped.segment}</mark>
          {text.slice(at + stopped.segment.length)}
        </blockquote>
      )}
    </>
  );
}
