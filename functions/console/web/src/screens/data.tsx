/** All data of a person: export and erasure. */

import { useState } from "preact/hooks";
import { body, type Schemas } from "../api/client";
import { deleteUser, getExport } from "../api/operations";
import { download } from "../format/files";
import { counted } from "../format/money";
import { isoDay } from "../format/time";
import { fullName, phone } from "../format/words";
import { go, href } from "../router";
import { Failure, Field, Notice, Section } from "../ui/basics";
import type { PersonProps } from "./person-part";

export function Data({ user }: PersonProps) {
  return (
    <>
      <Export user={user} />
      <Erase user={user} />
    </>
  );
}

/** All pages of an export, as one document. */
async function wholeExport(
  user: string,
  tell: (records: number) => void,
): Promise<Omit<Schemas["Export"], "next_cursor">> {
  const records: Schemas["WholeRecord"][] = [];
  const reports: Schemas["ExportedReport"][] = [];
  const unread: Schemas["ExportedUnrecognizedMessage"][] = [];
  let cursor: string | undefined;
  for (;;) {
    const page: Schemas["Export"] = await body(getExport({ params: { path: { user_uuid: user }, query: { cursor } } }));
    records.push(...page.records);
    reports.push(...page.credit_reports);
    unread.push(...page.unrecognized_messages);
    tell(records.length);
    if (page.next_cursor === null) {
      return { user: page.user, unrecognized_messages: unread, records, credit_reports: reports };
    }
    cursor = page.next_cursor;
  }
}

function Export({ user }: { user: Schemas["User"] }) {
  const [records, setRecords] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const whole = await wholeExport(user.uuid, setRecords);
      download(
        `export-${user.phone_number}-${isoDay(Date.now())}.json`,
        "application/json",
        JSON.stringify(whole, null, 2),
      );
    } catch (error) {
      setError(error as Error);
    }
    setBusy(false);
  };
  return (
    <Section
      title="Export"
      note="Everything that is held of this person: the profile, the messages that were not read without their texts, every record with its text, and every frozen report. As JSON."
    >
      <p>
        <button type="button" onClick={save} disabled={busy}>
          {busy ? "Collecting…" : "Save as JSON"}
        </button>{" "}
        <span role="status" class="muted">
          {records === null ? "" : counted(records, "record")}
        </span>
      </p>
      {error && <Failure error={error} retry={save} failed="Nothing was exported" />}
    </Section>
  );
}

function Erase({ user }: { user: Schemas["User"] }) {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const matches = typed.replace(/[\s+()-]/g, "") === user.phone_number;
  const erase = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!matches) return;
    setBusy(true);
    setError(null);
    try {
      await body(deleteUser({ params: { path: { user_uuid: user.uuid } } }));
      go(href(["people"]));
    } catch (error) {
      setError(error as Error);
      setBusy(false);
    }
  };
  return (
    <Section title="Erase">
      <Notice kind="warn" title={`This erases ${fullName(user)} for good`}>
        The profile, all records and all frozen reports are deleted. It cannot be undone here.
      </Notice>
      <form onSubmit={erase} class="stack">
        <Field name={`Type the phone number to confirm: ${phone(user.phone_number)}`}>
          <input
            name="phone"
            inputMode="tel"
            autocomplete="off"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </Field>
        <button type="submit" class="danger" disabled={!matches || busy}>
          {busy ? "Erasing…" : "Erase this person"}
        </button>
      </form>
      {error && <Failure error={error} failed="This person was not erased" />}
    </Section>
  );
}
