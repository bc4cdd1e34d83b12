/** Links from figures to records: the records that a link finds add up to the figure. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Affordability, Income } from "../../src/api/insights.ts";
import { dismiss, enter, rows, settled, shown } from "./page.ts";
import { call, daysAgo, get, JOSEPH, MERCY, register } from "./service.ts";
import { browser } from "./shared.ts";

type Found = { id: string; amount: number; timestamp: string; institution_id: string };

/** The records of a link to the ledger, requested from the API. */
async function recordsOf(link: string): Promise<Found[]> {
  const [path = "", query = ""] = link.replace(/^#/, "").split("?");
  const filters = new URLSearchParams(query);
  const rename = (name: string, end: string, time: string) => {
    const value = filters.get(name);
    filters.delete(name);
    if (value) filters.set(end, value.length === 10 ? `${value}T${time}Z` : value);
  };
  rename("from", "utc_starttime", "00:00:00");
  rename("to", "utc_endtime", "23:59:59");
  const [, , user] = path.split("/");
  return (await get(`/users/${user}/ledger?${filters}`)).records;
}

for (const [name, user] of [
  ["Joseph", JOSEPH],
  ["Mercy", MERCY],
] as const) {
  test(`a feature that is a link is made of the records that it leads to: ${name}`, async () => {
    const { page, close } = await enter(await browser(), `/people/${user}/features`);
    const links = await page.locator("main td a").evaluateAll((all) =>
      all.map((link) => ({
        name: link.closest("tr")!.querySelector("code")!.textContent!,
        value: Number(link.textContent!.replaceAll(",", "").replace("−", "-")),
        to: link.getAttribute("href")!,
      })),
    );
    assert(links.length > 3, `${links.length} links`);
    for (const { name, value, to } of links) {
      const found = await recordsOf(to);
      const told = `${name} ${to}`;
      if (/^count_.*_events$|^new_loans$|^nsf_/.test(name))
        assert.equal(new Set(found.map((record) => record.id)).size, value, told);
      else if (name === "count_of_institutions")
        assert.equal(new Set(found.map((record) => record.institution_id)).size, value, told);
      else if (name === "active_days")
        assert.equal(new Set(found.map((record) => record.timestamp.slice(0, 10))).size, value, told);
      else if (name.startsWith("sum_of_"))
        assert.equal(
          Math.round(found.reduce((sum, record) => sum + record.amount * 100, 0)),
          Math.round(value * 100),
          told,
        );
      else if (!name.startsWith("difference_")) assert(found.length > 0, told);
    }
    const { to } = links.at(-1)!;
    await page.locator(`main td a[href="${to}"]`).first().click();
    await settled(page);
    await page
      .getByText(`${(await recordsOf(to)).length.toLocaleString("en")} record`)
      .first()
      .waitFor();
    await close({ failures: true });
  });
}

test("an income stream leads to the very records that the API names", async () => {
  const date = daysAgo(1);
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}/income?at=${date}`);
  const income: Income = await get(`/users/${JOSEPH}/income?utc_time=${date}T23:59:59Z`);
  const streams = income.streams.filter((stream) => stream.direction === "inflow");
  assert(streams.length > 0);
  for (const [at, stream] of streams.slice(0, 3).entries()) {
    await page.getByRole("table", { name: "Income streams" }).locator("tbody tr").nth(at).getByRole("link").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("table").waitFor();
    const named = await dialog
      .getByRole("link")
      .evaluateAll((all) =>
        all.map((link) => new URLSearchParams(link.getAttribute("href")!.split("?")[1]).get("record")),
      );
    assert.deepEqual(new Set(named), new Set(stream.record_ids));
    assert.equal(await dialog.getByText("too far back").count(), 0);
    await dismiss(page);
  }
  await page.goBack();
  await page.getByRole("dialog").getByRole("table").getByRole("link").first().click();
  await page.getByRole("dialog", { name: "Record" }).getByText("Record id").first().waitFor();
  await close({ failures: true });
});

test("a step to another address right after a dialog is closed is not undone", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}/income?stream=0000000000000000`);
  await page.getByRole("dialog").waitFor();
  await page.evaluate((next) => {
    document.querySelector("dialog")!.close();
    location.hash = next;
  }, `/people/${JOSEPH}/loans`);
  await page.locator("dialog").waitFor({ state: "detached" });
  await settled(page);
  assert.equal(new URL(page.url()).hash, `#/people/${JOSEPH}/loans`);
  await close({ failures: true });
});

test("a stream that is not there says so", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}/income?stream=0000000000000000`);
  await page.getByText("There is no such stream").waitFor();
  await close({ failures: true });
});

test("a month of the cash flow leads to its records", async () => {
  const user = await register();
  const record = {
    institution_id: "mpesa",
    account_id: "default",
    account_type: "depository",
    currency: "KES",
    labels: [],
  };
  const records = [
    { ...record, id: "september", timestamp: "2021-09-30T23:59:59Z", amount: 4359, impact: "CREDIT" },
    { ...record, id: "first", timestamp: "2021-10-01T00:00:00Z", amount: 6800, impact: "DEBIT" },
    { ...record, id: "last", timestamp: "2021-10-08T10:41:25Z", amount: 500, impact: "CREDIT" },
    {
      ...record,
      id: "loan",
      timestamp: "2021-10-08T10:41:25Z",
      amount: 70,
      impact: "DEBIT",
      account_id: "loan",
      account_type: "loan",
    },
  ];
  await call("POST", `/users/${user.uuid}/ledger`, { records });
  const { page, close } = await enter(await browser(), `/people/${user.uuid}/income`);
  await page.locator("figure").getByText("Figures").first().click();
  const [newest] = await rows(page, "KES by month (UTC)");
  assert.deepEqual(newest!.slice(1, 3), ["KES\u00a0500.00", "KES\u00a06,800.00"]);
  const link = page.getByRole("table", { name: "KES by month (UTC)" }).getByRole("link").first();
  const found = await recordsOf((await link.getAttribute("href"))!);
  assert.deepEqual(
    found.map((record) => record.id),
    ["last", "first"],
  );
  await link.click();
  await settled(page);
  await page.getByText("2 records, newest first.").waitFor();
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});

test("affordability shows the figures and the reasons of the API", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}`);
  const answered = page.waitForResponse((response) => response.url().endsWith("/affordability"));
  await page.getByRole("link", { name: "Affordability" }).click();
  const answer: Affordability = await (await answered).json();
  await settled(page);
  assert.equal(answer.status, "ok");
  const each = (amount: number | null) => `${shown(amount!, answer.currency!)} a month`;
  const verdict = answer.can_afford ? "Fits" : "Does not fit";
  const titles = page.locator(".notice-title").filter({ hasText: `: ${each(answer.instalment)}` });
  assert((await titles.first().textContent())?.startsWith(verdict));
  const figures = await page.locator("main").innerText();
  for (const amount of [answer.max_principal, answer.total_cost_of_credit])
    assert(figures.includes(shown(amount!, answer.currency!)), `${amount}`);
  const codes = answer.reasons.length === 0 ? [] : (await rows(page, "Reasons")).map((row) => row[1]);
  assert.deepEqual(
    codes,
    answer.reasons.map((reason) => reason.code),
  );
  await close({ failures: true });
});
