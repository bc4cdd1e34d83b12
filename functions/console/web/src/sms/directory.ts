/** The directory of institutions, which the build takes from the reader. */

import { country } from "../format/words";

declare const DIRECTORY: { names: Record<string, string>; senders: Record<string, string[]> };

/** The names of all institutions. */
export const institutions = Object.entries(DIRECTORY.names).map(([institution_id, display_name]) => ({
  institution_id,
  display_name,
}));

/** The countries with institutions that the reader knows, with their names. */
export const countries: [code: string, name: string][] = Object.keys(DIRECTORY.senders)
  .map((code): [string, string] => [code, country(code)])
  .sort((a, b) => a[1].localeCompare(b[1], "en"));

/** The known senders of a country, or of all countries. */
export const sendersOf = (code: string): string[] =>
  code
    ? (DIRECTORY.senders[code] ?? [])
    : [...new Set(Object.values(DIRECTORY.senders).flat())].sort((a, b) => a.localeCompare(b, "en"));
