/** The words of income and affordability, for people. */

const WORDS: Record<string, string> = {
  SEMI_MONTHLY: "twice a month",
  BIWEEKLY: "every two weeks",
  ANNUALLY: "yearly",
  UNKNOWN: "no rhythm",
  MATURE: "established",
  EARLY_DETECTION: "two payments so far",
  TOMBSTONED: "stopped early",
};

/** `CASH_DEPOSIT` is `cash deposit`. */
export const plain = (word: string) => WORDS[word] ?? word.toLowerCase().replaceAll("_", " ");

export const sentence = (word: string) => {
  const text = plain(word);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const STATUSES: Record<string, string> = {
  no_data: "Nothing is known in this time.",
  no_income: "No income is known in this time.",
  short_history: "The history is too short to be sure.",
  stale: "The newest message is too old to decide by.",
  mixed_currency: "No record is in this currency.",
};
export const insightStatus = (word: string) => STATUSES[word] ?? plain(word);
