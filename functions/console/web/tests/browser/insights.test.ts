/** Income, cash flow, affordability and features: real screens with invented answers. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AFFORDABILITY, answerInsights, CASH, INCOME } from "./answers.ts";
import { open, rows, settled, shown, signIn, type Screen } from "./page.ts";
import { JOSEPH } from "./service.ts";
import { browser } from "./shared.ts";

async function enter(hash: string): Promise<Screen> {
  const screen = await open(await browser(), hash);
  await answerInsights(screen.page);
  await signIn(screen.page);
  await settled(screen.page);
  return screen;
}

test("income streams have their rhythm, how sure they are, and the next expected date", async () => {
  const { page, close } = await enter(`/people/${JOSEPH}/income`);
  const found = await rows(page, "Income streams");
  assert.deepEqual(
    found.map((row) => [row[1], row[2], row[6], row[7]]),
    [
      ["monthly", "high", "KES\u00a095,000.00", "KES\u00a095,000.00"],
      ["weekly", "low", "KES\u00a02,500.00", "KES\u00a00.00"],
      ["no rhythm, stopped", "low", "KES\u00a01,200.50", "KES\u00a00.00"],
    ],
  );
  assert.equal(found[0]![5], "25 Nov 2021");
  assert.equal(found[1]![5], "12 Nov 2021 3 days overdue");
  await page.getByText(shown(INCOME.summary.monthly_average, "KES")).waitFor();
  const windows = await rows(page, "The last 30, 60 and 90 days");
  assert.deepEqual(
    windows[0]!.slice(1),
    [128000.25, 251000, 390000].map((amount) => shown(amount, "KES")),
  );
  assert.equal(windows.find((row) => row[0] === "Lowest balance")![3], "unknown");
  await page.getByText("the last balance that a message states counts for 10 days").waitFor();
  await close();
});

test("the overview takes months of money accounts from the cash flow", async () => {
  const { page, close } = await enter(`/people/${JOSEPH}`);
  await page.locator("figure").filter({ hasText: "KES by month" }).getByText("Figures").click();
  const found = await rows(page, "KES by month (UTC)");
  const months = CASH.by_currency[0]!.months.toReversed();
  assert.deepEqual(
    found.map((row) => row.slice(1)),
    months.map((row) => [row.inflow, row.outflow, row.net].map((amount) => shown(amount, "KES"))),
  );
  assert.equal(found[0]![0], "Nov 2021 (part)");
  await page.getByText("Income expected again").waitFor();
  await close();
});

test("affordability asks with what is typed, and shows instalment, room, verdict and reasons", async () => {
  const { page, close } = await enter(`/people/${JOSEPH}/affordability?at=2021-11-15`);
  await page
    .getByText(
      `Does not fit: ${shown(AFFORDABILITY.instalment, "KES")} a month is more than the room of ${shown(AFFORDABILITY.room, "KES")} a month`,
    )
    .waitFor();
  assert.equal(
    await page.locator(".tile").filter({ hasText: "Room for an instalment" }).locator(".tile-value").textContent(),
    shown(AFFORDABILITY.room, "KES"),
  );
  const [reason] = await rows(page, "Reasons");
  assert.deepEqual(reason!.slice(0, 4), [
    "Repayments take much of the income already",
    "OBLIGATIONS_HIGH",
    "27.5%",
    "20%",
  ]);
  // Half of a month's income, rounded down to its first digit.
  assert.equal(await page.getByLabel("Amount to lend (KES)").inputValue(), "50000");
  const link = page.getByRole("table", { name: "Reasons" }).getByRole("link").first();
  assert.equal(await link.getAttribute("href"), `#/people/${JOSEPH}/ledger?record=r1&from=2020-11-16&to=2021-11-15`);
  const asked = page.waitForRequest(
    (request) =>
      request.url().endsWith("/affordability") && (request.postDataJSON() as { principal: number }).principal === 12500,
  );
  await page.getByLabel("Amount to lend").fill("12500");
  const request = (await asked).postDataJSON();
  assert.deepEqual(request, {
    principal: 12500,
    interest_rate: 0.6,
    rate_type: "reducing",
    term: 6,
    term_unit: "month",
    utc_time: "2021-11-15T23:59:59Z",
  });
  assert.match(await page.evaluate(() => location.hash), /principal=12500/);
  await page.getByLabel("Amount to lend").fill("");
  await page.getByText("Fill in the loan").waitFor();
  await close();
});

test("no answer is not a no", async () => {
  const { page, close } = await enter(`/people/${JOSEPH}`);
  await page.route(/\/users\/[^/]+\/affordability/, (route) =>
    route.fulfill({ json: { ...AFFORDABILITY, status: "stale", can_afford: null } }),
  );
  await page.getByRole("link", { name: "Affordability" }).click();
  const told = "it is of 15 Nov 2021, and at most 14 days are allowed.";
  await page.getByText(`No answer: The newest message is too old to decide by: ${told}`).waitFor();
  // The API computes a room all the same.
  assert.deepEqual(await page.locator(".tile-name").allTextContents(), ["Instalment of this loan"]);
  await close();
});

test("income without a rhythm is told from no income", async () => {
  const { page, close } = await enter(`/people/${JOSEPH}`);
  await page.route(/\/users\/[^/]+\/affordability/, (route) =>
    route.fulfill({ json: { ...AFFORDABILITY, status: "no_income", can_afford: null } }),
  );
  await page.getByRole("link", { name: "Affordability" }).click();
  await page.getByText("No answer: No income comes in a rhythm, and the policy counts no other.").waitFor();
  await close();
});

test("income of two payments is expected, and every screen says that it does not count yet", async () => {
  const { page, close } = await enter(`/people/${JOSEPH}`);
  const early = { ...INCOME.streams[0]!, status: "EARLY_DETECTION", confidence: "LOW", count: 2, expected_monthly: 0 };
  await page.route(/\/users\/[^/]+\/income/, (route) => route.fulfill({ json: { ...INCOME, streams: [early] } }));
  const none = {
    ...AFFORDABILITY,
    _meta: { ...AFFORDABILITY._meta, history_days: 33 },
    status: "short_history",
    can_afford: null,
    income: { ...AFFORDABILITY.income, monthly: 0, stressed: 0, stream_ids: [] },
    reasons: [
      { ...AFFORDABILITY.reasons[0], code: "INCOME_UNVERIFIED", value: 0, limit: 1, effect: "informs", record_ids: [] },
      { ...AFFORDABILITY.reasons[0], code: "HISTORY_SHORT", value: 33, limit: 60, effect: "withholds_answer" },
    ],
  };
  await page.route(/\/users\/[^/]+\/affordability/, (route) => route.fulfill({ json: none }));
  const uncertain = "monthly, two payments so far, not yet certain";
  await page.getByRole("link", { name: "Affordability" }).click();
  await page
    .getByText("No answer: The history is too short to be sure: it has 33 days, and 60 are needed.", { exact: true })
    .waitFor();
  await page
    .getByRole("listitem")
    .filter({ hasText: `Salary, Equity Bank: ${shown(95000, "KES")} ${uncertain}.` })
    .waitFor();
  assert.deepEqual(
    (await rows(page, "Reasons")).map((row) => row[0]),
    ["No regular income is certain yet", "The history is short"],
  );
  await page.getByRole("link", { name: "Income and cash flow" }).click();
  await page.getByRole("table", { name: "Income streams" }).waitFor();
  assert.equal((await rows(page, "Income streams"))[0]![1], uncertain);
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("table", { name: "Active income streams" }).waitFor();
  assert.equal((await rows(page, "Active income streams"))[0]![1], uncertain);
  await close();
});

test("of many streams the first ten show, the others on request", async () => {
  const { page, close } = await enter(`/people/${JOSEPH}`);
  const streams = Array.from({ length: 12 }, (_, at) => ({ ...INCOME.streams[2]!, stream_id: `s${at}`, count: 1 }));
  await page.route(/\/users\/[^/]+\/income/, (route) => route.fulfill({ json: { ...INCOME, streams } }));
  await page.getByRole("link", { name: "Income and cash flow" }).click();
  await page.getByText("2 smaller streams").waitFor();
  const shownFirst = await rows(page, "Income streams");
  assert.equal(shownFirst.length, 10);
  assert.equal(shownFirst[0]![1], "one payment");
  await page.getByText("2 smaller streams").click();
  await page.getByRole("table", { name: "Smaller income streams" }).waitFor();
  assert.equal((await rows(page, "Smaller income streams")).length, 2);
  await close();
});

test("features have their windows side by side", async () => {
  const { page, close } = await enter(`/people/${JOSEPH}/features`);
  await page.getByText("Money is in KES. Not part of it: USD.").waitFor();
  const found = await rows(page, "Features");
  const [single] = await rows(page, "Features: without a window");
  assert.equal(single![1], "9,540");
  assert.deepEqual(found.find((row) => row[0]!.startsWith("net_cash_flow"))!.slice(1, 4), [
    "22,900",
    "24,500",
    "47,400",
  ]);
  assert.deepEqual(found.find((row) => row[0]!.startsWith("count_overdraft_events"))!.slice(1, 4), [
    "1",
    "unknown",
    "1",
  ]);
  await close();
});

test("a service without these routes shows no trace of them", async () => {
  const { page, close } = await open(await browser(), `/people/${JOSEPH}`);
  const missing = {
    status: 404,
    contentType: "application/problem+json",
    json: { code: "not_found", status: 404, detail: "no such path" },
  };
  await page.route(/\/users\/[^/]+\/(income|cash-flow|affordability|features)/, (route) => route.fulfill(missing));
  await signIn(page);
  await settled(page);
  await page.getByRole("link", { name: "Loans", exact: true }).waitFor();
  assert.equal(await page.getByRole("link", { name: /Affordability|Features|cash flow/ }).count(), 0);
  await close({ failures: true });
});
