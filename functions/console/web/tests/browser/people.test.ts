import assert from "node:assert/strict";
import { test } from "node:test";
import { answerNobody } from "./answers.ts";
import { enter, go, open, rows, settled, shown, signIn } from "./page.ts";
import { call, get, JOSEPH, MERCY, READ, register, shownDay } from "./service.ts";
import { browser } from "./shared.ts";

test("sign-in refuses a wrong password, and a reload asks again", async () => {
  const { page, close } = await open(await browser());
  await signIn(page, "a wrong password");
  await page.getByText("Email or password is wrong.").waitFor();
  await signIn(page);
  await page.getByRole("heading", { name: "People" }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await page.getByLabel("Email").inputValue(), "");
  await close({ failures: true });
});

test("signing out forgets everything, and the address", async () => {
  const { page, close } = await enter(await browser(), `/people/${MERCY}`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await page.getByLabel("Email").inputValue(), "");
  assert.equal(await page.evaluate(() => location.hash), "");
  await close({ failures: true });
});

test("signing in again asks anew for what the rows had told", async () => {
  const { page, close } = await enter(await browser());
  const mercy = page.getByRole("row").filter({ hasText: "Mercy Otieno" });
  await mercy.getByText("% complete").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.route(new RegExp(`/users/${MERCY}/ledger`), (route) =>
    route.fulfill({ json: { records: [], next_cursor: null } }),
  );
  await signIn(page);
  await mercy.getByText("no data yet").waitFor();
  await close({ failures: true });
});

test("the title tells the part that is shown, and never the person", async () => {
  const { page, close } = await open(await browser(), `/people/${MERCY}`);
  assert.equal(await page.title(), "Sign in · Daftari");
  await signIn(page);
  await settled(page);
  assert.equal(await page.title(), "Overview · Daftari");
  for (const [hash, title] of [
    [`/people/${MERCY}/loans`, "Loans"],
    ["/people", "People"],
    ["/messages/upload", "Upload a backup"],
    ["/integration", "Integration"],
    ["/nothing", "Not found"],
  ] as const) {
    await go(page, hash);
    await page.waitForFunction((title) => document.title === title, `${title} · Daftari`);
  }
  await close({ failures: true });
});

test("the list has everybody that the API has, with how recent and complete the data is", async () => {
  const { page, close } = await open(await browser());
  // The answer that the page received: tests of other files register people meanwhile.
  const answered = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/users" && answer.ok());
  await signIn(page);
  await settled(page);
  const { users, _meta } = await (await answered).json();
  assert(
    users.some((user: { uuid: string }) => user.uuid === MERCY),
    "the demo's people are among them",
  );
  const found = await rows(page, "People");
  assert.deepEqual(
    found.map(([, phone]) => phone),
    users.map((user: { phone_number: string }) => `+${user.phone_number}`),
  );
  await page.getByText(`${_meta.total_users_count} people, newest first.`).waitFor();
  const mercy = await get(`/users/${MERCY}/ledger?limit=1&include=completeness`);
  const share = Math.trunc(mercy._meta.completeness.completeness * 1000) / 10;
  const row = page.getByRole("row").filter({ hasText: "Mercy Otieno" });
  await row.getByText(`${share}% complete`).waitFor();
  await row.getByText("Kenya", { exact: true }).waitFor();
  await close();
});

test("a search finds Mercy as it is typed, cancels earlier requests, and is part of the address", async () => {
  const { page, close } = await enter(await browser());
  const asked: string[] = [];
  page.on(
    "request",
    (request) =>
      request.url().includes("search=") && asked.push(new URL(request.url()).searchParams.get("search") ?? ""),
  );
  await page.getByRole("searchbox").pressSequentially("mercy", { delay: 30 });
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
  assert.deepEqual(asked, ["mercy"]);
  assert.match(await page.evaluate(() => location.hash), /search=mercy/);
  await page.getByRole("link", { name: "Mercy Otieno" }).click();
  await page.getByRole("heading", { name: "Mercy Otieno" }).waitFor();
  await settled(page);
  await page.goBack();
  await page.getByRole("heading", { name: "People" }).waitFor();
  assert.equal(await page.getByRole("searchbox").inputValue(), "mercy");
  await page.getByRole("searchbox").fill("zzzz nobody");
  await page.getByText("Nobody is found for “zzzz nobody”").waitFor();
  await page.getByRole("searchbox").fill("0803 111");
  await page.getByText("Hint: a number without a country code is read as one of").waitFor();
  await close({ failures: true });
});

