/** The browser of a file of tests. Each file runs in a process of its own, and so starts one. */

import assert from "node:assert/strict";
import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import { launch } from "./browser.ts";

/** Set before the first test. */
export let browser: Browser;

before(async () => {
  const found = await launch();
  assert(found, "no Chromium");
  browser = found;
});
after(() => browser?.close());
