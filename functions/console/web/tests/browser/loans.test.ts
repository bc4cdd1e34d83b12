/** The loans of a person: a timeline for each lender, and the record behind each mark and status. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { dismiss, enter, go, rows, settled } from "./page.ts";
import { call, daysAgo, get, JOSEPH, register, shownDay } from "./service.ts";
import { browser } from "./shared.ts";

/** The same as on the page. */
const MOST_DAYS = 40;

type Named = { institution_id: string; display_name: string };
type Loan = {
  institution_id: string;
  status: string;
  status_reason: { record_id: string };
  late_episodes: { records: { record_id: string }[] }[];
};
type Found = { id: string; institution_id: string };

const sectionOf = (page: Page, lender: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { name: lender, exact: true }) });

/** The ids of the records that links lead to. */
const linked = (all: Element[]) =>
  all.map((link) => new URLSearchParams(link.getAttribute("href")!.split("?")[1]).get("record")!);

/** Notices alone: no message states an amount. */
function notices() {
  const notice = { institution_id: "branch_ke", account_id: "default", account_type: "loan" };
  return [
    {
      ...notice,
      id: "disbursed",
      timestamp: `${daysAgo(80)}T08:00:00Z`,
      labels: ["LoanDisbursed"],
      body: "Your loan is in your wallet.",
    },
    {
      ...notice,
      id: "missed",
      timestamp: `${daysAgo(20)}T08:00:00Z`,
      labels: ["LoanMissedPayment"],
      body: "Your loan is overdue.",
    },
  ];
}

