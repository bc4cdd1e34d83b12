import { describe, expect, it } from "vitest";
import { csv } from "../../src/format/csv";
import { compact, counted, digits, minorDigits, money, percent } from "../../src/format/money";
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
    expect(moment("2021-10-08T23:59:30-03:00")).toBe("9 Oct 2021, 02:59");
    expect(day("2021-09-30T23:59:59Z")).toBe("30 Sep 2021");
    expect(monthName("2021-09")).toBe("Sep 2021");
    expect(isoDay("2021-10-08T23:59:30-03:00")).toBe("2021-10-09");
    expect(endOfDay("2021-10-08")).toBe("2021-10-08T23:59:59Z");
  });

  it("takes only whole days", () => {
    expect(["2021-10-08", "2021-13-01", "8.10.2021", "", "2021-10-08T00:00"].map(isDay)).toEqual([true, false, false, false, false]);
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

describe("csv", () => {
  it("quotes what needs it, and keeps unknown values empty", () => {
    expect(csv([["a", 'say "x"', "1,5", "two\nlines", null, undefined, 0, -1.5]])).toBe('a,"say ""x""","1,5","two\nlines",,,0,-1.5\r\n');
  });

  it("makes no formula of a text", () => {
    expect(csv([["=1+1", "+2", "-3", "@x", "\tx"]])).toBe("'=1+1,'+2,'-3,'@x,'\tx\r\n");
  });
});
