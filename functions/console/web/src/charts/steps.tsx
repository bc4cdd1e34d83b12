/** Balances over time, as lines that hold until the next balance. */

import { money } from "../format/money";
import { day } from "../format/time";
import { Table } from "../ui/table";
import { Figure } from "./figure";
import { ValueGrid } from "./grid";
import { everyNth, stepPath, timeScale, valueScale, type Point } from "./series";

export type Line = { name: string; currency: string | null; points: Point[] };

/** An event below a line. */
export type Mark = { time: Date; kind: keyof typeof MARKS };
const MARKS = { out: "Paid out", in: "Repayment", warn: "Missed payment", bad: "Default" };

const legendOf = (marks: Mark[]) =>
  Object.entries(MARKS)
    .filter(([kind]) => marks.some((mark) => mark.kind === kind))
    .map(([kind, name]) => ({ name, shape: `mark ${kind}` }));

export function StepChart({ caption, lines, from, to, marks = [], height }: { caption: string; lines: Line[]; from: Date; to: Date; marks?: Mark[]; height?: number }) {
  const rows = lines
    .flatMap((line) => line.points.map((point) => ({ ...point, line })))
    .sort((a, b) => b.time.getTime() - a.time.getTime());
  return (
    <Figure
      caption={caption}
      height={height}
      legend={lines.length > 1 ? lines.map((line, series) => ({ name: line.name, shape: `fill-${series}` })) : legendOf(marks)}
      draw={(box) => {
        const y = valueScale(rows.map((row) => row.value), box);
        const x = timeScale(from, to, box);
        const format = x.tickFormat();
        const places = everyNth(x.ticks(6), Math.max(2, Math.floor(box.width / 90)));
        return (
          <g>
            <ValueGrid y={y} box={box} />
            {places.map((tick) => (
              <text key={+tick} class="tick" x={x(tick)} y={box.height - 6} text-anchor="middle">{format(tick)}</text>
            ))}
            {lines.map((line, series) => {
              const last = line.points.at(-1);
              const held = last ? [...line.points, { time: to, value: last.value }] : [];
              return <path key={line.name} class={`line stroke-${series}`} d={stepPath(held, x, y)} />;
            })}
            {marks.map((mark) => (
              <circle key={`${+mark.time} ${mark.kind}`} class={`mark ${mark.kind}`} cx={x(mark.time)} cy={box.height - box.bottom} r="4" />
            ))}
          </g>
        );
      }}
      table={
        <Table
          caption={caption}
          rows={rows.slice(0, 400)}
          id={(row, at) => `${row.line.name} ${+row.time} ${at}`}
          columns={[
            { name: "Day", head: true, cell: (row) => day(row.time) },
            { name: "Account", cell: (row) => row.line.name },
            { name: "Balance", number: true, cell: (row) => money(row.value, row.line.currency) },
          ]}
        />
      }
    />
  );
}
