/** Failures: the session ends, the API is down or slow. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { dismiss, enter, open, settled, signIn } from "./page.ts";
import { daysAgo, EMAIL, JOSEPH, MERCY, shownDay } from "./service.ts";
import { browser } from "./shared.ts";

const EXPIRED = {
  status: 401,
  contentType: "application/problem+json",
  json: { code: "unauthenticated", title: "Unauthorized", detail: "no token", status: 401 },
};

test("an address leads through the sign-in to its page, and back and forward work", async () => {
  const { page, close } = await open(await browser(), `/people/${JOSEPH}/loans`);
  await signIn(page);
  await page.getByRole("heading", { name: "Branch Kenya" }).waitFor();
  await page.getByRole("link", { name: "Credit report" }).click();
  await page.locator(".sheet").waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: "Branch Kenya" }).waitFor();
  await page.goForward();
  await page.locator(".sheet").waitFor();
  await close({ failures: true });
});

test("a token that is refused leads to the sign-in and back to the same page", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}`);
  await page.route(/\/creditreport/, (route) => route.fulfill(EXPIRED));
  await page.getByRole("link", { name: "Credit report" }).click();
  await page.getByText("Your session is over.").waitFor();
  assert.equal(await page.getByLabel("Email").inputValue(), EMAIL);
  await page.unroute(/\/creditreport/);
  await page.getByLabel("Password").fill("demo-password-2021");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".sheet").waitFor();
  await close({ failures: true });
});

test("a quarter of an hour without input locks, and the environment stays chosen", async () => {
  const { page, close } = await open(await browser(), "/people");
  await page.clock.install();
  await page.reload();
  await signIn(page);
  await page.getByLabel("Environment").selectOption("test");
  await page.getByText("Test data.").waitFor();
  await page.clock.runFor(14 * 60_000);
  await page.getByText("Test data.").waitFor();
  await page.keyboard.press("Shift");
  await page.clock.runFor(14 * 60_000);
  await page.getByText("Test data.").waitFor();
  await page.clock.runFor(61_000);
  await page.getByText("Locked after 15 minutes without input.").waitFor();
  await page.getByLabel("Password").fill("demo-password-2021");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Test data.").waitFor();
  await close({ failures: true });
});

test("an API that is down is said, and asked again on request", async () => {
  const { page, close } = await enter(await browser(), "/people");
  await page.route(/\/users\?/, (route) => route.abort());
  await page.getByRole("searchbox").fill("mercy");
  await page.getByText("The people could not be loaded").waitFor();
  await page.getByText("The service cannot be reached.").waitFor();
  await page.unroute(/\/users\?/);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("link", { name: "Mercy Otieno" }).waitFor();
  await close({ failures: true });
});

test("a service that is busy is asked again by itself", async () => {
  const { page, close } = await enter(await browser(), "/people");
  let asked = 0;
  await page.route(/\/users\?/, (route) => {
    if (++asked > 1) return route.continue();
    return route.fulfill({
      status: 503,
      headers: { "retry-after": "1" },
      contentType: "application/problem+json",
      json: { code: "unavailable", status: 503, detail: "busy" },
    });
  });
  await page.getByRole("searchbox").fill("mercy");
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
  assert.equal(asked, 2);
  await close({ failures: true });
});

test("an error of the service names the request", async () => {
  const { page, close } = await enter(await browser(), "/people");
  const json = { code: "internal_error", status: 500, detail: "Something went wrong here.", request_id: "0b1f-77" };
  await page.route(/\/users\?/, (route) =>
    route.fulfill({ status: 500, contentType: "application/problem+json", json }),
  );
  await page.getByRole("searchbox").fill("mercy");
  await page.getByText("Something went wrong here.").waitFor();
  await page.getByText("Request 0b1f-77").waitFor();
  await close({ failures: true });
});

for (const [name, hash] of [
  ["overview", `/people/${JOSEPH}`],
  ["ledger", `/people/${JOSEPH}/ledger`],
  ["people", "/people"],
] as const) {
  test(`a slow API shows skeletons, and little moves when answers come: ${name}`, async () => {
    const { page, close } = await open(await browser(), hash);
    await page.route(/\/users/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 600));
      await route.continue();
    });
    await signIn(page);
    await page.locator(".skeleton").first().waitFor();
    await settled(page);
    // "Good" by the thresholds of web vitals.
    const shift = await page.evaluate(() => window.shift);
    assert(shift < 0.1, `layout shift ${shift}`);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await close({ failures: true });
  });
}

test("everything is done by keyboard alone", async () => {
  const { page, close } = await open(await browser(), "/people");
  await page.keyboard.press("Tab");
  await page.keyboard.type(EMAIL);
  await page.keyboard.press("Tab");
  await page.keyboard.type("demo-password-2021");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "People" }).waitFor();
  await settled(page);
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  const tabTo = async (text: string) => {
    for (let at = 0; at < 40; at++) {
      await page.keyboard.press("Tab");
      if ((await focused()).startsWith(text)) return;
    }
    assert.fail(`the focus never comes to ${text}`);
  };
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  await tabTo("Mercy Otieno");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Mercy Otieno" }).waitFor();
  await settled(page);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  await tabTo("Ledger");
  await page.keyboard.press("Enter");
  await page.locator(".windowed-row").first().waitFor();
  await tabTo(shownDay(daysAgo(1)));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await dismiss(page);
  assert((await focused()).startsWith(shownDay(daysAgo(1))), "the focus goes back to the record");
  await close({ failures: true });
});

test("nothing moves for readers who want less motion", async () => {
  const { page, close } = await open(await browser(), `/people/${MERCY}`, { reducedMotion: "reduce" });
  await page.route(/\/users/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await signIn(page);
  await page.locator(".skeleton").first().waitFor();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  await settled(page);
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await close({ failures: true });
});
