/** The instant of the figures. For old data it is the time of the newest record. */

import { day, endOfDay, isDay, isFresh, isoDay } from "../format/time";
import { address, href, replace } from "../router";
import { Field } from "./basics";

/** The day in the address, or today. For old data, the day of its newest record. */
export function asOfDay(latest: string): string {
  const at = address.value.query.get("at") ?? "";
  if (isDay(at)) return at;
  return isFresh(latest) ? "" : isoDay(latest);
}

/** In the format of the API; undefined means now. */
export const asOfTime = (text: string) => (text ? endOfDay(text) : undefined);

export function AsOf({ user, part, latest }: { user: string; part: string; latest: string }) {
  const at = asOfDay(latest);
  const set = (text: string) => replace(href(["people", user, part], { at: text }));
  const hint = at === isoDay(latest) ? "The day of the newest message. The API takes now" : at ? "Days are in UTC" : "Left empty: now";
  return (
    <div class="toolbar">
      <Field name="As of the end of" hint={hint}>
        <input
          type="date"
          value={at}
          max={isoDay(Date.now())}
          onChange={(event) => set(event.currentTarget.value || isoDay(Date.now()))}
        />
      </Field>
      {at !== isoDay(latest) && (
        <button type="button" onClick={() => set(isoDay(latest))}>{`Use ${day(latest)}, the newest message`}</button>
      )}
    </div>
  );
}
