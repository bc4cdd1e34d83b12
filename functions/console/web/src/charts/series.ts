/** The geometry of charts. Values are the API's; only positions on the screen are computed here. */

import { scaleBand, scaleLinear, scaleUtc } from "d3-scale";
import { curveStepAfter, line } from "d3-shape";
import { utcDay } from "d3-time";

export type Point = { time: Date; value: number };
/** A value that holds from a time on; null if it is unknown from then on. */
export type Step = { time: Date; value: number | null };
export type Box = { width: number; height: number; left: number; right: number; top: number; bottom: number };

/** The last value of each day in UTC, oldest first: at most one point for each day, at the day's start. */
export function endOfDay(points: Point[]): Point[] {
  const byDay = new Map<number, Point>();
  for (const point of points.toSorted((a, b) => a.time.getTime() - b.time.getTime())) {
    byDay.set(utcDay.floor(point.time).getTime(), point);
  }
  return [...byDay].map(([time, { value }]) => ({ time: new Date(time), value }));
}

/** Number of colours and dash patterns in the style sheet. */
const COLOURS = 5;
const DASHES = 4;

/** The classes of a line by its index: a colour, and for each round of colours a dash pattern. */
export const lineClass = (series: number) =>
  `line stroke-${series % COLOURS} dash-${Math.floor(series / COLOURS) % DASHES}`;

/** The points from a day on, with the point that was valid when the day began. */
export function since(points: Point[], from: Date): Point[] {
  const inside = points.filter((point) => point.time >= from);
  const before = points.findLast((point) => point.time < from);
  return before ? [{ time: from, value: before.value }, ...inside] : inside;
}

export function valueScale(values: number[], box: Box) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  return scaleLinear([low, high === low ? low + 1 : high], [box.height - box.bottom, box.top]).nice(4);
}

export const timeScale = (from: Date, to: Date, box: Box) => scaleUtc([from, to], [box.left, box.width - box.right]);

/** The widest bar, in pixels, so that few bars do not fill the screen. */
const WIDEST_BAND = 110;

export const bandScale = (keys: string[], box: Box) =>
  scaleBand(keys, [box.left, Math.min(box.width - box.right, box.left + keys.length * WIDEST_BAND)])
    .paddingInner(0.3)
    .paddingOuter(0.15);

/** A line that holds each value until the next, with gaps where the value is unknown. */
export function stepPath(steps: Step[], x: (time: Date) => number, y: (value: number) => number): string {
  // A value also holds until the time from which it is unknown.
  const ended = steps.flatMap((step, at) =>
    step.value === null && at > 0 ? [{ time: step.time, value: steps[at - 1]!.value }, step] : [step],
  );
  return (
    line<Step>(
      (step) => x(step.time),
      (step) => y(step.value ?? 0),
    )
      .defined((step) => step.value !== null)
      .curve(curveStepAfter)(ended) ?? ""
  );
}

/** Every n-th of many ticks, so that their labels do not overlap. */
export const everyNth = <T>(ticks: T[], most: number) => {
  const n = Math.ceil(ticks.length / most);
  return ticks.filter((_, at) => (ticks.length - 1 - at) % n === 0);
};
