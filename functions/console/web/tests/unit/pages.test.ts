import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("document", { baseURI: "https://api.example/beta/console" });

const { href, parseAddress } = await import("../../src/router");
const { queryOf, rowOf, timesOf } = await import("../../src/screens/ledger");
const { differences } = await import("../../src/screens/compare");
const { earlyOf, firstAmount, headline, policyRows, repaysNow, requestOf, verdictKind, withheld } =
  await import("../../src/screens/affordability");
const { loanLabels } = await import("../../src/screens/person-part");
const { sumText, totalsOf, unreadNote } = await import("../../src/screens/totals");
const { definitionOf, definitionsOf, moneyNote, windowed } = await import("../../src/screens/features");
const { faultsOf } = await import("../../src/format/faults");
const { ApiError, BASE } = await import("../../src/api/client");
const answers = await import("../browser/answers");
const openapi = (await import("../../../../../docs/openapi.json")).default;
const report = (await import("../../../../../tests/tests/openapi/examples/get_credit_report.json")).default;

describe("an address", () => {
  it("is the same after a round trip", () => {
    const made = href(["people", "a/b c", "ledger"], {
      labels: ["POS", "ATM"],
      from: "2021-10-01",
      to: "",
      search: "a&b=c",
    });
    const { path, query } = parseAddress(made);
    expect(path).toEqual(["people", "a/b c", "ledger"]);
    expect([...query]).toEqual([
      ["labels", "POS"],
      ["labels", "ATM"],
      ["from", "2021-10-01"],
      ["search", "a&b=c"],
    ]);
  });

  it("may be empty or broken", () => {
    expect(parseAddress("").path).toEqual([]);
    expect(parseAddress("#/people/%E0%A4%A/x").path).toEqual(["people", "%E0%A4%A", "x"]);
  });

  it("finds the API in the folder of the page", () => expect(BASE).toBe("https://api.example/beta"));
});

describe("filters", () => {
  it("become the API's parameters, days as their first and last seconds", () => {
    const query = queryOf(
      new URLSearchParams("institution_id=mpesa&labels=POS&labels=ATM&impact=DEBIT&from=2021-10-01&to=2021-10-31"),
    );
    expect(query).toEqual({
      institution_id: "mpesa",
      account_id: undefined,
      account_types: [],
      labels: ["POS", "ATM"],
      impact: "DEBIT",
      utc_starttime: "2021-10-01T00:00:00Z",
      utc_endtime: "2021-10-31T23:59:59Z",
      include: ["details"],
    });
    expect(queryOf(new URLSearchParams("from=yesterday")).utc_starttime).toBeUndefined();
  });

  it("may start and end within a day", () => {
    const { utc_starttime, utc_endtime } = queryOf(
      new URLSearchParams("from=2021-10-01T10:41:26Z&to=2021-10-31T10:41:25Z"),
    );
    expect([utc_starttime, utc_endtime]).toEqual(["2021-10-01T10:41:26Z", "2021-10-31T10:41:25Z"]);
    expect(queryOf(new URLSearchParams("to=2021-10-32T10:41:25Z")).utc_endtime).toBeUndefined();
  });

  it("come before the whole ledger in the search for a record whose time a link does not tell", () => {
    const filters = new URLSearchParams("from=2021-10-01&to=2021-10-31");
    expect(timesOf("", filters)).toEqual([
      { utc_starttime: "2021-10-01T00:00:00Z", utc_endtime: "2021-10-31T23:59:59Z" },
      {},
    ]);
    expect(timesOf("2021-10-08T10:41:25Z", filters)).toEqual([
      { utc_starttime: "2021-10-08T10:41:25Z", utc_endtime: "2021-10-08T10:41:25Z" },
    ]);
    expect(timesOf("", new URLSearchParams())).toEqual([{}]);
  });

  it("are exported with exact figures", () => {
    const record = {
      id: "1",
      timestamp: "2021-10-08T10:41:25+00:00",
      institution_id: "mpesa",
      account_id: "default",
      account_type: "depository" as const,
      amount: 6800,
      balance: 6324.13,
      currency: "KES",
      impact: "DEBIT" as const,
      labels: ["POS" as const, "ATM" as const],
      fee: null,
      reference: "QJ1",
      counterparty: { kind: "person" as const, token: null },
      due_date: "2021-11-08",
    };
    expect(rowOf(record)).toEqual([
      "2021-10-08T10:41:25+00:00",
      "mpesa",
      "default",
      "depository",
      "DEBIT",
      6800,
      6324.13,
      "KES",
      null,
      "QJ1",
      "person",
      "2021-11-08",
      "POS ATM",
      "1",
    ]);
  });
});

