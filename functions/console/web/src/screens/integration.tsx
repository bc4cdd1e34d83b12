/** The start for a lender's software: registering a person, a phone's token, and calls to paste. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { BASE, body, type Schemas } from "../api/client";
import { postUser, postUserToken } from "../api/operations";
import { moment } from "../format/time";
import { fullName, phone } from "../format/words";
import { lazy } from "../lazy";
import { address, href, replace } from "../router";
import { session } from "../session";
import { sampleOf } from "../sms/samples";
import { Copy, Failure, Field, Notice, Section } from "../ui/basics";
import { PersonPicker, usePerson } from "../ui/person-picker";
import { useTitle } from "../ui/title";

const QrCode = lazy(() => import("../ui/qr-code").then((module) => module.QrCode));

export function Integration() {
  useTitle("Integration");
  const user = address.value.query.get("user") ?? "";
  const choose = (id: string) => replace(href(["integration"], { user: id }));
  const person = usePerson(user);
  return (
    <>
      <h1>Integration</h1>
      <Register choose={choose} />
      <Section
        title="Calls to paste"
        note="With the uuid of a person in them. The token is read from the shell, so that it is in no history."
      >
        <PersonPicker id={user} person={person} choose={choose} />
        <Lines user={user || "USER_UUID"} country={person.data?.country_code ?? null} />
        <p class="note">
          Every call is described in the <a href="docs">API reference</a>.
        </p>
      </Section>
      {user && <PhoneToken key={user} user={user} />}
    </>
  );
}

function Register({ choose }: { choose: (id: string) => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [made, setMade] = useState<Schemas["User"] | null>(null);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const element = event.currentTarget as HTMLFormElement;
    const form = new FormData(element);
    const text = (name: string) => String(form.get(name)).trim() || undefined;
    setBusy(true);
    setError(null);
    setMade(null);
    try {
      const registration = {
        phone_number: String(form.get("phone")),
        first_name: text("first"),
        last_name: text("last"),
        external_id: text("external"),
      };
      const user = await body(postUser({ body: registration }));
      setMade(user);
      choose(user.uuid);
      element.reset();
    } catch (error) {
      setError(error as Error);
    }
    setBusy(false);
  }

  return (
    <Section
      title="Register a person"
      note="A phone number has one person. Registering a known number updates the filled fields and leaves the rest."
    >
      <form onSubmit={submit} class="stack">
        <div class="form-grid">
          <Field name="Phone number" hint="In international form, such as 254700000001">
            <input name="phone" required inputMode="tel" autocomplete="off" />
          </Field>
          <Field name="First name">
            <input name="first" maxLength={100} autocomplete="off" />
          </Field>
          <Field name="Last name">
            <input name="last" maxLength={100} autocomplete="off" />
          </Field>
          <Field name="External id" hint="Your own id of this person">
            <input name="external" maxLength={128} autocomplete="off" />
          </Field>
        </div>
        <button type="submit" class="primary" disabled={busy}>
          {busy ? "Registering…" : "Register"}
        </button>
      </form>
      {error && <Failure error={error} failed="Nobody was registered" />}
      {made && (
        <Notice kind="good" title={`${fullName(made)} is registered`}>
          {phone(made.phone_number)}. <a href={href(["people", made.uuid])}>See this person</a>, or{" "}
          <a href={href(["messages", "upload"], { user: made.uuid })}>upload a backup of messages</a>.
        </Notice>
      )}
    </Section>
  );
}

/** A message from the person's country, received when the page was opened. */
function message(country: string | null) {
  const at = new Date();
  return JSON.stringify({ messages: [{ ...sampleOf(country, at), received_at: at.toISOString() }] });
}

function Lines({ user, country }: { user: string; country: string | null }) {
  const sample = useMemo(() => message(country), [user, country]);
  const email = session.value?.email ?? "";
  const quoted = `'${email.replaceAll("'", `'\\''`)}'`;
  const auth = `-H "Authorization: Bearer $TOKEN"`;
  const lines: [string, string][] = [
    [
      "Sign in, and copy an api_token",
      `API=${BASE}\nread -rs PASSWORD   # type the password, then Enter\ncurl -su ${quoted}":$PASSWORD" "$API/auth"\nread -rs TOKEN      # paste the api_token, then Enter`,
    ],
    ["Read the ledger", `curl -s ${auth} \\\n  "$API/users/${user}/ledger?limit=10"`],
    ["Read the credit report", `curl -s ${auth} \\\n  "$API/users/${user}/creditreport"`],
    [
      "Send a message",
      `curl -s ${auth} -H 'Content-Type: application/json' \\\n  "$API/users/${user}/messages" \\\n  -d '${sample}'`,
    ],
  ];
  return (
    <>
      {lines.map(([name, text]) => (
        <div key={name} class="snippet">
          <div class="section-head">
            <h3>{name}</h3>
            <Copy text={text} what={`the call: ${name}`} />
          </div>
          <pre tabIndex={0} role="region" aria-label={name}>
            <code>{text}</code>
          </pre>
        </div>
      ))}
    </>
  );
}

type Made = { token: string; until: Date };

/** The content of a phone's code: all that the app needs to send messages. */
export const phoneSetup = (user: string, token: string) =>
  JSON.stringify({ base_url: BASE, user_uuid: user, access_token: token });

/**
 * A token for the app on one phone. It can only send that person's messages. It is a secret, so it is shown on request.
 */
function PhoneToken({ user }: { user: string }) {
  const [made, setMade] = useState<Made | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [shown, setShown] = useState<"" | "code" | "text">("");
  const ref = useRef<HTMLParagraphElement>(null);
  // The button that requested the token has been removed.
  useEffect(() => void (made && ref.current?.querySelector("button")?.focus()), [made]);
  const make = async () => {
    setError(null);
    try {
      const { access_token: token, expires_in: seconds } = await body(postUserToken({ body: { user_uuid: user } }));
      setMade({ token, until: new Date(Date.now() + seconds * 1_000) });
    } catch (error) {
      setError(error as Error);
    }
  };
  const toggle = (part: "code" | "text", name: string) => (
    <button
      type="button"
      aria-expanded={shown === part}
      onClick={() => setShown(shown === part ? "" : part)}
    >{`${shown === part ? "Hide" : "Show"} ${name}`}</button>
  );
  return (
    <Section
      title="A token for the phone"
      note="For the app on this person's phone. It can only send this person's messages."
    >
      {made ? (
        <div class="snippet">
          <Notice kind="warn" title={`Expires on ${moment(made.until)}`}>
            Until then, whoever has the token or the code can send messages in this person's name. Show them to nobody
            else.
          </Notice>
          <p class="actions" ref={ref}>
            {toggle("code", "the QR code")}
            {toggle("text", "the token")}
            <Copy text={made.token} what="the token" />
          </p>
          {shown === "code" && (
            <>
              <QrCode text={phoneSetup(user, made.token)} name="QR code for the phone" />
              <p class="note">{`The code has the address of the API (${BASE}), the person's uuid and the token, as JSON.`}</p>
            </>
          )}
          {shown === "text" && (
            <pre tabIndex={0} role="region" aria-label="Token">
              <code>{made.token}</code>
            </pre>
          )}
        </div>
      ) : (
        <button type="button" onClick={make}>
          Make a token
        </button>
      )}
      {error && <Failure error={error} failed="No token was made" />}
    </Section>
  );
}
