/** A page of the console or of the reference. It records events that must never happen. */

import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { EMAIL, PASSWORD, URL_ } from "./service.ts";

declare global {
  interface Window {
    violations: string[];
    shift: number;
  }
}

/** Failures that a test provokes, and a part of a warning that a library is known to print. */
export type Expected = { failures?: boolean; known?: string };

/** Longest wait for an element. Loading the OpenAPI document takes many seconds on a busy machine. */
const PATIENCE_MS = 60_000;

export type Screen = { page: Page; close: (expected?: Expected) => Promise<void> };

/**
 * Loading is over when neither skeletons nor previous answers are visible. Details of rows load as they come into view.
 */
export async function settled(page: Page) {
  await page.waitForSelector(".app main h1");
  await page.waitForFunction(() => !document.querySelector(".skeleton, .stale, h1 .pending"));
}

/** Opens an address of the console without a session. */
export function open(browser: Browser, hash = "", options: BrowserContextOptions = {}): Promise<Screen> {
  return visit(browser, `/console${hash && `#${hash}`}`, options);
}

/** Opens a page. `close` fails the test if an error occurred meanwhile. */
export async function visit(browser: Browser, path: string, options: BrowserContextOptions = {}): Promise<Screen> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const faults: string[] = [];
  const failures: string[] = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    // The browser's messages about answers that are not a success.
    const list = message.text().startsWith("Failed to load resource") ? failures : faults;
    list.push(`${message.text()} ${message.location().url}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== URL_ && !["data:", "blob:"].includes(url.protocol)) faults.push(`request to ${url.origin}`);
  });
  await page.addInitScript(() => {
    window.violations = [];
    window.shift = 0;
    document.addEventListener("securitypolicyviolation", (event) =>
      window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    );
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
        if (!entry.hadRecentInput) window.shift += entry.value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(`${URL_}${path}`);
  return {
    page,
    async close(expected: Expected = {}) {
      const left = await page.evaluate(() => ({
        violations: window.violations,
        stored: [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].filter(Boolean),
      }));
      const databases = await page.evaluate(async () => (await indexedDB.databases()).length);
      await context.close();
      assert.deepEqual(left.violations, [], "reports of the content security policy");
      assert.deepEqual(left.stored, [], "stored in the browser");
      assert.equal(databases, 0, "databases in the browser");
      const unknown = faults.filter((fault) => !expected.known || !fault.includes(expected.known));
      assert.deepEqual(unknown, [], "faults of the page");
      if (!expected.failures) assert.deepEqual(failures, [], "failed requests");
    },
  };
}

export async function signIn(page: Page, password = PASSWORD) {
  await page.getByLabel("Email").fill(EMAIL);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Opens an address and signs in there as a lender. */
export async function enter(browser: Browser, hash = "", options: BrowserContextOptions = {}): Promise<Screen> {
  const screen = await open(browser, hash, options);
  await signIn(screen.page);
  await settled(screen.page);
  return screen;
}

/** Goes to another address of the same page, like a link. */
export async function go(page: Page, hash: string) {
  await page.evaluate((hash) => void (location.hash = hash), hash);
  await page.waitForTimeout(50);
  await settled(page);
}

/**
 * Closes the open dialog and waits until its element is gone. Closing changes the address shortly after the dialog is
 * hidden, which would undo a navigation in between.
 */
export async function dismiss(page: Page) {
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
}

/** The texts of a table's cells, by rows. */
export async function rows(page: Page, caption: string): Promise<string[][]> {
  const table = page.getByRole("table", { name: caption, exact: true });
  return table
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").trim())));
}

/** Money in the console's format. Implemented separately: two decimals, as in the demo data's currencies. */
export function shown(amount: number | null, currency: string): string {
  if (amount === null) return "unknown";
  const [whole, part] = Math.abs(amount).toFixed(2).split(".");
  return `${currency}\u00a0${amount < 0 ? "−" : ""}${whole!.replace(/\B(?=(\d{3})+$)/g, ",")}.${part}`;
}
