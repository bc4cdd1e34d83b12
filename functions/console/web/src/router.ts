/**
 * The page's address: the part after `#`, such as `#/people/<uuid>/ledger?labels=POS`. It is never sent to a server, so
 * no log contains search texts.
 */

import { signal } from "@preact/signals";

type Address = { path: string[]; query: URLSearchParams };

export function parseAddress(hash: string): Address {
  const text = hash.replace(/^#?\/*/, "");
  const [path = "", ...query] = text.split("?");
  const parts = path.split("/").filter((part) => part !== "");
  return { path: parts.map(decoded), query: new URLSearchParams(query.join("?")) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Values = Record<string, string | string[] | number | undefined | null>;

/** The `href` of a page. Empty values are left out. */
export function href(path: string[], query: Values = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== "") params.append(name, String(each));
    }
  }
  const suffix = params.size > 0 ? `?${params}` : "";
  return `#/${path.map(encodeURIComponent).join("/")}${suffix}`;
}

export const address = signal<Address>({ path: [], query: new URLSearchParams() });

export function watchAddress() {
  const read = () => void (address.value = parseAddress(location.hash));
  addEventListener("hashchange", read);
  read();
}

export function go(to: string) {
  location.hash = to;
}

/** Replaces the address without a step for the back button, for example for each letter of a search. */
export function replace(to: string) {
  history.replaceState(null, "", to);
  address.value = parseAddress(to);
}