describe("two reports", () => {
  type Report = Parameters<typeof differences>[0];
  const left = report as unknown as Report;

  it("of the same figures differ in nothing", () => {
    const rows = differences(left, structuredClone(left));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => row.changed)).toEqual([]);
  });

  it("tell which balance counts once", () => {
    const right = structuredClone(left);
    right.depository.accounts[0]!.same_balance_as = "4471";
    const [changed, ...others] = differences(left, right).filter((row) => row.changed);
    expect(changed!.right).toBe(`${changed!.left} (same money as 4471: counts once)`);
    expect(others).toEqual([]);
  });

  it("mark what changed, came or went", () => {
    const right = structuredClone(left);
    const [first] = right.loan.accounts.splice(0, 1);
    right.depository.accounts[0]!.balance = 1;
    const changed = differences(left, right).filter((row) => row.changed);
    expect(changed.map((row) => row.name)).toContain("mpesa, KES: balance");
    const gone = changed.filter((row) => row.right === null);
    expect(gone.length).toBe(5);
    expect(gone[0]!.name).toContain(first!.account_id);
  });
});

describe("the verdict", () => {
  const missing = (...codes: string[]) =>
    ({
      ...answers.AFFORDABILITY,
      currency: "KES",
      can_afford: true,
      instalment: 5_000,
      room: 9_000,
      reasons: codes.map((code) => ({ code })),
    }) as unknown as typeof answers.AFFORDABILITY;

  it("tells in its headline that data are missing", () => {
    expect(headline(missing("LOAN_STACKING"), [], "month")).toBe(
      "Fits: KES\u00a05,000.00 a month is within the room of KES\u00a09,000.00 a month",
    );
    for (const code of ["LOAN_MESSAGES_UNREAD", "DEBT_UNKNOWN", "COMPLETENESS_LOW"]) {
      const answer = missing("LOAN_STACKING", code);
      expect(headline(answer, [], "month")).toMatch(/^Fits by what was read, and data are missing: KES/);
      expect(verdictKind(answer)).toBe("warn");
    }
    const no = { ...missing("LOAN_MESSAGES_UNREAD"), can_afford: false };
    expect(headline(no, [], "month")).toMatch(/^Does not fit by what was read, and data are missing: KES/);
  });

  it("tells which messages the present repayments lack", () => {
    const { _meta } = missing();
    expect(repaysNow(missing())).not.toContain("unread");
    const of = (unread: number) => repaysNow({ ...missing(), _meta: { ..._meta, unrecognized_loan_messages: unread } });
    expect(of(1)).toMatch(/^KES.*, without what 1 unread message tells$/);
    expect(of(16)).toMatch(/, without what 16 unread messages tell$/);
  });

  it("is green without any reason only", () => {
    expect(verdictKind(missing())).toBe("good");
    expect(verdictKind(missing("LOAN_STACKING"))).toBe("info");
    expect(verdictKind({ ...missing(), can_afford: null })).toBe("warn");
  });
});

