import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  bandScale,
  endOfDay,
  everyNth,
  lineClass,
  since,
  stepPath,
  valueScale,
  type Point,
} from "../../src/charts/series";
import { visible } from "../../src/ui/windowed";

const at = (time: string, value: number): Point => ({ time: new Date(time), value });
const box = { width: 100, height: 100, left: 0, right: 0, top: 0, bottom: 0 };

describe("balances at the end of a day", () => {
  it("are the last of each day in UTC, whatever the order of the records", () => {
    const points = [at("2021-10-09T00:30:00Z", 3), at("2021-10-08T23:59:59Z", 2), at("2021-10-08T08:00:00Z", 1)];
    expect(endOfDay(points)).toEqual([at("2021-10-08", 2), at("2021-10-09", 3)]);
  });

  it("carry the balance that held when the time began", () => {
    const points = [at("2021-10-01", 1), at("2021-10-03", 2), at("2021-10-09", 3)];
    const from = new Date("2021-10-05");
    expect(since(points, from)).toEqual([at("2021-10-05", 2), at("2021-10-09", 3)]);
    expect(since(points.slice(2), from)).toEqual([at("2021-10-09", 3)]);
  });
});

describe("paths", () => {
  it("hold each value until the next", () => {
    const points = [at("2021-10-08", 10), at("2021-10-09", 20)];
    const x = (time: Date) => time.getUTCDate();
    expect(stepPath(points, x, (value) => value)).toBe("M8,10L9,10L9,20");
    expect(stepPath([], x, (value) => value)).toBe("");
  });

  it("have a gap where the value is unknown, and hold the value until there", () => {
    const steps = [
      at("2021-10-08", 10),
      { time: new Date("2021-10-10"), value: null },
      at("2021-10-12", 20),
      at("2021-10-13", 20),
    ];
    const x = (time: Date) => time.getUTCDate();
    expect(stepPath(steps, x, (value) => value)).toBe("M8,10L10,10L10,10M12,20L13,20L13,20");
    expect(stepPath(steps.slice(1, 2), x, (value) => value)).toBe("");
  });

  it("start at zero, and have room below it for debts", () => {
    expect(valueScale([100, 400], box)(0)).toBe(100);
    const both = valueScale([-50, 100], box);
    expect(both(-50)).toBeGreaterThan(both(0));
    expect(valueScale([], box)(0)).toBe(100);
  });

  it("give each month a band of its own", () => {
    const scale = bandScale(["2021-09", "2021-10"], box);
    expect(scale("2021-10")).toBeGreaterThan((scale("2021-09") ?? 0) + scale.bandwidth());
  });

  it("name the last of many ticks", () => {
    expect(everyNth([1, 2, 3, 4, 5], 2)).toEqual([2, 5]);
    expect(everyNth([1, 2], 5)).toEqual([1, 2]);
  });
});

describe("lines", () => {
  const styles = readFileSync(join(import.meta.dirname, "../../src/style.css"), "utf8");

  it("look different for 20 accounts, each in a way that the style sheet has", () => {
    const all = Array.from({ length: 20 }, (_, series) => lineClass(series));
    expect(new Set(all).size).toBe(20);
    for (const name of all.flatMap((each) => each.split(" "))) expect(styles).toContain(`.${name} {`);
    expect(lineClass(20)).toBe(lineClass(0));
  });
});

describe("a windowed list", () => {
  it("has only rows in view and a few beside them", () => {
    expect(visible(0, 600, 44, 100_000)).toEqual([0, 22]);
    const [first, after] = visible(44 * 50_000, 600, 44, 100_000);
    expect(first).toBeLessThanOrEqual(50_000);
    expect(after).toBeGreaterThanOrEqual(50_014);
    expect(after - first).toBeLessThan(40);
    expect(visible(44 * 100_000, 600, 44, 100_000)[1]).toBe(100_000);
    expect(visible(0, 600, 44, 3)).toEqual([0, 3]);
  });
});
