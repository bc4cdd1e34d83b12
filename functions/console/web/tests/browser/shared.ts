/** The browser of a file of tests. Each file runs in a process of its own, and so starts one. */

import assert from "node:assert/strict";
import { after } from "node:test";
import type { Browser } from "playwright-core";
import { launch } from "./browser.ts";

let started: Promise<Browser | null> | undefined;

/** Starts at the first call. A file of which no test is chosen has none, since Node would not run its hook to close it. */
export async function browser(): Promise<Browser> {
  started ??= launch();
  const found = await started;
  assert(found, "no Chromium");
  return found;
}

after(async () => (await started)?.close());
