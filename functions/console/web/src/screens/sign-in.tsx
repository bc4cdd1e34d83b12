/** The sign-in form. Any address that needs a session shows it, and continues to that address. */

import { useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { signIn } from "../api/sign-in";
import { ended, IDLE_MS, lastEmail, start } from "../session";
import { Field, Notice } from "../ui/basics";
import { useTitle } from "../ui/title";

const REASONS = {
  expired: "Your session is over. Sign in again; you will be back on the same page.",
  idle: `Locked after ${IDLE_MS / 60_000} minutes without input. Sign in again; you will be back on the same page.`,
};

function told(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.code === "wrong_credentials") return "Email or password is wrong.";
  if (error.status === 429) {
    const minutes = Math.ceil((error.retryAfter ?? 60) / 60);
    return `Too many attempts. Wait ${minutes === 1 ? "a minute" : `${minutes} minutes`} and try again.`;
  }
  return error.message;
}

export function SignIn() {
  useTitle("Sign in");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const reason = ended.value;

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const email = String(form.get("email")).trim();
    setBusy(true);
    setFault("");
    try {
      const organizations = await signIn(email, String(form.get("password")));
      start(email, organizations);
    } catch (error) {
      setFault(told(error));
      setBusy(false);
    }
  }

  return (
    <main class="sign-in" id="main">
      <h1>Daftari</h1>
      <p class="note">People, money and loans, as their messages tell.</p>
      {reason && <Notice kind="warn">{REASONS[reason]}</Notice>}
      <form onSubmit={submit}>
        <Field name="Email">
          <input name="email" type="email" autocomplete="username" required defaultValue={lastEmail()} />
        </Field>
        <Field name="Password">
          <input name="password" type="password" autocomplete="current-password" required />
        </Field>
        {fault && <Notice kind="bad">{fault}</Notice>}
        <button type="submit" class="primary" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </button>
      </form>
      <p class="small">
        The password is sent to this service only and is not kept. Reloading or closing the page signs you out. Your
        operator makes logins.
      </p>
    </main>
  );
}
