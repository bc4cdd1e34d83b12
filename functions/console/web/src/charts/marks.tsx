/** Events of a chart. Each has a shape and a colour, because some readers cannot tell colours apart. */

import type { timeScale } from "./series";

/** An event. Its shape is a link if it has an address. */
export type Mark = { time: Date; kind: keyof typeof KINDS; title: string; href?: string };

/** A period with a coloured background. */
export type Span = { from: Date; to: Date };

const KINDS = { out: "Paid out", in: "Repayment", closed: "Repaid in full", warn: "Missed payment", bad: "Default" };

/** A path within a square of 12 by 12 around the origin. */
const SHAPES: Record<Mark["kind"], string> = {
  out: "M0-5L5 0L0 5L-5 0Z",
  in: "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0-4 0Z",
  closed: "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0-5 0ZM-2.5 0A2.5 2.5 0 1 1 2.5 0A2.5 2.5 0 1 1-2.5 0Z",
  warn: "M0-5.5L5.5 4.5H-5.5Z",
  bad: "M-5-5H5V5H-5Z",
};

/** Pixels around a shape in which a pointer hits it. */
const REACH = 8;

/** Repayments have a lane of their own, because a loan is often repaid on the day when another is paid out. */
const PAID: Mark["kind"][] = ["in", "closed"];
const LANE = 16;
/** Height in pixels of the lanes of the events. */
export const LANES = 2 * LANE + 4;

export const legendOfMarks = (marks: Mark[], spans: Span[]) => [
  ...Object.entries(KINDS)
    .filter(([kind]) => marks.some((mark) => mark.kind === kind))
    .map(([kind, name]) => ({ name, shape: `mark ${kind}`, path: SHAPES[kind as Mark["kind"]] })),
  ...(spans.length > 0 ? [{ name: "Late", shape: "span" }] : []),
];

type Scale = ReturnType<typeof timeScale>;

/** The worst and the latest events are drawn on top. Screen readers and the keyboard use the links of the table. */
export function Marks({ marks, x, bottom }: { marks: Mark[]; x: Scale; bottom: number }) {
  const order = Object.keys(KINDS);
  const drawn = marks.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || +a.time - +b.time);
  return (
    <>
      {drawn.map((mark, at) => {
        const shape = (
          <g transform={`translate(${x(mark.time)} ${bottom - LANE * (PAID.includes(mark.kind) ? 0.5 : 1.5)})`}>
            <title>{mark.title}</title>
            <circle class="reach" r={REACH} />
            <path class={`mark ${mark.kind}`} d={SHAPES[mark.kind]} />
          </g>
        );
        return mark.href ? (
          <a key={at} href={mark.href} tabindex={-1}>
            {shape}
          </a>
        ) : (
          <g key={at}>{shape}</g>
        );
      })}
    </>
  );
}

export function Spans({ spans, x, top, bottom }: { spans: Span[]; x: Scale; top: number; bottom: number }) {
  return (
    <>
      {spans.map(({ from, to }) => (
        <rect key={+from} class="span" x={x(from)} y={top} width={Math.max(x(to) - x(from), 1)} height={bottom - top} />
      ))}
    </>
  );
}
