import { describe, expect, it, vi } from "vitest";
import type { Schemas } from "../../src/api/client";
import type { LedgerRecord } from "../../src/api/records";
import { byCurrency, changesOf, dueOn, kindOf, lateInAll, lateNow } from "../../src/screens/loan-history";

vi.stubGlobal("document", { baseURI: "https://api.example/beta/console" });
const { daysToAsk, stepsOf } = await import("../../src/screens/owed");

type Loan = Schemas["LoanAccount"];

const loan: Loan = {
  institution_id: "branch_ke",
  account_id: "default",
  account_type: "loan",
  status: "open",
  balance: null,
  principal: null,
  iso_currency_code: "KES",
  updated_at: "2026-09-01T08:00:00Z",
  status_reason: { record_id: "opened", label: "LoanDisbursed", timestamp: "2026-05-01T08:00:00Z" },
  opened_at: "2026-05-01T08:00:00Z",
  opened_record_id: "opened",
  due_date: null,
  due_record_id: null,
  late_episodes: [],
  days_late: 0,
  worst_status: "open",
};
const missed = { record_id: "missed", label: "LoanMissedPayment" as const, timestamp: "2026-06-01T08:00:00Z" };
const defaulted = { record_id: "defaulted", label: "LoanDefaulted" as const, timestamp: "2026-07-01T08:00:00Z" };
const unknownDue = { due_date: null, due_record_id: null };
const told = (loan: Loan) => changesOf(loan).map(({ status, record_id, days }) => [status, record_id, days]);

describe("the days that a loan was late", () => {
  const to = "2026-06-05T08:00:00Z";
  const known = { due_date: "2026-05-29", due_record_id: "missed" };
  const episode = { ...known, from: missed.timestamp, to, ongoing: true, days: 7, records: [missed] };

  it("are exact where a message states the due date", () => {
    const late = { ...loan, late_episodes: [episode], days_late: 7 };
    expect([lateNow(late), lateInAll(late)]).toEqual(["7 days", "7 days"]);
  });

  it("are at least those from the notice otherwise", () => {
    const late = { ...loan, late_episodes: [{ ...episode, ongoing: false }, { ...episode, ...unknownDue, days: 1 }], days_late: 8 };
    expect([lateNow(late), lateInAll(late)]).toEqual(["at least 1 day", "at least 8 days"]);
    const many = { ...loan, late_episodes: [episode], late_episodes_omitted: 2, days_late: 90 };
    expect(lateInAll(many)).toBe("at least 90 days");
    expect([lateNow(loan), lateInAll(loan), lateInAll({ ...loan, days_late: null })]).toEqual(["no", "0 days", "unknown"]);
  });

  it("follow a due date, if one is stated", () => {
    expect(dueOn({ ...loan, due_date: "2026-05-29" })).toBe("29 May 2026");
    expect([dueOn(loan), dueOn({ ...loan, status: "closed" })]).toEqual(["not stated", "–"]);
  });
});

describe("the changes of a loan's status", () => {
  it("have the record that opened it, once", () => {
    expect(told(loan)).toEqual([["open", "opened", null]]);
  });

  it("are newest first, with the days of the late period that goes on", () => {
    const late = {
      ...loan,
      status: "defaulted" as const,
      status_reason: defaulted,
      late_episodes: [
        { ...unknownDue, from: missed.timestamp, to: "2026-08-01T08:00:00Z", ongoing: true, days: 61, records: [missed, defaulted] },
      ],
    };
    expect(told(late)).toEqual([
      ["defaulted", "defaulted", "at least 61 days"],
      ["nonperforming", "missed", null],
      ["open", "opened", null],
    ]);
  });

  it("do not guess what a loan was after it was late", () => {
    const paid = { record_id: "paid", label: null, timestamp: "2026-06-05T08:00:00Z" };
    const episode = { ...unknownDue, from: missed.timestamp, to: paid.timestamp, ongoing: false, days: 4, records: [missed, paid] };
    expect(told({ ...loan, late_episodes: [episode] })).toEqual([
      [null, "paid", "at least 4 days"],
      ["nonperforming", "missed", null],
      ["open", "opened", null],
    ]);
    expect(told({ ...loan, status_reason: paid, late_episodes: [episode] })[0]).toEqual(["open", "paid", "at least 4 days"]);
    const repaid = { ...paid, label: "LoanRepaid" as const };
    expect(told({ ...loan, late_episodes: [{ ...episode, records: [missed, repaid] }] })[0]).toEqual([
      "closed",
      "paid",
      "at least 4 days",
    ]);
  });

  it("have the reason for the status where nothing else names it", () => {
    const closed = {
      ...loan,
      status: "closed" as const,
      opened_at: null,
      opened_record_id: null,
      status_reason: { record_id: "last", label: null, timestamp: "2026-06-05T08:00:00Z" },
    };
    expect(told(closed)).toEqual([["closed", "last", null]]);
  });
});

