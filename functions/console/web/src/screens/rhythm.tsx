/** The rhythm of a stream of payments. */

import type { Stream } from "../api/insights";
import { plain } from "../format/insight-words";

/** Whether a stream has a rhythm that too few payments confirm. Its next payment is expected, but no sum counts it. */
export const isEarly = (stream: Pick<Stream, "status">) => stream.status === "EARLY_DETECTION";

export function Rhythm({ stream }: { stream: Stream }) {
  if (stream.count === 1) return <>one payment</>;
  const rest = isEarly(stream) ? `, ${plain(stream.status)}` : stream.is_active ? "" : ", stopped";
  // One element, because a narrow screen sets the parts of a cell side by side.
  return (
    <span>
      {plain(stream.frequency)}
      {rest && <span class="muted">{rest}</span>}
    </span>
  );
}
