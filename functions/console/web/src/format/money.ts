/** Amounts of money. Each has its currency; this module never adds amounts. */

/** More decimals than any currency has: an amount is shown with all its decimals, never rounded. */
const MOST_DECIMALS = 4;

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string | null): Intl.NumberFormat {
  const key = currency ?? "";
  let found = formats.get(key);
  if (!found) {
    const least = minorDigits(currency);
    found = new Intl.NumberFormat("en", {
      minimumFractionDigits: least,
      maximumFractionDigits: Math.max(least, MOST_DECIMALS),
    });
    formats.set(key, found);
  }
  return found;
}

/** The decimals of a currency's minor unit: 2 for KES, 0 for UGX. 2 if the currency is unknown. */
export function minorDigits(currency: string | null): number {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency: currency ?? "KES" });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2; // `Intl` rejects the code.
  }
}

/** The digits alone, such as `6,324.13`, with a real minus sign. */
export function digits(amount: number, currency: string | null): string {
  return formatOf(currency).format(amount).replace("-", "−");
}

/** An amount with its currency, such as `KES 6,324.13`. An unknown amount is `unknown`. */
export function money(amount: number | null | undefined, currency: string | null): string {
  if (amount === null || amount === undefined) return "unknown";
  return currency ? `${currency}\u00a0${digits(amount, currency)}` : digits(amount, currency);
}

const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** An average, rounded to the currency's minor unit, such as `KES 62,779.67`. No record states an average. */
export function average(amount: number | null | undefined, currency: string | null): string {
  if (amount === null || amount === undefined) return "unknown";
  // Rounds the decimal digits: in binary, 42518.075 is slightly below the half.
  const places = minorDigits(currency);
  const units = Math.round(Number(`${Math.abs(amount)}e${places}`));
  return money(Math.sign(amount) * Number(`${units}e-${places}`), currency);
}

/**
 * A number as people type it: `30,000` and `30 000` are 30000. NaN for anything else. `12,5` is NaN too, because it may
 * mean 12.5.
 */
export function typed(text: string): number {
  const trimmed = text.trim();
  const grouped = /^\d{1,3}([\s,]\d{3})+(\.\d+)?$/.test(trimmed);
  return trimmed === "" ? NaN : Number(grouped ? trimmed.replace(/[\s,]/g, "") : trimmed);
}

/** A tick of a chart, such as `12.5K`. */
export const compact = (amount: number) => short.format(amount).replace("-", "−");

const whole = new Intl.NumberFormat("en");
export const count = (number: number) => whole.format(number);

/** `1 loan`, `2 loans`. */
export const counted = (number: number, one: string, many = `${one}s`) =>
  `${count(number)} ${number === 1 ? one : many}`;

const percents = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1, roundingMode: "trunc" });

/** A share from 0 to 1 in percent. Truncated, so that 100% always means all. */
export const percent = (share: number | null | undefined) =>
  share === null || share === undefined ? "unknown" : percents.format(share);

const ratios = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });
export const ratio = (number: number | null | undefined) =>
  number === null || number === undefined ? "unknown" : ratios.format(number).replace("-", "−");
