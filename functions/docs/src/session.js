/**
 * The sign-in of this page. The tokens are kept for the tab (sessionStorage): a reload keeps them, closing the tab or
 * signing out forgets them. The password is never kept.
 */
"use strict";

const session = (() => {
  const KEY = "daftari-docs";
  const part = (id) => document.getElementById(id);
  const form = part("sign-in");
  let changed = () => {};
  let current = null;

  /** The tokens that are still good: each with a name for people, the token, and when it ends. */
  function restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY));
      kept.tokens = kept.tokens.filter((each) => Date.parse(each.ends) > Date.now());
      return kept.tokens.length ? kept : null;
    } catch {
      return null;
    }
  }

  function show(note) {
    form.hidden = current !== null;
    part("signed-in").hidden = current === null;
    part("note").textContent = note;
    part("who").textContent = current?.email ?? "";
    part("choice").replaceChildren(...(current?.tokens ?? []).map((each, at) => new Option(each.name, at, false, at === current.chosen)));
  }

  function set(next, note) {
    current = next;
    if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
    else sessionStorage.removeItem(KEY);
    show(note);
    changed();
  }

  function tokensOf(organizations) {
    return organizations.flatMap(({ organization, auth }) =>
      auth.map((each) => ({ name: `${organization.name}, ${each.type}`, token: each.api_token, ends: each.expires_at })),
    );
  }

  /** Without cookies and the like, the browser does not open a sign-in box of its own for a wrong password. */
  async function ask(email, password) {
    const bytes = new TextEncoder().encode(`${email}:${password}`);
    const basic = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    const answer = await fetch("auth", { headers: { authorization: `Basic ${basic}` }, credentials: "omit", cache: "no-store" });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail);
    return body;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const email = form.elements.email.value.trim();
    const button = form.querySelector("button");
    button.disabled = true;
    show("Signing in…");
    try {
      const tokens = tokensOf(await ask(email, form.elements.password.value));
      form.reset();
      set({ email, tokens, chosen: 0 }, "Open a call, press “Try it out” and “Execute”.");
    } catch (error) {
      show(`Not signed in: ${error.message}`);
    }
    button.disabled = false;
  });

  part("choice").addEventListener("change", (event) => {
    set({ ...current, chosen: Number(event.target.value) }, "");
  });
  part("sign-out").addEventListener("click", () => set(null, "Signed out."));

  const kept = restore();
  if (kept) set({ ...kept, chosen: Math.min(kept.chosen, kept.tokens.length - 1) }, "");
  else set(null, part("note").textContent);

  return {
    /** Calls `listener` for the present session and after every change of it. */
    start(listener) {
      changed = listener;
      changed();
    },
    token: () => current?.tokens[current.chosen].token ?? null,
    /** The service refused the token. */
    refused: () => set(null, "Your session is over. Sign in again."),
  };
})();
