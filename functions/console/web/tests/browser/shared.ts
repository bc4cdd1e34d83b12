/** The browser of a test file. Each file runs in a process of its own and starts one browser. */

import assert from "node:assert/strict";
import { after } from "node:test";
import type { Browser } from "playwright-core";
import { launch } from "./browser.ts";

let started: Promise<Browser | null> | undefined;

/**
 * Starts the browser at the first call. Node runs no closing hook for a file without selected tests, so such a file
 * must not start one.
 */
export async function browser(): Promise<Browser> {
  started ??= launch();
  const found = await started;
  assert(found, "no Chromium");
  return found;
}

after(async () => (await started)?.close());
