/** The grid lines of a chart, with their values on the left. */

import { compact } from "../format/money";
import type { Box, valueScale } from "./series";

export function ValueGrid({ y, box }: { y: ReturnType<typeof valueScale>; box: Box }) {
  return (
    <>
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <line class="grid" x1={box.left} x2={box.width - box.right} y1={y(tick)} y2={y(tick)} />
          <text class="tick" x={box.left - 8} y={y(tick)} dy="0.32em" text-anchor="end">
            {compact(tick)}
          </text>
        </g>
      ))}
    </>
  );
}
