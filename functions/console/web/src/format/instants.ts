/** The ends of a time range in an address: a day or an instant. */

/** An instant in the format of addresses: `2021-10-08T10:41:25Z`. */
export const isInstant = (text: string) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(Date.parse(text));

/**
 * The end of a time range: the day if the range starts (`from`) or ends (`to`) with a day in UTC, otherwise the
 * instant.
 */
export function dayOrInstant(time: number, end: "from" | "to"): string {
  const text = `${new Date(time).toISOString().slice(0, 19)}Z`;
  return text.endsWith(end === "from" ? "T00:00:00Z" : "T23:59:59Z") ? text.slice(0, 10) : text;
}
