/** A long list in a scrolling box. Only the visible rows are in the page. */

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows beyond the view, so that scrolling shows no gaps. */
const SPARE = 8;
/** Browsers place nothing below about 33 million pixels. */
const MOST_PIXELS = 16_000_000;

type Props = {
  name: string;
  rows: number;
  /** The number of all rows, if known. */
  total: number | null;
  rowHeight: number;

  head: ComponentChildren;
  row: (at: number) => ComponentChildren;
  /** Called near the end of the rows. */
  nearEnd: () => void;
};

/** The visible rows, of `rows` rows of `height`: the first, and the one after the last. */
export function visible(top: number, view: number, height: number, rows: number): [number, number] {
  const first = Math.max(0, Math.floor(top / height) - SPARE);
  return [Math.min(first, rows), Math.min(rows, Math.ceil((top + view) / height) + SPARE)];
}

export function Windowed({ name, rows, total, rowHeight, head, row, nearEnd }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ top: 0, view: 600 });
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    let asked = 0;
    const read = () => {
      asked = 0;
      setPlace({ top: box.scrollTop, view: box.clientHeight });
    };
    const ask = () => void (asked ||= requestAnimationFrame(read));
    box.addEventListener("scroll", ask, { passive: true });
    const watch = new ResizeObserver(ask);
    watch.observe(box);
    read();
    return () => {
      box.removeEventListener("scroll", ask);
      watch.disconnect();
      cancelAnimationFrame(asked);
    };
  }, []);
  const height = Math.min(rows * rowHeight, MOST_PIXELS);
  const [first, after] = visible(place.top, place.view, rowHeight, rows);
  // Set by the object model: the page's policy forbids style attributes.
  useLayoutEffect(() => {
    canvas.current?.style.setProperty("height", `${height}px`);
  }, [height]);
  useEffect(() => {
    if (rows > 0 && after >= rows - 2 * SPARE) nearEnd();
  }, [after, rows]);
  return (
    <div
      class="windowed"
      ref={ref}
      tabIndex={0}
      role="table"
      aria-label={name}
      aria-rowcount={total === null ? -1 : total + 1}
    >
      {head}
      <div class="canvas" ref={canvas} role="rowgroup">
        {Array.from({ length: after - first }, (_, at) => (
          <Placed key={first + at} top={(first + at) * rowHeight} index={first + at + 2}>
            {row(first + at)}
          </Placed>
        ))}
      </div>
    </div>
  );
}

function Placed({ top, index, children }: { top: number; index: number; children: ComponentChildren }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => ref.current?.style.setProperty("transform", `translateY(${top}px)`), [top]);
  return (
    <div class="windowed-row" ref={ref} role="row" aria-rowindex={index}>
      {children}
    </div>
  );
}
