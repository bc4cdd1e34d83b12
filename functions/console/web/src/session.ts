/** Who is signed in. It lives in this page's memory only: a reload or a sign-out forgets it. */

import { computed, effect, signal } from "@preact/signals";
import type { components } from "./api/schema";

type Schemas = components["schemas"];
export type Environment = Schemas["Environment"];

export type Session = {
  email: string;
  organizations: Schemas["OrganizationTokens"][];
  organization: string;
  environment: Environment;
};

/** Without input for this long, the console locks. */
export const IDLE_MS = 15 * 60 * 1000;

export const session = signal<Session | null>(null);
/** Why the sign-in shows, if something ended the session before. */
export const ended = signal<"expired" | "idle" | null>(null);
/** What the last session had chosen, so that a sign-in after a lock leads back to it. */
let chosen: Pick<Session, "email" | "organization" | "environment"> | null = null;

export const organization = computed(() => {
  const current = session.value;
  return current?.organizations.find((each) => each.organization.uuid === current.organization) ?? null;
});

export const token = computed(() => {
  const environment = session.value?.environment;
  return organization.value?.auth.find((each) => each.type === environment)?.api_token ?? null;
});

/** Changes whenever other data is to be shown: answers kept from before belong to another tenant. */
export const tenant = computed(() => `${session.value?.organization ?? ""} ${session.value?.environment ?? ""}`);

export function start(email: string, organizations: Schemas["OrganizationTokens"][]) {
  const again = chosen?.email === email ? chosen : null;
  const known = organizations.find((each) => each.organization.uuid === again?.organization);
  session.value = {
    email,
    organizations,
    organization: (known ?? organizations[0])?.organization.uuid ?? "",
    environment: again?.environment ?? "production",
  };
  ended.value = null;
}

export function choose(choice: Partial<Pick<Session, "organization" | "environment">>) {
  if (!session.value) return;
  session.value = { ...session.value, ...choice };
  // An address of one tenant names nothing of another.
  location.hash = "";
}

/** Ends the session: the address stays, so that signing in leads back to the same page. */
export function end(reason: "expired" | "idle") {
  if (!session.value) return;
  const { email, organization, environment } = session.value;
  chosen = { email, organization, environment };
  session.value = null;
  ended.value = reason;
}

/** Forgets everything. */
export function signOut() {
  chosen = null;
  session.value = null;
  ended.value = null;
  location.hash = "";
}

/** The email to sign in with again. */
export const lastEmail = () => chosen?.email ?? "";

/** Locks after a quarter of an hour without input. A timer alone would stand still while the machine sleeps. */
export function watchIdleness(now: () => number = Date.now) {
  let last = now();
  const touch = () => void (last = now());
  for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"])
    addEventListener(kind, touch, { passive: true });
  const check = () => {
    if (now() - last >= IDLE_MS) end("idle");
  };
  document.addEventListener("visibilitychange", check);
  setInterval(check, 5_000);
  // Signing in is input, whatever it was done with.
  effect(() => {
    if (session.value) touch();
  });
}
