/** Comma-separated values (RFC 4180). */

export type Cell = string | number | null | undefined;

/** A text that a spreadsheet would run as a formula. Texts come from messages; numbers come from the API. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csv = (rows: Cell[][]) => rows.map((row) => row.map(cell).join(",") + "\r\n").join("");