describe("the sums of a report", () => {
  const sums = {
    currency: "KES",
    depository_balances: 0,
    open_balances: 0,
    nonperforming_balances: 0,
    defaulted_balances: 0,
  };
  const late = { status: "nonperforming", balance: null, iso_currency_code: null };
  type Given = { sums?: object; loans?: object[]; accounts?: object[]; unread?: number };
  const of = (given: Given) =>
    totalsOf({
      meta: { currency: "KES", unrecognized_loan_messages: given.unread ?? 0 },
      totals_by_currency: [{ ...sums, ...given.sums }],
      loan: { accounts: given.loans ?? [] },
      depository: { accounts: given.accounts ?? [] },
    } as unknown as Parameters<typeof totalsOf>[0])[0];

  it("are unknown, and not 0, where no message states a balance", () => {
    expect(of({ loans: [late] })).toEqual({ currency: "KES", held: null, open: 0, late: null, defaulted: 0 });
    expect(of({ accounts: [{ balance: null, iso_currency_code: "KES" }] })?.held).toBeNull();
  });

  it("are 0 where that is stated, and those of what is known", () => {
    expect(of({ accounts: [{ balance: 0, iso_currency_code: "KES" }] })?.held).toBe(0);
    expect(of({ sums: { nonperforming_balances: 700 }, loans: [late, { ...late, balance: 700 }] })?.late).toBe(700);
  });

  it("owe nothing known, and not 0, without a loan account: a money account may tell of loans", () => {
    expect(of({})).toEqual({ currency: "KES", held: null, open: "none", late: "none", defaulted: "none" });
    expect([sumText("none", "KES"), sumText(null, "KES"), sumText(0, "KES")]).toEqual([
      "none known",
      "unknown",
      "KES\u00a00.00",
    ]);
    const labels = ["Salary", "LoanDisbursed", "LoanRepayment", "ATM"] as const;
    expect(loanLabels(labels.map((label) => ({ label })))).toEqual(["LoanDisbursed", "LoanRepayment"]);
  });

  it("are 0 as far as is known while messages that may concern a loan are unread", () => {
    const none = { currency: "KES", held: null, open: "none", late: "none", defaulted: "none" };
    expect(of({ unread: 16 })).toEqual(none);
    const paid = { status: "open", balance: 700, iso_currency_code: "KES" };
    expect(of({ unread: 1, loans: [paid], sums: { open_balances: 700 } })).toEqual({ ...none, open: 700 });
    expect(of({ unread: 1, loans: [late] })).toEqual({ ...none, late: null });
    expect(unreadNote({ unrecognized_loan_messages: 16 })).toBe("16 messages not read");
    expect(unreadNote({ unrecognized_loan_messages: 0 })).toBeUndefined();
  });
});

describe("a failure", () => {
  const phone = { pointer: "/phone_number", detail: "is not a phone number" };
  const name = { pointer: "/records/0/first_name", detail: "is too long" };

  it("tells each fault once, by the name of the field", () => {
    const problem = { detail: "/phone_number is not a phone number" };
    expect(faultsOf(new ApiError(400, { ...problem, errors: [phone] }))).toEqual([
      "Phone number is not a phone number",
    ]);
    expect(faultsOf(new ApiError(400, { ...problem, errors: [phone, name] }))).toEqual([
      "Phone number is not a phone number",
      "First name is too long",
    ]);
    expect(
      faultsOf(new ApiError(400, { detail: "the body is empty", errors: [{ pointer: "", detail: "is empty" }] })),
    ).toEqual(["The body is empty"]);
    expect(faultsOf(new ApiError(400, { errors: [{ pointer: "/messages/0", detail: "is not an object" }] }))).toEqual([
      "Messages: item 1 is not an object",
    ]);
  });

  it("is the message where no field is at fault", () => {
    expect(faultsOf(new ApiError(503, { detail: "The service is busy." }))).toEqual(["The service is busy."]);
    expect(faultsOf(new Error("No network."))).toEqual(["No network."]);
  });
});

describe("affordability", () => {
  const values = { principal: "30000", rate: "60", term: "6", unit: "month", type: "reducing" };

  it("asks with a rate as a fraction", () => {
    expect(requestOf(values, undefined)).toEqual({
      principal: 30000,
      interest_rate: 0.6,
      rate_type: "reducing",
      term: 6,
      term_unit: "month",
      utc_time: undefined,
    });
    expect(requestOf({ ...values, rate: "7.1" }, undefined)?.interest_rate).toBe(0.071);
  });

  it("takes amounts as people write them", () => {
    expect(requestOf({ ...values, principal: "30,000" }, undefined)?.principal).toBe(30000);
    expect(requestOf({ ...values, principal: "1 250 000.50" }, undefined)?.principal).toBe(1250000.5);
  });

  it.each([{ principal: "" }, { principal: "-1" }, { rate: "x" }, { rate: " " }, { term: "1.5" }, { term: "0" }])(
    "asks nothing for %o",
    (wrong) => {
      expect(requestOf({ ...values, ...wrong }, undefined)).toBeNull();
    },
  );
});

