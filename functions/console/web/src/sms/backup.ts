/**
 * Reads an export of Android's "SMS Backup & Restore" while it arrives: `<sms address="" date="" type="" body=""/>`.
 * The browser's XML parser would need the whole file in memory, and the page's policy for trusted types forbids it to
 * take text. Only this element matters, so a scanner finds it. The rules are the same as in `daftari-admin sms import`.
 */

import type { components } from "../api/schema";

export type NewMessage = components["schemas"]["NewMessage"];

/** `type` of a message that the phone received. Sent messages never come from a bank. */
const RECEIVED = "1";
/** Limits of the API. */
const MAX_BODY = 16_000;
const MAX_SENDER = 64;
/** The same as in the API: smaller numbers are seconds since 1970. */
const FIRST_MILLISECONDS = 100_000_000_000;
/** Limit of an element, in characters. A longer element means that the file is not an export. */
const MAX_ELEMENT = 1_000_000;

const CUT_OFF = "This file is cut off: it does not end with </smses>. Copy the whole file, or export it again.";
const NO_EXPORT = "This file is not an export of SMS Backup & Restore.";
const CALLS =
  "This file holds calls, not messages. Choose the file of messages (sms-….xml), or export the messages too.";

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The text of an attribute. An emoji is written as two references, one for each surrogate. */
export function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
    if (code > 0x10ffff) return whole;
    return code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code);
  });
}

function attributes(element: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", double, single] of element.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    // Line ends that are not references count as spaces (XML 1.0, section 3.3.3).
    found.set(name, unescapeXml((double ?? single ?? "").replace(/\r\n|[\t\r\n]/g, " ")));
  }
  return found;
}

/** A received message, another one, or one that cannot be sent to the API. */
export type Scanned = NewMessage | "not received" | "unusable";

function messageOf(element: string): Scanned {
  const found = attributes(element);
  const time = Number(found.get("date"));
  const sender = found.get("address")?.trim() ?? "";
  const body = found.get("body") ?? "";
  if (found.get("type") !== RECEIVED) return "not received";
  const usable = sender && sender.length <= MAX_SENDER && body && body.length <= MAX_BODY && time > 0 && time < 8.64e15;
  if (!usable) return "unusable";
  // Whole seconds, as in the operator's tool: the ids of messages are derived from the sent values.
  const seconds = Math.floor(time < FIRST_MILLISECONDS ? time : time / 1000);
  return { sender, body: body.toWellFormed(), received_at: new Date(seconds * 1000).toISOString() };
}

/** The end of the element that starts at `from`: the first `>` outside of quotes. -1 if it has not arrived yet. */
function endOf(text: string, from: number): number {
  let quote = "";
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (quote) {
      if (letter === quote) quote = "";
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === ">") return at;
  }
  return -1;
}

/** Every `<sms>` element of a file, in its order. `chunks` are the parts of its text. */
export async function* scan(chunks: AsyncIterable<string>): AsyncGenerator<Scanned> {
  let text = "";
  let [isExport, isWhole, hasCalls] = [false, false, false];
  for await (const chunk of chunks) {
    text += chunk;
    isExport ||= text.includes("<smses");
    hasCalls ||= text.includes("<calls");
    isWhole ||= /<\/smses\s*>|<smses[^>]*\/>/.test(text);
    for (;;) {
      const start = text.search(/<sms[\s/>]/);
      if (start < 0) {
        text = text.slice(-9); // A tag may be split between chunks.
        break;
      }
      const end = endOf(text, start);
      if (end < 0) {
        text = text.slice(start);
        if (text.length > MAX_ELEMENT) throw new Error(NO_EXPORT);
        break;
      }
      yield messageOf(text.slice(start, end));
      text = text.slice(end + 1);
    }
  }
  if (!isExport) throw new Error(hasCalls ? CALLS : NO_EXPORT);
  if (!isWhole) throw new Error(CUT_OFF);
}

/** The text of a file in chunks. Characters may be split between chunks of bytes. */
export async function* textOf(file: Blob): AsyncGenerator<string> {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
