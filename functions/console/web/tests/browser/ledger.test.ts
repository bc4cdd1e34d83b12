import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, go, settled } from "./page.ts";
import { daysAgo, get, JOSEPH } from "./service.ts";
import { browser } from "./shared.ts";

const ROWS = ".windowed-row";

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

test("filters are the address, and find what the API finds", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}/ledger?labels=LoanMissedPayment`);
  const missed = await get(`/users/${JOSEPH}/ledger?labels=LoanMissedPayment`);
  await page.getByText(`${missed.records.length} records, newest first.`).waitFor();
  assert.equal(await page.locator(ROWS).count(), missed.records.length);
  await page.getByLabel("Label").selectOption("");
  await page.getByLabel("Institution", { exact: true }).selectOption("equitybank");
  await page.getByLabel("Direction").selectOption("CREDIT");
  const [from, to] = [daysAgo(80), daysAgo(30)];
  await page.getByLabel("From").fill(from);
  await page.getByLabel("To", { exact: true }).fill(to);
  const query = `institution_id=equitybank&impact=CREDIT&utc_starttime=${from}T00:00:00Z&utc_endtime=${to}T23:59:59Z`;
  const found = await get(`/users/${JOSEPH}/ledger?${query}`);
  assert(found.records.length > 0);
  await page.getByText(`${found.records.length} records, newest first.`).waitFor();
  const address = await page.evaluate(() => location.hash);
  for (const part of ["institution_id=equitybank", "impact=CREDIT", `from=${from}`, `to=${to}`])
    assert(address.includes(part), address);

  const downloads = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const lines = (await text(await (await downloads).createReadStream())).trim().split("\r\n");
  assert.equal(lines[0]!.replace("\ufeff", "").split(",")[0], "timestamp");
  type Record_ = { timestamp: string; amount: number; id: string };
  assert.deepEqual(
    lines.slice(1).map((line) => [line.split(",")[0], Number(line.split(",")[5]), line.split(",").at(-1)]),
    found.records.map((record: Record_) => [record.timestamp, record.amount, record.id]),
  );

  await page.getByRole("link", { name: "Clear all" }).click();
  await page.getByText("The newest 1,000 records; more load as you scroll.").waitFor();
  await close({ failures: true });
});

test("on a phone, a record has its labels and the whole name of its institution", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}/ledger?labels=Salary`, {
    viewport: { width: 360, height: 800 },
  });
  const first = page.locator(ROWS).first();
  await first.getByText("Salary", { exact: true }).waitFor();
  const cut = await page
    .locator(`${ROWS} .where`)
    .evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent));
  assert.deepEqual(cut, []);
  await close({ failures: true });
});

test("a filter that finds nothing says how to go on", async () => {
  const { page, close } = await enter(
    await browser(),
    `/people/${JOSEPH}/ledger?labels=LoanRepaid&institution_id=coopbank`,
  );
  await page.getByText("No record matches").waitFor();
  await page.getByRole("link", { name: "Clear the filters" }).click();
  await page.locator(ROWS).first().waitFor();
  await close({ failures: true });
});

test("all records come as one scrolls, and only those in view are in the page", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}/ledger`);
  const all = await get(`/users/${JOSEPH}/ledger`);
  assert(all.records.length > 1_000);
  const box = page.locator(".windowed");
  const total = `${all.records.length.toLocaleString("en")} records, newest first.`;
  while (!(await page.getByText(total).count())) {
    await box.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.waitForTimeout(50);
    assert((await page.locator(ROWS).count()) < 60);
  }
  await box.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  const last = page.locator(`[aria-rowindex="${all.records.length + 1}"]`);
  await last.waitFor();
  await last.getByRole("link").click();
  await page.getByRole("dialog").getByText(all.records.at(-1).id).first().waitFor();
  await close({ failures: true });
});

test("a hundred thousand records scroll to their end", async () => {
  const { page, close } = await enter(await browser(), "/people");
  const [pages, size] = [100, 1_000];
  await page.route(/\/ledger\?.*limit=1000/, async (route) => {
    const at = Number(new URL(route.request().url()).searchParams.get("cursor") ?? 0);
    const records = Array.from({ length: size }, (_, index) => ({
      id: `record-${at * size + index}`,
      timestamp: "2021-10-08T10:41:25+00:00",
      institution_id: "mpesa",
      account_id: "default",
      account_type: "depository",
      amount: at * size + index,
      balance: null,
      currency: "KES",
      impact: "CREDIT",
      labels: [],
    }));
    await route.fulfill({ json: { records, next_cursor: at + 1 < pages ? String(at + 1) : null } });
  });
  await go(page, `/people/${JOSEPH}/ledger`);
  const box = page.locator(".windowed");
  const end = page.getByText("100,000 records, newest first.");
  for (let step = 0; step < 2_000 && !(await end.count()); step++) {
    await box.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.waitForTimeout(20);
  }
  await end.waitFor();
  await box.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await page.locator('[aria-rowindex="100001"]').getByText("99,999.00").waitFor();
  assert((await page.locator(ROWS).count()) < 60);
  await close({ failures: true });
});

test("a failed page of records is loaded again on request", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}/ledger`);
  await page.route(/cursor=/, (route) => route.abort());
  const box = page.locator(".windowed");
  await box.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await page.getByText("More records could not be loaded").waitFor();
  await page.unroute(/cursor=/);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("The newest 2,000 records").or(page.getByText("records, newest first.")).first().waitFor();
  await settled(page);
  await close({ failures: true });
});
