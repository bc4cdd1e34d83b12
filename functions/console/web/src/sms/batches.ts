/** Messages in batches that the API takes: at most 1,000, and a body of at most 1 MiB. */

import type { NewMessage } from "./backup";

export const MAX_MESSAGES = 500;
export const MAX_BYTES = 700_000;

const encoder = new TextEncoder();

export function batches(messages: NewMessage[]): NewMessage[][] {
  const found: NewMessage[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = encoder.encode(JSON.stringify(message)).length + 1;
    const last = found.at(-1);
    if (!last || last.length >= MAX_MESSAGES || bytes + size > MAX_BYTES) {
      found.push([message]);
      bytes = size;
    } else {
      last.push(message);
      bytes += size;
    }
  }
  return found;
}
