import { describe, expect, it, vi } from "vitest";
import openapi from "../../../../../docs/openapi.json";

vi.stubGlobal("document", { baseURI: "https://api.example/beta/console" });

const { besides, LINKED, recordsOfFigure, recordsOfMonth } = await import("../../src/screens/evidence");
const { streamQuery, streamRecords } = await import("../../src/screens/stream-records");
const { windowed } = await import("../../src/screens/features");

const DAY_END = { utc_time: "2021-11-15T23:59:59+00:00", other_currencies: [] };
const MIDDAY = { utc_time: "2021-11-15T12:00:00+00:00", other_currencies: [] };

describe("the records of a feature", () => {
  it("have its labels, of every account", () => {
    expect(recordsOfFigure("count_overdraft_events", "0_30", 2, DAY_END)).toEqual({
      labels: ["Overdraft"],
      from: "2021-10-17",
      to: "2021-11-15",
    });
  });

  it("have its type of account and direction", () => {
    expect(recordsOfFigure("sum_of_atm_debits", "0_90", 500, DAY_END)).toEqual({
      account_types: "depository",
      impact: "DEBIT",
      labels: ["ATM"],
      from: "2021-08-18",
      to: "2021-11-15",
    });
    expect(recordsOfFigure("sum_of_loan_repayments", "0_30", 500, DAY_END)).toMatchObject({
      account_types: "loan",
      impact: "CREDIT",
    });
  });

  it("have all labels of a difference, also where it is 0", () => {
    const found = recordsOfFigure("difference_count_of_loans_opened_to_loans_repaid", "0_30", 0, DAY_END);
    expect(found?.labels).toEqual(["LoanApproved", "LoanDisbursed", "LoanRepaid"]);
  });

  it("are those of windows that share none", () => {
    expect(recordsOfFigure("count_overdraft_events", "31_90", 1, DAY_END)).toMatchObject({
      from: "2021-08-18",
      to: "2021-10-16",
    });
    expect(recordsOfFigure("count_overdraft_events", "0_30", 1, DAY_END)).toMatchObject({ from: "2021-10-17" });
    expect(recordsOfFigure("new_loans", "60d", 1, DAY_END)).toMatchObject({ from: "2021-09-17", to: "2021-11-15" });
  });

  it("start and end within a day, as their window does", () => {
    expect(recordsOfFigure("count_overdraft_events", "0_30", 1, MIDDAY)).toMatchObject({
      from: "2021-10-16T12:00:01Z",
      to: "2021-11-15T12:00:00Z",
    });
    expect(recordsOfFigure("count_overdraft_events", "31_90", 1, MIDDAY)).toMatchObject({
      from: "2021-08-17T12:00:01Z",
      to: "2021-10-16T12:00:00Z",
    });
  });

  it("of money are told in one currency only", () => {
    const two = { ...DAY_END, other_currencies: ["USD"] };
    expect(recordsOfFigure("sum_of_credits", "0_30", 10, two)).toBeNull();
    expect(recordsOfFigure("sum_of_credits", "0_30", 10, DAY_END)).not.toBeNull();
    expect(recordsOfFigure("count_overdraft_events", "0_30", 1, two)).not.toBeNull();
  });

  it.each([
    ["net_cash_flow", "0_30", 10],
    ["count_transactions_depository", "0_30", 10],
    ["total_inflow_amount", "30d", 10],
    ["average_end_of_day_depository_balance", "0_30", 10],
    ["data_recency_minutes", "", 10],
    ["toString", "0_30", 10],
    ["count_overdraft_events", "0_30", null],
    ["count_overdraft_events", "0_30", 0],
    ["count_overdraft_events", "", 1],
  ])("are not told by a filter for %s %s of %s", (name, window, value) =>
    expect(recordsOfFigure(name, window, value, DAY_END)).toBeNull(),
  );

  it("are of figures that the API has", () => {
    const { FeatureValues, IndicatorValues } = openapi.components.schemas;
    const names = Object.keys({ ...FeatureValues.properties, ...IndicatorValues.properties });
    const known = windowed(Object.fromEntries(names.map((name) => [name, null])))
      .flatMap((table) => table.rows)
      .map((row) => row.name);
    expect(LINKED.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe("the records of a month", () => {
  it("are those of money accounts on its days", () => {
    expect(recordsOfMonth("2021-02", DAY_END.utc_time)).toEqual({
      account_types: "depository",
      from: "2021-02-01",
      to: "2021-02-28",
    });
    expect(recordsOfMonth("2020-12", DAY_END.utc_time)).toMatchObject({ from: "2020-12-01", to: "2020-12-31" });
  });

  it("start with the year before, and end with the instant of the figures", () => {
    expect(recordsOfMonth("2020-11", MIDDAY.utc_time)).toMatchObject({
      from: "2020-11-15T12:00:01Z",
      to: "2020-11-30",
    });
    expect(recordsOfMonth("2021-11", MIDDAY.utc_time)).toMatchObject({
      from: "2021-11-01",
      to: "2021-11-15T12:00:00Z",
    });
    expect(recordsOfMonth("2021-11", DAY_END.utc_time)).toMatchObject({ from: "2021-11-01", to: "2021-11-15" });
  });

  it("are more than the figures count where money moved between own accounts or is in two currencies", () => {
    const none = { count: 0, total: 0 };
    const of = (currency: string, credits: number) => ({
      currency,
      own_transfers: { credit: { count: credits, total: credits }, debit: none },
    });
    const cash = (...all: ReturnType<typeof of>[]) =>
      ({ by_currency: all }) as unknown as Parameters<typeof besides>[0];
    expect(besides(cash(of("KES", 0)), "KES")).toEqual([]);
    expect(besides(cash(of("KES", 1)), "KES")).toEqual(["transfers between the person's own accounts"]);
    expect(besides(cash(of("KES", 0), of("USD", 1)), "KES")).toEqual(["other currencies"]);
  });
});

describe("the records of a stream", () => {
  type Stream = Parameters<typeof streamQuery>[0];
  const stream = {
    direction: "inflow",
    institution_ids: ["mpesa"],
    first_date: "2021-01-01",
    last_date: "2021-10-25",
    record_ids: ["a", "b", "c"],
  } as Stream;

  it("are looked for from a day before to a day after, as its dates are local", () => {
    expect(streamQuery(stream)).toEqual({
      institution_id: "mpesa",
      account_types: ["depository"],
      impact: "CREDIT",
      utc_starttime: "2020-12-31T00:00:00Z",
      utc_endtime: "2021-10-26T23:59:59Z",
    });
    expect(streamQuery({ ...stream, institution_ids: ["mpesa", "equitybank"] }).institution_id).toBeUndefined();
    expect(streamQuery({ ...stream, direction: "outflow" }).impact).toBe("DEBIT");
  });

  it("are those that it names, and those that are missing are counted", () => {
    const found = ["b", "x", "a", "b"].map((id) => ({ id })) as Parameters<typeof streamRecords>[1];
    expect(streamRecords(stream, found)).toEqual({ named: [{ id: "b" }, { id: "a" }, { id: "b" }], missing: 1 });
  });
});
