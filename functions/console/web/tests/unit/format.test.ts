import { describe, expect, it } from "vitest";
import { csv } from "../../src/format/csv";
import { insightStatus, kindOf, measure, plain, reason } from "../../src/format/insight-words";
import { fullName, institution, label, learnInstitutions, nameAndPhone } from "../../src/format/words";
import { average, compact, counted, digits, minorDigits, money, percent, ratio, typed } from "../../src/format/money";
import { ago, day, endOfDay, isDay, isFresh, isoDay, moment, monthName } from "../../src/format/time";

const space = "\u00a0";

describe("money", () => {
  it.each([
    [6324.13, "KES", `KES${space}6,324.13`],
    [6324.1, "KES", `KES${space}6,324.10`],
    [0, "KES", `KES${space}0.00`],
    [-12.5, "USD", `USD${space}−12.50`],
    [1500, "UGX", `UGX${space}1,500`],
    [1500.5, "UGX", `UGX${space}1,500.5`],
    [0.0125, "USD", `USD${space}0.0125`],
    [999999999999.99, "NGN", `NGN${space}999,999,999,999.99`],
    [12, null, "12.00"],
    [12, "ZZZ", `ZZZ${space}12.00`],
    [12, "not a code", `not a code${space}12.00`],
  ])("shows %d %s in the minor units of the currency, with every decimal that it has", (amount, currency, wanted) => {
    expect(money(amount, currency)).toBe(wanted);
  });

  it("rounds an average, which no record states, to the minor unit", () => {
    expect(average(62779.6667, "KES")).toBe(`KES${space}62,779.67`);
    expect(average(42518.075, "KES")).toBe(`KES${space}42,518.08`);
    expect(average(0, "KES")).toBe(`KES${space}0.00`);
    expect(average(1500.5, "UGX")).toBe(`UGX${space}1,501`);
    expect(average(-283.9182, "KES")).toBe(`KES${space}−283.92`);
    expect(average(null, "KES")).toBe("unknown");
  });

  it("is read as people type it", () => {
    expect(["30,000", " 30 000 ", "1,250.5", "30000"].map(typed)).toEqual([30000, 30000, 1250.5, 30000]);
    expect(["", " ", "x", "1.2.3", "12,5", "1,25", "1.234,567"].every((text) => Number.isNaN(typed(text)))).toBe(true);
  });

  it("says that an amount is unknown, and does not show 0", () => {
    expect(money(null, "KES")).toBe("unknown");
    expect(percent(null)).toBe("unknown");
  });

  it("never rounds a share up to all of it", () => {
    expect(percent(0.9999)).toBe("99.9%");
    expect(percent(1)).toBe("100%");
    expect(percent(0.4361)).toBe("43.6%");
  });

  it("knows the minor units", () => {
    expect([minorDigits("KES"), minorDigits("RWF"), minorDigits(null)]).toEqual([2, 0, 2]);
    expect(digits(1, "RWF")).toBe("1");
    expect(compact(-12500)).toBe("−12.5K");
    expect(counted(1, "record")).toBe("1 record");
    expect(counted(1200, "person", "people")).toBe("1,200 people");
  });
});

