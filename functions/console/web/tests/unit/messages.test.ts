import { describe, expect, it } from "vitest";
import { batches, MAX_BYTES, MAX_MESSAGES } from "../../src/sms/batches";
import { scan, textOf, unescapeXml, type Scanned } from "../../src/sms/backup";
import { countries, institutions, sendersOf } from "../../src/sms/directory";

const EXPORT = `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<!--File Created By SMS Backup & Restore-->
<smses count="4" backup_set="x">
  <sms protocol="0" address="MPESA" date="1760000000999" type="1" subject="null" body="A &amp; B&#10;paid &quot;x&quot; &#128512;&#55357;&#56832; 5 > 4" toa="null" read="1" />
  <sms address="0700000000" date="1760000001000" type="2" body="sent by the user" />
  <sms address='MPESA' date='soon' type='1' body='x' />
  <sms address="MPESA" date="1760000002000" type="1" />
  <sms address="TALA" date="1760000003" type="1" body="seconds" />
  <mms date="1"><parts><part text="x"/></parts></mms>
  <sms address="BANK" date="1760000003000" type="1" body="two
lines and &lt;b&gt;"/>
</smses>`;

const WANTED: Scanned[] = [
  { sender: "MPESA", body: 'A & B\npaid "x" 😀😀 5 > 4', received_at: "2025-10-09T08:53:20.000Z" },
  "not received",
  "unusable",
  "unusable",
  { sender: "TALA", body: "seconds", received_at: "2025-10-09T08:53:23.000Z" },
  { sender: "BANK", body: "two lines and <b>", received_at: "2025-10-09T08:53:23.000Z" },
];

async function all(parts: string[]): Promise<Scanned[]> {
  const found: Scanned[] = [];
  async function* chunks() {
    yield* parts;
  }
  for await (const each of scan(chunks())) found.push(each);
  return found;
}

describe("a backup", () => {
  it("is read as the operator's tool reads it: received messages, in whole seconds", async () => {
    expect(await all([EXPORT])).toEqual(WANTED);
  });

  it.each([1, 2, 7, 100])("is read the same in parts of %d characters", async (size) => {
    const parts = Array.from({ length: Math.ceil(EXPORT.length / size) }, (_, at) =>
      EXPORT.slice(at * size, (at + 1) * size),
    );
    expect(await all(parts)).toEqual(WANTED);
  });

  it("is told from other files", async () => {
    await expect(all(["<html><body>no</body></html>"])).rejects.toThrow("not an export");
    await expect(all([""])).rejects.toThrow("not an export");
    await expect(all(['<?xml version="1.0"?><cal', 'ls count="1"><call/></calls>'])).rejects.toThrow("holds calls");
    await expect(all(['<smses><sms body="', "x".repeat(1_100_000)])).rejects.toThrow("not an export");
  });

  it("is refused if its end is missing", async () => {
    const [, whole] = /^(.*)<\/smses>/s.exec(EXPORT)!;
    await expect(all([whole!])).rejects.toThrow("is cut off");
    await expect(all([whole!.slice(0, whole!.lastIndexOf("<sms ") + 20)])).rejects.toThrow("is cut off");
    expect(await all(['<smses count="0"/>'])).toEqual([]);
  });

  it("keeps letters whose bytes are torn", async () => {
    const text = "ሰላም 😀";
    let found = "";
    for await (const part of textOf(new Blob([new TextEncoder().encode(text)]))) found += part;
    expect(found).toBe(text);
    expect(unescapeXml("&unknown; &#x1F600; &#1114112;")).toBe("&unknown; 😀 &#1114112;");
  });
});

describe("batches", () => {
  const message = (body: string) => ({ sender: "MPESA", body, received_at: "2025-10-09T08:53:20Z" });

  it("have every message once, in order, within the API's limits", () => {
    const messages = Array.from({ length: 1_234 }, (_, at) => message(`${at}${"ሰ".repeat(at % 7 === 0 ? 9_000 : 10)}`));
    const made = batches(messages);
    expect(made.flat()).toEqual(messages);
    for (const batch of made) {
      expect(batch.length).toBeLessThanOrEqual(MAX_MESSAGES);
      expect(new TextEncoder().encode(JSON.stringify({ messages: batch })).length).toBeLessThanOrEqual(MAX_BYTES + 20);
    }
  });

  it("are none without messages", () => expect(batches([])).toEqual([]));
});

describe("the directory of senders", () => {
  it("has the countries by name, each with its senders once", () => {
    const names = countries.map(([, name]) => name);
    expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b, "en")));
    expect(countries).toContainEqual(["KE", "Kenya"]);
    expect(sendersOf("KE")).toContain("MPESA");
    expect(sendersOf("GH")).not.toContain("MPESA");
    expect(sendersOf("")).toEqual([...new Set(sendersOf(""))]);
    expect(sendersOf("")).toContain("MobileMoney");
    expect(sendersOf("XX")).toEqual([]);
    expect(institutions).toContainEqual({ institution_id: "mpesa", display_name: "M-PESA" });
  });
});
