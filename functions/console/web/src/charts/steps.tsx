/** Amounts over time, as lines that keep their value until the next one. */

import type { ComponentChildren } from "preact";
import { money } from "../format/money";
import { day } from "../format/time";
import { Table } from "../ui/table";
import { Figure } from "./figure";
import { ValueGrid } from "./grid";
import { LANES, legendOfMarks, Marks, Spans, type Mark, type Span } from "./marks";
import { everyNth, lineClass, stepPath, timeScale, valueScale, type Step } from "./series";

export type Line = { name: string; currency: string | null; points: Step[] };

/** A piece of a line for the legend: as wide as its square, and long enough for a dash pattern. */
const SAMPLE = "M-6 0H6";

/** The height of a chart that shows only events. */
const EVENTS_HEIGHT = 76;

type Props = {
  caption: string;
  lines: Line[];
  from: Date;
  to: Date;
  /** Events below the lines. */
  marks?: Mark[];
  /** Periods with a coloured background. */
  spans?: Span[];
  height?: number;
  /** Shown beside the picture in place of the balances. */
  table?: ComponentChildren;
  summary?: string;
};

export function StepChart({ caption, lines, from, to, marks = [], spans = [], height, table, summary }: Props) {
  const rows = lines
    .flatMap((line) => line.points.map((point) => ({ ...point, line })))
    .sort((a, b) => b.time.getTime() - a.time.getTime());
  const values = rows.flatMap((row) => row.value ?? []);
  const names =
    lines.length > 1 ? lines.map((line, series) => ({ name: line.name, shape: lineClass(series), path: SAMPLE })) : [];
  // Reminders alone have neither an amount nor a mark.
  if (values.length === 0 && marks.length === 0 && table) {
    return (
      <details class="figures">
        <summary>{summary}</summary>
        {table}
      </details>
    );
  }
  return (
    <Figure
      caption={caption}
      height={values.length > 0 ? height : EVENTS_HEIGHT}
      legend={[...names, ...legendOfMarks(marks, spans)]}
      summary={summary}
      draw={(whole) => {
        const box = marks.length > 0 ? { ...whole, bottom: whole.bottom + LANES } : whole;
        const y = valueScale(values, box);
        const x = timeScale(from, to, box);
        const format = x.tickFormat();
        const places = everyNth(x.ticks(6), Math.max(2, Math.floor(box.width / 90)));
        return (
          <g>
            <Spans spans={spans} x={x} top={box.top} bottom={whole.height - whole.bottom} />
            {values.length > 0 && <ValueGrid y={y} box={box} />}
            {places.map((tick) => (
              <text key={+tick} class="tick" x={x(tick)} y={box.height - 6} text-anchor="middle">
                {format(tick)}
              </text>
            ))}
            {lines.map((line, series) => {
              const last = line.points.at(-1);
              const held = last ? [...line.points, { time: to, value: last.value }] : [];
              return <path key={line.name} class={lineClass(series)} d={stepPath(held, x, y)} />;
            })}
            <Marks marks={marks} x={x} bottom={whole.height - whole.bottom} />
          </g>
        );
      }}
      table={
        table ?? (
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
        )
      }
    />
  );
}
