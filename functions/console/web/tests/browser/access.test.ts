/** Accessibility: axe finds no fault on any screen, and nothing is wider than the screen. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { answerNobody } from "./answers.ts";
import { dismiss, go, open, settled, signIn } from "./page.ts";
import { SCREENS } from "./screens.ts";
import { get, JOSEPH, MERCY } from "./service.ts";
import { browser } from "./shared.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function check(page: Page, name: string) {
  const found = await page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run: () => Promise<AxeResults> } }).axe;
    const { violations } = await axe.run();
    return violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes
          .slice(0, 3)
          .map((node) => node.html)
          .join(" | ")}`,
    );
  });
  assert.deepEqual(found, [], `${name}: axe`);
  const [content, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert(content! <= screen!, `${name} is ${content} px wide on a screen of ${screen}`);
}

for (const width of [360, 1280]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`every screen at ${width} px, ${colorScheme}`, async () => {
      const options = { viewport: { width, height: 800 }, colorScheme };
      const { page, close } = await open(await browser(), "/people", options);
      await signIn(page);
      await settled(page);
      // Through the protocol of the developer tools, which the page's policy does not cover.
      const tools = await page.context().newCDPSession(page);
      await tools.send("Runtime.evaluate", { expression: AXE });
      for (const { name, hash } of SCREENS) {
        await go(page, hash);
        await page
          .locator("details > summary")
          .evaluateAll((all) => all.slice(0, 3).forEach((each) => (each as HTMLElement).click()));
        await check(page, name);
        if (name === "record") {
          await page.locator(".windowed-row a").first().click();
          await page.getByRole("dialog").locator(".message").waitFor();
          await check(page, "record, open");
          await dismiss(page);
        }
      }
      await go(page, `/integration?user=${MERCY}`);
      await page.getByRole("button", { name: "Make a token" }).click();
      await page.getByRole("button", { name: "Show the QR code" }).click();
      await page.locator(".qr").waitFor();
      await check(page, "integration, code");
      await page.getByRole("button", { name: "Show the token" }).click();
      await check(page, "integration, token");
      const [stream] = (await get(`/users/${JOSEPH}/income`)).streams;
      await go(page, `/people/${JOSEPH}/income?stream=${stream.stream_id}`);
      await page.getByRole("dialog").getByRole("table").or(page.getByRole("dialog").locator(".note")).first().waitFor();
      await check(page, "income stream");
      await dismiss(page);
      await answerNobody(page);
      await page.getByLabel("Environment").selectOption("test");
      await page.getByText("Nobody is registered yet").waitFor();
      await check(page, "test data of nobody");
      await go(page, `/people/${MERCY}`);
      await check(page, "not found");
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      await check(page, "sign-in");
      await close({ failures: true });
    });
  }
}
