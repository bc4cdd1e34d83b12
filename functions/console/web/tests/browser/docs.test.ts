/** The reference at /docs on a phone: signing in, calling the API, and nothing wider than the screen. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { signIn, visit } from "./page.ts";
import { MERCY } from "./service.ts";
import { browser } from "./shared.ts";

const PHONE = { viewport: { width: 360, height: 800 } };
/** Swagger UI warns about `_` in the address of an operation. */
const DEEP_LINK = "escaping deep link whitespace";
/** Data that the page keeps for the tab. */
const KEPT = "daftari-docs";

async function fits(page: Page, name: string) {
  const [content, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert(content! <= screen!, `${name} is ${content} px wide on a screen of ${screen}`);
}

/** Opens an operation and runs it with its examples. Returns the status and the body of the answer. */
async function execute(page: Page, id: string): Promise<{ status: string; body: string }> {
  const operation: Locator = page.locator(`[id$="-${id}"]`);
  await operation.locator(".opblock-summary-control").click();
  await operation.getByRole("button", { name: "Try it out" }).click();
  await operation.getByRole("button", { name: "Execute" }).click();
  const answer = operation.locator(".live-responses-table tr.response");
  const status = await answer.locator(".response-col_status").textContent();
  const body = await answer.locator(".highlight-code code").first().textContent();
  return { status: (status ?? "").trim(), body: body ?? "" };
}

test("a call of the reference with the token of the tab, at 360 px", async () => {
  const { page, close } = await visit(await browser(), "/docs", PHONE);
  await page.locator(".opblock").first().waitFor();
  await fits(page, "the reference");

  await signIn(page, "wrong");
  await page.getByText("Not signed in: wrong email or password").waitFor();
  await signIn(page);
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  await fits(page, "the reference, signed in");

  const ledger = await execute(page, "get_ledger");
  assert.equal(ledger.status, "200");
  const records = JSON.parse(ledger.body).records;
  assert(records.length > 0, "Mercy has records");
  await fits(page, "a call");

  await page.reload();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  const person = await execute(page, "get_user");
  assert.equal(person.status, "200");
  assert.equal(JSON.parse(person.body).uuid, MERCY);
  const stored = await page.evaluate((key) => sessionStorage.getItem(key), KEPT);
  assert(!stored!.includes("demo-password"), "the password is kept");

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.reload();
  const refused = await execute(page, "get_users");
  assert.equal(refused.status, "401");
  await close({ failures: true, known: DEEP_LINK });
});

test("the filter finds operations by path, method, summary and tag, in any case", async () => {
  const { page, close } = await visit(await browser(), "/docs", PHONE);
  await page.locator(".opblock").first().waitFor();
  const filter = page.getByPlaceholder("Filter by path, method, summary or tag");
  for (const [typed, wanted] of [
    ["creditreport/alt", ["get_alternative_credit_report"]],
    ["DELETE", ["delete_user"]],
    ["Instalment", ["post_affordability"]],
    ["service", ["get_root", "get_health", "get_version"]],
    ["post  credit report ", ["create_credit_report"]],
    ["no such operation", []],
  ] as const) {
    await filter.fill(typed);
    await page.waitForFunction((count) => document.querySelectorAll(".opblock").length === count, wanted.length);
    for (const id of wanted) await page.locator(`[id$="-${id}"]`).waitFor();
  }
  await filter.fill("");
  await page.locator('[id$="-get_ledger"]').waitFor();
  await close();
});

test("a token that the service refuses ends the session", async () => {
  const { page, close } = await visit(await browser(), "/docs", PHONE);
  const session = {
    email: "x@y.example",
    tokens: [{ name: "Lender, production", token: "old", ends: "2999-01-01T00:00:00Z" }],
    chosen: 0,
  };
  await page.evaluate(([key, text]) => sessionStorage.setItem(key!, text!), [KEPT, JSON.stringify(session)]);
  await page.reload();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  assert.equal((await execute(page, "get_users")).status, "401");
  await page.getByText("Your session is over").waitFor();
  await close({ failures: true, known: DEEP_LINK });
});

/** Number of operations to open: after each change Swagger UI renders the whole page again, which takes seconds. */
const OPENED = 8;

test("the operations with the longest paths fit on a phone", async () => {
  const { page, close } = await visit(await browser(), "/docs", PHONE);
  await page.locator(".opblock").first().waitFor();
  const operations = page.locator(".opblock-summary-control");
  const names = await operations.allTextContents();
  assert(names.length > 30, `${names.length} operations`);
  const longest = [...names.keys()].sort((a, b) => names[b]!.length - names[a]!.length).slice(0, OPENED);
  for (const at of longest) {
    await operations.nth(at).click();
    await page.locator(".opblock.is-open .responses-wrapper").waitFor();
    await fits(page, names[at]!);
    await operations.nth(at).click();
    await page.locator(".opblock.is-open").waitFor({ state: "detached" });
  }
  await close({ known: DEEP_LINK });
});