test("the completeness of each account is shown, with the gaps and their records", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}`);
  await page.getByRole("link", { name: "of the money that moved" }).click();
  await settled(page);
  const { _meta } = await get(`/users/${JOSEPH}/ledger?limit=1&include=completeness`);
  const { by_account, gaps } = _meta.completeness;
  assert(by_account.length > 1 && gaps.length > 0);
  type Account = { steps: number; missing_out: number; currency: string };
  const steps = (await rows(page, "Completeness by account")).map((row) => [row[3], row[6]]);
  const wanted = by_account.map((each: Account) => [
    each.steps.toLocaleString("en"),
    shown(each.missing_out, each.currency),
  ]);
  assert.deepEqual(steps, wanted);
  const told = (await rows(page, "Largest gaps")).map((row) => row[3]);
  assert.deepEqual(
    told,
    gaps.map((gap: { difference: number; currency: string }) => shown(gap.difference, gap.currency)),
  );
  await page.getByRole("table", { name: "Largest gaps" }).getByRole("link").first().click();
  await settled(page);
  assert((await page.evaluate(() => location.hash)).includes(gaps[0].after_record_id));
  await close();
});

test("the messages that were not read are shown by sender, also of a person without records", async () => {
  const { uuid } = await register();
  const unread = [
    { sender: "TALA", body: "Ksh900.00 frobbed and gone", received_at: "2026-01-05T08:00:00Z" },
    { sender: "MPESA", body: "Ksh500.00 frobbed and gone", received_at: "2026-01-06T08:00:00Z" },
    { sender: "MPESA", body: "Ksh600.00 frobbed and gone", received_at: "2026-01-07T08:00:00Z" },
  ];
  await call("POST", `/users/${uuid}/messages`, { messages: unread });
  const { page, close } = await enter(await browser(), `/people/${uuid}/completeness`);
  await page.getByText("3 messages, 1 of which may concern a loan.").waitFor();
  await page.getByText("1 may concern a loan", { exact: true }).waitFor();
  const shownRows = await rows(page, "Messages that were not read");
  assert.deepEqual(shownRows, [
    ["mpesa", "The wording is not known", "2", "0", "6 Jan 2026", "7 Jan 2026"],
    ["tala", "The wording is not known", "1", "1", "5 Jan 2026", "5 Jan 2026"],
  ]);
  await page.getByText("3 messages about money arrived for this person, and none was read.").waitFor();
  await call("POST", `/users/${uuid}/messages`, { messages: [{ ...READ, received_at: "2026-01-08T08:00:00Z" }] });
  for (const part of ["overview", "loans", "report"]) {
    await go(page, "/people");
    await go(page, `/people/${uuid}/${part}`);
    await page.getByText("1 message that may concern a loan was not read.").waitFor();
  }
  // Nothing is known to be owed, which is not 0.
  await go(page, `/people/${uuid}/overview`);
  await page.getByText("Whether there is a loan is not known: 1 message not read.").waitFor();
  const owed = (await page.locator(".tile-value").allTextContents()).slice(1);
  assert.deepEqual(owed, ["none known", "none known", "none known"]);
  await close();
});

test("the overview shows the API's figures, each in its currency", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}`);
  const report = await get(`/users/${JOSEPH}/creditreport`);
  const tiles = await page.locator(".tile-value").allTextContents();
  type Sums = {
    currency: string;
    depository_balances: number;
    open_balances: number;
    nonperforming_balances: number;
    defaulted_balances: number;
  };
  // Sums of 0 in a second currency are left out.
  const wanted = report.totals_by_currency.flatMap((sums: Sums, at: number) =>
    [sums.depository_balances, sums.open_balances, sums.nonperforming_balances, sums.defaulted_balances]
      .filter((amount) => at === 0 || amount !== 0)
      .map((amount) => shown(amount, sums.currency)),
  );
  assert.equal(report.totals_by_currency.length, 2);
  assert.deepEqual(tiles, wanted);
  const { institutions } = await get(`/users/${JOSEPH}/institutions`);
  const named = new Map(
    institutions.map((each: { institution_id: string; display_name: string }) => [
      each.institution_id,
      each.display_name,
    ]),
  );
  type Account = { institution_id: string; balance: number; iso_currency_code: string };
  const balances = (await rows(page, "Balances by account")).map((row) => [row[0], row[3]]);
  assert.deepEqual(
    balances,
    report.depository.accounts.map((row: Account) => [
      named.get(row.institution_id),
      shown(row.balance, row.iso_currency_code),
    ]),
  );
  type Episode = { ongoing: boolean; days: number; due_date: string | null };
  type Loan = {
    late_episodes: Episode[];
    institution_id: string;
    days_late: number;
    balance: number;
    iso_currency_code: string;
  };
  const inDays = (days: number, of: Episode[]) =>
    `${of.every((episode) => episode.due_date) ? "" : "at least "}${days === 1 ? "1 day" : `${days} days`}`;
  const lateNow = (loan: Loan) => {
    const now = loan.late_episodes.find((episode) => episode.ongoing);
    return now === undefined ? "no" : inDays(now.days, [now]);
  };
  assert(report.loan.accounts.some((loan: Loan) => lateNow(loan) !== "no" && loan.late_episodes.length > 1));
  const loans = (await rows(page, "Loans and why they stand as they do"))
    .map((row) => [row[0], row[3], row[4], row[5]])
    .sort();
  assert.deepEqual(
    loans,
    report.loan.accounts
      .map((row: Loan) => [
        named.get(row.institution_id),
        lateNow(row),
        inDays(row.days_late, row.late_episodes),
        shown(row.balance, row.iso_currency_code),
      ])
      .sort(),
  );
  await page.getByText("if a wallet and a lender both tell of a payment, it counts twice").waitFor();
  const { records } = await get(`/users/${JOSEPH}/ledger?limit=1`);
  const [latest] = records as [{ timestamp: string }];
  await page
    .getByText(`${shownDay(latest.timestamp)}, ${latest.timestamp.slice(11, 16)} UTC`, { exact: false })
    .first()
    .waitFor();
  const alerts = await get(`/users/${JOSEPH}/alerts-summary`);
  assert.deepEqual(
    (await rows(page, "Alerts by label and month")).map((row) => row.at(-2)),
    alerts.by_label.map((row: { count: number }) => String(row.count)),
  );
  await close({ failures: true });
});