describe("time", () => {
  it("is in UTC, as the API counts days", () => {
    expect(moment("2021-10-08T23:59:30-03:00")).toBe("9 Oct 2021, 02:59 UTC");
    expect(day("2021-09-30T23:59:59Z")).toBe("30 Sep 2021");
    expect(monthName("2021-09")).toBe("Sep 2021");
    expect(isoDay("2021-10-08T23:59:30-03:00")).toBe("2021-10-09");
    expect(endOfDay("2021-10-08")).toBe("2021-10-08T23:59:59Z");
  });

  it("takes only whole days", () => {
    expect(["2021-10-08", "2021-13-01", "8.10.2021", "", "2021-10-08T00:00"].map(isDay)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it("tells how old something is", () => {
    const now = Date.parse("2021-11-15T12:00:00Z");
    expect(ago("2021-11-15T11:59:30Z", now)).toBe("just now");
    expect(ago("2021-11-15T11:15:00Z", now)).toBe("45 minutes ago");
    expect(ago("2021-11-14T11:00:00Z", now)).toBe("yesterday");
    expect(ago("2021-11-05T12:00:00Z", now)).toBe("10 days ago");
    expect(ago("2019-11-10T12:00:00Z", now)).toBe("2 years ago");
    expect(isFresh("2021-11-01T12:00:00Z", now)).toBe(true);
    expect(isFresh("2021-11-01T11:59:59Z", now)).toBe(false);
  });
});

describe("words", () => {
  it("tell an unknown kind from an unknown rhythm", () => {
    expect(kindOf("UNKNOWN")).toBe("Kind not stated");
    expect(kindOf("CASH_DEPOSIT")).toBe("Cash deposit");
    expect(plain("UNKNOWN")).toBe("no rhythm");
  });

  it("say a reason plainly, and the API's text for one that is not known here", () => {
    expect(reason({ code: "DELINQUENCY_RECENT", text: "Delinquent" })).toBe("Loan payments were missed lately");
    expect(reason({ code: "SOMETHING_ELSE", text: "The API's text" })).toBe("The API's text");
  });

  it("call no income without a rhythm that only lacks a payment, and no till a card", () => {
    expect(reason({ code: "INCOME_UNVERIFIED", text: "" })).not.toContain("rhythm");
    expect(plain("EARLY_DETECTION")).toBe("two payments so far, not yet certain");
    expect(label("POS")).toBe("Card or till payment");
  });

  it("tell the days that a history has, and those that it needs", () => {
    const _meta = { history_days: 33, latest_record_at: "2026-11-12T08:00:00Z" };
    const limits = { min_history_days: 60, max_age_days: 14 };
    const told = (status: string) => insightStatus({ status, _meta }, limits);
    expect(told("short_history")).toBe("The history is too short to be sure: it has 33 days, and 60 are needed.");
    expect(told("stale")).toBe(
      "The newest message is too old to decide by: it is of 12 Nov 2026, and at most 14 days are allowed.",
    );
    expect(told("no_income")).toBe("No income is known in this time.");
  });

  it("call a person without a name by the phone number", () => {
    const person = { first_name: "Amina", last_name: "", phone_number: "254711000001" };
    expect([fullName(person), nameAndPhone(person)]).toEqual(["Amina", "Amina, +254711000001"]);
    const nameless = { ...person, first_name: "" };
    expect([fullName(nameless), nameAndPhone(nameless)]).toEqual(["+254711000001", "+254711000001"]);
  });

  it("give the value of a reason its unit", () => {
    const each = (amount: number) => `KES ${amount} a month`;
    expect(measure("DATA_STALE", 10.75, each)).toBe("10.75 days");
    expect(measure("LOAN_STACKING", 1, each)).toBe("1 lender");
    expect(measure("GAMBLING_HIGH", 0.15, each)).toBe("15%");
    expect(measure("INCOME_LOW", 5910.53, each)).toBe("KES 5910.53 a month");
    expect(measure("OBLIGATIONS_HIGH", null, each)).toBe(ratio(null));
    expect(measure("SOMETHING_ELSE", 3, each)).toBe(ratio(3));
  });

  it("name an institution once the API has told its name", () => {
    expect(institution("branch_ke")).toBe("branch_ke");
    learnInstitutions([{ institution_id: "branch_ke", display_name: "Branch Kenya" }]);
    expect(institution("branch_ke")).toBe("Branch Kenya");
  });
});

describe("csv", () => {
  it("quotes what needs it, and keeps unknown values empty", () => {
    expect(csv([["a", 'say "x"', "1,5", "two\nlines", null, undefined, 0, -1.5]])).toBe(
      'a,"say ""x""","1,5","two\nlines",,,0,-1.5\r\n',
    );
  });

  it("makes no formula of a text", () => {
    expect(csv([["=1+1", "+2", "-3", "@x", "\tx"]])).toBe("'=1+1,'+2,'-3,'@x,'\tx\r\n");
  });
});
