/**
 * Times. The API counts days and months in UTC. The console shows UTC too, so a record is on the same day as in the
 * reports.
 */

// American month names, which all have three letters, in the British order.
const date = new Intl.DateTimeFormat("en-US", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const month = new Intl.DateTimeFormat("en-US", { month: "short", year: "numeric", timeZone: "UTC" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export const DAY_MS = 86_400_000;

/** `8 Oct 2021` */
export function day(time: string | Date): string {
  const parts = date.formatToParts(new Date(time));
  return ["day", "month", "year"].map((type) => parts.find((part) => part.type === type)?.value).join(" ");
}

/** `8 Oct 2021, 10:41`: only where the time zone is told beside it, as in the head of a column. */
export const momentOfUtc = (time: string | Date) => `${day(time)}, ${clock.format(new Date(time))}`;

/** `8 Oct 2021, 10:41 UTC` */
export const moment = (time: string | Date) => `${momentOfUtc(time)} UTC`;

/** `Oct 2021`, of `2021-10`. */
export const monthName = (text: string) => month.format(new Date(`${text}-01T00:00:00Z`));

const SPANS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365.25 * DAY_MS],
  ["month", 30.44 * DAY_MS],
  ["day", DAY_MS],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** `3 days ago`. */
export function ago(time: string | Date, now: number = Date.now()): string {
  const passed = now - new Date(time).getTime();
  const span = SPANS.find(([, ms]) => Math.abs(passed) >= ms);
  return span ? relative.format(-Math.trunc(passed / span[1]), span[0]) : "just now";
}

/** The age in days from which data is too old for a decision. The API's affordability has the same default. */
const FRESH_DAYS = 14;

export const isFresh = (time: string, now: number = Date.now()) => now - Date.parse(time) <= FRESH_DAYS * DAY_MS;

/** The days after its date for which the API's end-of-day figures count a balance. */
export const HOLD_DAYS = 10;

/** The date in UTC in the format of inputs: `2021-10-08`. */
export const isoDay = (time: string | Date | number) => new Date(time).toISOString().slice(0, 10);

/** The last second of a day in UTC, in the format of the API. */
export const endOfDay = (text: string) => `${text}T23:59:59Z`;

export const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