test("money in and out by month is the API's, beside the picture too", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}`);
  const flow = await get(`/users/${JOSEPH}/cash-flow`);
  type Month = { inflow: number; outflow: number; net: number };
  const months: Month[] = flow.by_currency
    .find((each: { currency: string }) => each.currency === "USD")
    .months.reverse();
  assert(months.length > 1);
  await page.locator("figure").filter({ hasText: "USD by month" }).getByText("Figures").click();
  const found = (await rows(page, "USD by month (UTC)")).map((row) => row.slice(1));
  assert.deepEqual(
    found,
    months.map((row) => [row.inflow, row.outflow, row.net].map((amount) => shown(amount, "USD"))),
  );
  await close({ failures: true });
});

test("a chart prints with its figures", async () => {
  const { page, close } = await enter(await browser(), `/people/${MERCY}`);
  const table = page.getByRole("table", { name: "KES by month (UTC)", exact: true });
  assert.equal(await table.isVisible(), false);
  await page.emulateMedia({ media: "print" });
  await table.waitFor();
  await close({ failures: true });
});

test("a loan's status links to the record behind it", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}/loans`);
  const report = await get(`/users/${JOSEPH}/creditreport`);
  const late = report.loan.accounts.find((loan: { status: string }) => loan.status === "nonperforming");
  const { institutions } = await get(`/users/${JOSEPH}/institutions`);
  const lender = institutions.find(
    (each: { institution_id: string }) => each.institution_id === late.institution_id,
  ).display_name;
  const section = page.locator("section").filter({ has: page.getByRole("heading", { name: lender, exact: true }) });
  await section.locator(".card").getByText(shown(late.balance, late.iso_currency_code)).first().waitFor();
  await section.locator(".card h3").getByRole("link", { name: "Late, see the record" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(late.status_reason.record_id).first().waitFor();
  await dialog.locator(".message").waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: lender, exact: true }).waitFor();
  await close({ failures: true });
});

