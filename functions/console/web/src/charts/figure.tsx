/** The frame of a chart: caption, picture, and the same figures as a table. */

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Box } from "./series";

type Props = {
  caption: ComponentChildren;
  /** The meaning of shapes or colours. Without a path, the shape is a square. */
  legend?: { name: string; shape: string; path?: string }[];
  table: ComponentChildren;
  /** The caption of the table. */
  summary?: string;
  height?: number;
  draw: (box: Box) => JSX.Element;
};

export function Figure({ caption, legend, table, summary = "Figures", height = 220, draw }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!ref.current) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(ref.current);
    return () => watch.disconnect();
  }, []);
  const box = { width, height, left: 52, right: 8, top: 10, bottom: 24 };
  return (
    <figure class="figure">
      <figcaption>{caption}</figcaption>
      {legend && legend.length > 0 && (
        <ul class="legend">
          {legend.map((each) => (
            <li key={each.name}>
              <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
                {each.path ? (
                  <path d={each.path} class={each.shape} />
                ) : (
                  <rect x="-6" y="-6" width="12" height="12" rx="2" class={each.shape} />
                )}
              </svg>
              {each.name}
            </li>
          ))}
        </ul>
      )}
      <div class="plot" ref={ref}>
        <svg width={width} height={height} aria-hidden="true" focusable="false">
          {width > 0 && draw(box)}
        </svg>
      </div>
      <details class="figures">
        <summary>{summary}</summary>
        {table}
      </details>
    </figure>
  );
}