describe("the events of a timeline", () => {
  it.each([
    [["LoanDefaulted", "LoanMissedPayment"], null, "bad"],
    [["LoanMissedPayment"], null, "warn"],
    [["LoanRepaid"], "CREDIT", "closed"],
    [["LoanDisbursed"], null, "out"],
    [[], "DEBIT", "out"],
    [["LoanRepayment"], null, "in"],
    [[], "CREDIT", "in"],
    [["LoanRepaymentReminder"], null, null],
    [[], null, null],
  ] as const)("%j, %s is %s", (labels, impact, wanted) => {
    expect(kindOf({ labels: [...labels], impact })).toBe(wanted);
  });
});

it("accounts without a currency share the picture of the others", () => {
  const none = { ...loan, iso_currency_code: null };
  const dollars = { ...loan, iso_currency_code: "USD" };
  expect([...byCurrency([none])]).toEqual([[null, [none]]]);
  expect([...byCurrency([none, loan, dollars])]).toEqual([
    ["KES", [loan, none]],
    ["USD", [dollars]],
  ]);
});

describe("the amount owed", () => {
  const owes = (balance: number | null): Loan => ({ ...loan, balance });
  let made = 0;
  const record = (timestamp: string, rest: Partial<LedgerRecord>) =>
    ({
      institution_id: loan.institution_id,
      account_id: loan.account_id,
      account_type: loan.account_type,
      id: String(made++),
      timestamp,
      currency: "KES",
      balance: null,
      amount: null,
      impact: null,
      labels: [],
      ...rest,
    }) as LedgerRecord;
  const lent = record("2026-11-04T08:00:00Z", { impact: "DEBIT", amount: 5000, labels: ["LoanDisbursed"] });
  const paid = record("2026-11-20T08:00:00Z", { impact: "CREDIT", amount: 2025, balance: 2975 });
  const day = (text: string) => Date.parse(text);
  const told = (loan: Loan, records: LedgerRecord[], owed: [number, Loan[]][] = []) =>
    stepsOf(loan, records, new Map(owed)).map(({ time, value }) => [time.toISOString().slice(0, 10), value]);

  it("is the report's on a day whose messages do not state it", () => {
    expect(daysToAsk([owes(2975)], [paid, lent])).toEqual([day("2026-11-04")]);
    expect(told(owes(2975), [paid, lent], [[day("2026-11-04"), [owes(5000)]]])).toEqual([
      ["2026-11-04", 5000],
      ["2026-11-20", 2975],
    ]);
  });

  it("ends as the report at hand, which needs no other one", () => {
    expect(daysToAsk([owes(5000)], [lent])).toEqual([]);
    expect(told(owes(5000), [lent])).toEqual([["2026-11-04", 5000]]);
    expect(told(owes(null), [lent])).toEqual([["2026-11-04", null]]);
  });

  it("is unknown on a day that is not asked for, or where the report does not know it", () => {
    const unknown = [
      ["2026-11-04", null],
      ["2026-11-20", 2975],
    ];
    const dollars = { ...owes(5000), iso_currency_code: "USD" };
    expect(told(owes(2975), [paid, lent])).toEqual(unknown);
    expect(told(owes(2975), [paid, lent], [[day("2026-11-04"), []]])).toEqual(unknown);
    expect(told(owes(2975), [paid, lent], [[day("2026-11-04"), [dollars]]])).toEqual(unknown);
  });

  it("is what the last message of a day states, and not an earlier balance of that day", () => {
    const first = record("2026-11-04T07:00:00Z", { balance: 100 });
    const after = record("2026-11-04T09:00:00Z", { impact: "CREDIT", amount: 50 });
    const told = (records: LedgerRecord[]) => daysToAsk([owes(2975)], [paid, ...records]);
    expect(told([first])).toEqual([]);
    expect(told([after, first])).toEqual([day("2026-11-04")]);
    // Records of one second take effect in an order that only the report knows.
    expect(told([record(first.timestamp, { impact: "CREDIT" }), first])).toEqual([day("2026-11-04")]);
    expect(told([record(first.timestamp, { balance: 1, currency: "USD" })])).toEqual([day("2026-11-04")]);
  });

  it("does not change by a reminder, a missed payment or another account", () => {
    const idle = [
      record("2026-11-06T08:00:00Z", { labels: ["LoanRepaymentReminder"] }),
      record("2026-11-07T08:00:00Z", { labels: ["LoanMissedPayment"] }),
      record("2026-11-08T08:00:00Z", { impact: "DEBIT", account_id: "other" }),
    ];
    expect(daysToAsk([owes(2975)], [paid, ...idle])).toEqual([]);
    expect(daysToAsk([{ ...owes(2975), iso_currency_code: null }], [paid, lent])).toEqual([]);
  });

  it("is asked for by day, once for all loans, newest first", () => {
    const again = record("2026-11-10T08:00:00Z", { impact: "CREDIT" });
    const other = { ...owes(2975), account_id: "other" };
    const same = [lent, paid].map((each) => ({ ...each, account_id: "other" }));
    expect(daysToAsk([owes(2975), other], [paid, again, lent, ...same])).toEqual([
      day("2026-11-10"),
      day("2026-11-04"),
    ]);
  });
});