test("names and texts are text, whatever they hold", async () => {
  const name = "<img src=x onerror=alert(1)>";
  const user = await register({ first_name: name, last_name: "{{7*7}}" });
  const record = {
    id: "evil",
    timestamp: "2021-10-08T10:41:25Z",
    institution_id: "mpesa",
    account_type: "depository",
    amount: 10,
    balance: 10,
    currency: "KES",
    impact: "CREDIT",
    labels: ["POS"],
    body: "<script>alert(2)</script><b>bold</b> ${1}",
  };
  await call("POST", `/users/${user.uuid}/ledger`, { records: [record] });
  const { page, close } = await enter(
    await browser(),
    `/people/${user.uuid}/ledger?record=evil&at=2021-10-08T10:41:25Z`,
  );
  await page.getByRole("heading", { name: `${name} {{7*7}}` }).waitFor();
  assert.equal(await page.locator(".message").textContent(), record.body);
  assert.equal(await page.locator("main img, main script, dialog script, dialog b").count(), 0);
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});

test("a person of nobody is not found, and the way back is there", async () => {
  const { page, close } = await open(await browser(), "/people/00000000-0000-4000-8000-000000000000");
  await signIn(page);
  await page.getByText("This person could not be loaded").waitFor();
  await page.getByRole("link", { name: "Back to the people" }).click();
  await page.getByRole("heading", { name: "People" }).waitFor();
  await go(page, "/nothing/here");
  await page.getByText("There is no such page").waitFor();
  await close({ failures: true });
});

test("an organization without people is told so", async () => {
  const { page, close } = await open(await browser(), "/people");
  await answerNobody(page);
  await signIn(page);
  await page.getByText("Nobody is registered yet").waitFor();
  await close();
});

test("a person whose data is old is shown as of then, with a warning", async () => {
  const user = await register();
  const records = [
    {
      id: "old",
      timestamp: "2021-10-08T10:41:25Z",
      institution_id: "mpesa",
      account_type: "depository",
      balance: 10,
      currency: "KES",
    },
  ];
  await call("POST", `/users/${user.uuid}/ledger`, { records });
  const { page, close } = await enter(await browser(), `/people/${user.uuid}`);
  await page.getByText(/The newest message is of 8 Oct 2021, .* Everything below is as of then/).waitFor();
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});

test("the environment is always visible, and test data is apart", async () => {
  const user = await register({ first_name: "Production", last_name: "Only" });
  const { page, close } = await enter(await browser(), `/people/${user.uuid}`);
  await page.getByLabel("Environment").selectOption("test");
  await page.getByText("Test data. Nothing here is about real customers.").waitFor();
  await page.getByRole("heading", { name: "People" }).waitFor();
  await page.getByRole("link", { name: "Joseph Late-Payer" }).waitFor();
  await page.getByRole("link", { name: "Mercy Otieno" }).waitFor();
  assert.equal(await page.getByText("Production Only").count(), 0);
  await page.getByLabel("Environment").selectOption("production");
  await page.getByRole("link", { name: "Production Only" }).waitFor();
  assert.equal(await page.getByText("Test data.").count(), 0);
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});

test("a person without data is told what to do next", async () => {
  const user = await register();
  const { page, close } = await enter(await browser(), `/people/${user.uuid}`);
  await page.getByText("No data yet").waitFor();
  await page.getByRole("link", { name: "Credit report" }).click();
  await page.getByText("No message had been read by then").waitFor();
  assert.equal(await page.locator(".sheet table").count(), 0);
  await page.goBack();
  await page.getByRole("link", { name: "Upload a backup of messages" }).click();
  await page.getByText("Test Person").waitFor();
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});

test("erasing takes the phone number, and then the person is gone", async () => {
  const user = await register({ first_name: "Erased" });
  const { page, close } = await enter(await browser(), `/people/${user.uuid}/data`);
  const button = page.getByRole("button", { name: "Erase this person" });
  assert(await button.isDisabled());
  await page.locator("input[name=phone]").fill("254700000000");
  assert(await button.isDisabled());
  await page.locator("input[name=phone]").fill(`+${user.phone_number.slice(0, 3)} ${user.phone_number.slice(3)}`);
  await button.click();
  await page.getByRole("heading", { name: "People" }).waitFor();
  await assert.rejects(get(`/users/${user.uuid}`), /404/);
  await close({ failures: true });
});

test("an export has what the API exports", async () => {
  const { page, close } = await enter(await browser(), `/people/${MERCY}/data`);
  const downloads = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as JSON" }).click();
  const saved = JSON.parse(await text(await (await downloads).createReadStream()));
  const { next_cursor: _, ...wanted } = await get(`/users/${MERCY}/export`);
  assert.deepEqual(saved, wanted);
  await close({ failures: true });
});

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}
