/** Two bars for each month: in and out. */

import type { ComponentChildren } from "preact";
import { money } from "../format/money";
import { monthName } from "../format/time";
import { Table } from "../ui/table";
import { Figure } from "./figure";
import { ValueGrid } from "./grid";
import { bandScale, everyNth, valueScale } from "./series";

export type MonthRow = { month: string; in: number | null; out: number | null; net: number | null; partial?: boolean };

type Props = {
  caption: string;
  currency: string | null;
  months: MonthRow[];
  most?: number;
  /** The cells of a month in the table. */
  nameOf?: (month: string) => ComponentChildren;
};

export function MonthBars({ caption, currency, months, most = 13, nameOf = monthName }: Props) {
  const shown = months.slice(-most);
  return (
    <Figure
      caption={caption}
      legend={[
        { name: "In", shape: "fill-0" },
        { name: "Out", shape: "fill-1" },
        ...(shown.some((row) => row.partial) ? [{ name: "Lighter: not the whole month", shape: "partial" }] : []),
      ]}
      draw={(box) => {
        const y = valueScale(
          shown.flatMap((row) => [row.in ?? 0, row.out ?? 0]),
          box,
        );
        const x = bandScale(
          shown.map((row) => row.month),
          box,
        );
        const half = x.bandwidth() / 2;
        const names = everyNth(shown, Math.max(2, Math.floor((box.width - box.left - box.right) / 64)));
        return (
          <g>
            <ValueGrid y={y} box={box} />
            {shown.map((row) => {
              const at = x(row.month) ?? 0;
              const bar = (value: number | null, offset: number, series: number) =>
                value ? (
                  <rect
                    class={`fill-${series}`}
                    x={at + offset}
                    width={Math.max(half - 1, 1)}
                    y={y(value)}
                    height={Math.max(y(0) - y(value), 0.5)}
                    rx="1"
                  />
                ) : null;
              return (
                <g key={row.month} class={row.partial ? "partial" : ""}>
                  {bar(row.in, 0, 0)}
                  {bar(row.out, half, 1)}
                </g>
              );
            })}
            {names.map((row) => (
              <text
                key={row.month}
                class="tick"
                x={Math.min((x(row.month) ?? 0) + half, box.width - 30)}
                y={box.height - 6}
                text-anchor="middle"
              >
                {monthName(row.month)}
              </text>
            ))}
          </g>
        );
      }}
      table={
        <Table
          caption={caption}
          rows={months.toReversed()}
          id={(row) => row.month}
          columns={[
            {
              name: "Month",
              head: true,
              cell: (row) => (
                <>
                  {nameOf(row.month)}
                  {row.partial ? " (part)" : ""}
                </>
              ),
            },
            { name: "In", number: true, cell: (row) => money(row.in, currency) },
            { name: "Out", number: true, cell: (row) => money(row.out, currency) },
            { name: "Net", number: true, cell: (row) => money(row.net, currency) },
          ]}
        />
      }
    />
  );
}
