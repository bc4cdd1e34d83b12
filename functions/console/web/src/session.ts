/** The session of the signed-in person. It is only in this page's memory: a reload or a sign-out clears it. */

import { computed, effect, signal } from "@preact/signals";
import type { components } from "./api/schema";

type Schemas = components["schemas"];
export type Environment = Schemas["Environment"];

type Session = {
  email: string;
  organizations: Schemas["OrganizationTokens"][];
  organization: string;
  environment: Environment;
};

/** The console locks after this time without input. */
export const IDLE_MS = 15 * 60 * 1000;

export const session = signal<Session | null>(null);
/** The reason for the sign-in, if an event ended the previous session. */
export const ended = signal<"expired" | "idle" | null>(null);
/** The choices of the previous session, restored by a sign-in after a lock. */
let chosen: Pick<Session, "email" | "organization" | "environment"> | null = null;

export const organization = computed(() => {
  const current = session.value;
  return current?.organizations.find((each) => each.organization.uuid === current.organization) ?? null;
});

export const token = computed(() => {
  const environment = session.value?.environment;
  return organization.value?.auth.find((each) => each.type === environment)?.api_token ?? null;
});

/** Changes with the tenant: cached answers belong to the previous tenant. */
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
  // An address of one tenant is invalid for another.
  location.hash = "";
}

/** Ends the session. The address stays, so signing in leads back to the same page. */
export function end(reason: "expired" | "idle") {
  if (!session.value) return;
  const { email, organization, environment } = session.value;
  chosen = { email, organization, environment };
  session.value = null;
  ended.value = reason;
}

/** Clears everything. */
export function signOut() {
  chosen = null;
  session.value = null;
  ended.value = null;
  location.hash = "";
}

/** The email for the next sign-in. */
export const lastEmail = () => chosen?.email ?? "";

/** Locks after 15 minutes without input. A timer alone would stop while the machine sleeps. */
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
  // Signing in counts as input.
  effect(() => {
    if (session.value) touch();
  });
}