test("a lender has one timeline, with every record of its loans and a link for each status", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}/loans`);
  const { loan } = await get(`/users/${JOSEPH}/creditreport`);
  const { institutions } = await get(`/users/${JOSEPH}/institutions`);
  const { records } = await get(`/users/${JOSEPH}/ledger?account_types=loan&account_types=revolving_loan&limit=1000`);
  for (const account of loan.accounts as Loan[]) {
    const section = sectionOf(
      page,
      institutions.find((each: Named) => each.institution_id === account.institution_id).display_name,
    );
    assert.equal(await section.locator("figure").count(), 1);
    await section.getByText(/^Events: /).click();
    const told = await section
      .getByRole("table", { name: "Records of these loans, newest first" })
      .locator("tbody th a")
      .evaluateAll(linked);
    assert.deepEqual(
      told,
      (records as Found[])
        .filter((record) => record.institution_id === account.institution_id)
        .map((record) => record.id),
    );
    const changes = await section
      .getByRole("table", { name: "Why it stands as it does, newest first" })
      .locator("tbody a")
      .evaluateAll(linked);
    assert.equal(changes[0], account.status_reason.record_id);
    for (const { record_id } of account.late_episodes.flatMap((episode) => episode.records))
      assert(changes.includes(record_id), record_id);
    const marks = await section.locator("figure svg a").evaluateAll(linked);
    assert(marks.length > 1 && marks.every((id) => told.includes(id)), "each mark is one of the records");
  }
  await close({ failures: true });
});

test("loans of which only notices are known have a timeline, whose marks lead to the notices", async () => {
  const user = await register();
  await call("POST", `/users/${user.uuid}/ledger`, { records: notices() });
  const { page, close } = await enter(await browser(), `/people/${user.uuid}/loans`);
  const figure = page.locator("figure");
  await figure.getByText("Events. The messages do not tell the amount owed.").waitFor();
  assert.deepEqual(await figure.locator(".legend li").allInnerTexts(), ["Paid out", "Missed payment", "Late"]);
  assert.deepEqual(await figure.locator("svg a").evaluateAll(linked), ["disbursed", "missed"]);
  await figure.locator("svg a .mark.warn").click();
  await page.getByRole("dialog").getByText("Your loan is overdue.").waitFor();
  await page.goBack();
  await settled(page);
  await figure.getByText("Events: 2 records").click();
  const events = (await rows(page, "Records of these loans, newest first")).map((row) => row.slice(1));
  assert.deepEqual(events, [
    ["Loan payment missed", "–", "–"],
    ["Loan paid out", "–", "–"],
  ]);
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});

test("the chart has the amount that the report derives, where no message states one", async () => {
  const user = await register();
  const of = { institution_id: "branch_ke", account_id: "default", account_type: "loan", currency: "KES" };
  const at = (days: number) => `${daysAgo(days)}T08:00:00Z`;
  const records = [
    { id: "lent", timestamp: at(24), amount: 5000, impact: "DEBIT", labels: ["LoanDisbursed"] },
    { id: "first", timestamp: at(16), amount: 25, impact: "CREDIT", labels: ["LoanRepayment"] },
    { id: "stated", timestamp: at(8), amount: 2000, impact: "CREDIT", balance: 2975, labels: ["LoanRepayment"] },
  ];
  await call("POST", `/users/${user.uuid}/ledger`, { records: records.map((each) => ({ ...of, ...each })) });
  for (const [days, owed] of [
    [24, 5000],
    [16, 4975],
    [8, 2975],
  ] as const) {
    const { loan } = await get(`/users/${user.uuid}/creditreport?utc_time=${daysAgo(days)}T23:59:59Z`);
    assert.equal(loan.accounts[0].balance, owed);
  }
  const { page, close } = await enter(await browser(), `/people/${user.uuid}/loans`);
  const figure = page.locator("figure");
  await figure.getByText("KES owed at the end of each day, and the events").waitFor();
  const path = (await figure.locator("path.line").getAttribute("d"))!;
  assert.equal(path.match(/M/g)?.length, 1, "the line has no gap");
  const ticks = await figure
    .locator("svg .tick[text-anchor=end]")
    .evaluateAll((all) => all.map((tick) => [parseFloat(tick.textContent!) * 1_000, Number(tick.getAttribute("y"))]));
  const [[low, bottom], [high, top]] = [ticks[0]!, ticks.at(-1)!] as [[number, number], [number, number]];
  const heights = path.match(/[-\d.]+/g)!.filter((_, at) => at % 2 === 1);
  const amounts = heights.map((y) => Math.round(low + ((Number(y) - bottom) * (high - low)) / (top - bottom)));
  assert.deepEqual([...new Set(amounts)], [5000, 4975, 2975]);
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});

test("of very many days only the newest are asked for, and the page says so", async () => {
  const user = await register();
  const of = { institution_id: "branch_ke", account_id: "default", account_type: "loan", currency: "KES" };
  const lent = { ...of, id: "lent", timestamp: `${daysAgo(60)}T08:00:00Z`, amount: 5000, impact: "DEBIT" };
  const paid = Array.from({ length: MOST_DAYS + 2 }, (_, at) => ({
    ...of,
    id: `paid-${at}`,
    timestamp: `${daysAgo(at + 1)}T08:00:00Z`,
    amount: 10,
    impact: "CREDIT",
  }));
  await call("POST", `/users/${user.uuid}/ledger`, { records: [lent, ...paid] });
  const { page, close } = await enter(await browser(), `/people/${user.uuid}`);
  let asked = 0;
  page.on("request", (request) => void (request.url().includes("/creditreport") && asked++));
  await page.getByRole("link", { name: "Loans", exact: true }).click();
  // The newest day is the present report's.
  const first = shownDay(daysAgo(MOST_DAYS + 1));
  await page.getByText(`Before ${first}, a chart has only the amounts owed that a message states.`).waitFor();
  assert.equal(asked, 1 + MOST_DAYS);
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});

test("a status leads to its record, on every screen that shows it", async () => {
  const user = await register();
  await call("POST", `/users/${user.uuid}/ledger`, { records: notices() });
  const { page, close } = await enter(await browser(), `/people/${user.uuid}`);
  // An amount that no message states is unknown, not 0.
  assert.deepEqual(await page.locator(".tile-value").allTextContents(), [
    "unknown",
    "KES\u00a00.00",
    "unknown",
    "KES\u00a00.00",
  ]);
  for (const part of ["", "/loans", "/report"]) {
    await go(page, `/people/${user.uuid}${part}`);
    await page.getByRole("link", { name: "Late, see the record" }).first().click();
    await page.getByRole("dialog").getByText("Your loan is overdue.").waitFor();
    await dismiss(page);
  }
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});
