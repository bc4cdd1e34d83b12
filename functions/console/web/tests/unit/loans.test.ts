import { describe, expect, it } from "vitest";
import type { Schemas } from "../../src/api/client";
import { byCurrency, changesOf, kindOf } from "../../src/screens/loan-history";

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
  late_episodes: [],
  days_late: 0,
  worst_status: "open",
};
const missed = { record_id: "missed", label: "LoanMissedPayment" as const, timestamp: "2026-06-01T08:00:00Z" };
const defaulted = { record_id: "defaulted", label: "LoanDefaulted" as const, timestamp: "2026-07-01T08:00:00Z" };
const told = (loan: Loan) => changesOf(loan).map(({ status, record_id, days }) => [status, record_id, days]);

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
        { from: missed.timestamp, to: "2026-08-01T08:00:00Z", ongoing: true, days: 61, records: [missed, defaulted] },
      ],
    };
    expect(told(late)).toEqual([
      ["defaulted", "defaulted", 61],
      ["nonperforming", "missed", null],
      ["open", "opened", null],
    ]);
  });

  it("do not guess what a loan was after it was late", () => {
    const paid = { record_id: "paid", label: null, timestamp: "2026-06-05T08:00:00Z" };
    const episode = { from: missed.timestamp, to: paid.timestamp, ongoing: false, days: 4, records: [missed, paid] };
    expect(told({ ...loan, late_episodes: [episode] })).toEqual([
      [null, "paid", 4],
      ["nonperforming", "missed", null],
      ["open", "opened", null],
    ]);
    expect(told({ ...loan, status_reason: paid, late_episodes: [episode] })[0]).toEqual(["open", "paid", 4]);
    const repaid = { ...paid, label: "LoanRepaid" as const };
    expect(told({ ...loan, late_episodes: [{ ...episode, records: [missed, repaid] }] })[0]).toEqual([
      "closed",
      "paid",
      4,
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