describe("the first amount to lend", () => {
  it.each([
    [101_210.4, "50000"],
    [1_500_000, "700000"],
    [180, "90"],
    [4359, "2000"],
    [0, ""],
    [1, ""],
    [null, ""],
  ])("is half of a month's income of %s, to its first digit", (monthly, wanted) => {
    expect(firstAmount(monthly)).toBe(wanted);
  });
});

describe("the policy", () => {
  const policy = {
    max_instalment_to_income: 0.4,
    disposable_share: 0.29,
    income_haircut: 0.2,
    min_history_days: 60,
    max_age_days: 1,
    income_basis: "regular" as const,
  };

  it("is in words, with the units of its values", () => {
    expect(policyRows(policy)).toEqual([
      ["Most of the income for instalments", "40%"],
      ["Most of the money left over for the instalment", "29%"],
      ["Income not counted on", "20%"],
      ["Least history", "60 days"],
      ["Oldest data", "1 day"],
      ["Income that counts", "Only regular income"],
    ]);
    expect(policyRows({ ...policy, income_basis: "all" }).at(-1)).toEqual(["Income that counts", "All of it"]);
  });
});

describe("features", () => {
  it("always tell the currency of their sums", () => {
    expect(moneyNote({ currency: "KES", other_currencies: [] })).toBe("Money is in KES.");
    expect(moneyNote({ currency: "KES", other_currencies: ["UGX", "USD"] })).toBe(
      "Money is in KES. Not part of it: UGX, USD.",
    );
    expect(moneyNote({ currency: null, other_currencies: [] })).toBeNull();
  });

  it("have the definitions of their own schemas alone, by the full name", () => {
    const told = definitionsOf(openapi as unknown as Parameters<typeof definitionsOf>[0]);
    const gap = openapi.components.schemas.IndicatorValues.properties;
    expect(definitionOf(told, "longest_gap_days", ["30d", "60d", "90d"])).toBe(gap.longest_gap_days_30d.description);
    expect(definitionOf(told, "history_days", [""])).toBe(gap.history_days.description);
    expect(definitionOf(told, "min_history_days", [""])).toBeUndefined();
  });

  it("have a row for each name, and a table for each set of windows", () => {
    const tables = windowed({
      data_recency_minutes: 9540,
      net_0_30: 1,
      net_31_90: null,
      net_0_90: 3,
      days_30d: 2,
      sum_0_30: 4,
      sum_31_90: 5,
      sum_0_90: 9,
    });
    expect(tables.map(({ windows, rows }) => [windows, rows.map((row) => [row.name, ...row.values])])).toEqual([
      [
        ["0_30", "31_90", "0_90"],
        [
          ["net", ["0_30", 1], ["31_90", null], ["0_90", 3]],
          ["sum", ["0_30", 4], ["31_90", 5], ["0_90", 9]],
        ],
      ],
      [[""], [["data_recency_minutes", ["", 9540]]]],
      [["30d"], [["days", ["30d", 2]]]],
    ]);
  });
});

describe("income of two payments", () => {
  const { AFFORDABILITY, INCOME } = answers;
  const early = { ...INCOME.streams[0]!, status: "EARLY_DETECTION" as const, count: 2, expected_monthly: 0 };
  const streams = [
    early,
    INCOME.streams[0]!,
    { ...early, currency: "USD" },
    { ...early, direction: "outflow" as const },
    { ...early, status: "TOMBSTONED" as const, is_active: false },
  ];

  it("does not count yet, if only regular income counts", () => {
    expect(earlyOf(streams, AFFORDABILITY)).toEqual([early]);
    const policy = { ...AFFORDABILITY.policy, income_basis: "all" as const };
    expect(earlyOf(streams, { ...AFFORDABILITY, policy })).toEqual([]);
  });

  it("is told from income without a rhythm", () => {
    const none = { ...AFFORDABILITY, status: "no_income" as const, can_afford: null };
    expect(withheld(none, [early])).toBe("The regular income is not yet certain, and the policy counts no other.");
    expect(withheld(none, [])).toBe("No income comes in a rhythm, and the policy counts no other.");
    const short = { ...none, status: "short_history" as const, _meta: { ...none._meta, history_days: 33 } };
    expect(withheld(short, [early])).toBe("The history is too short to be sure: it has 33 days, and 60 are needed.");
  });
});
