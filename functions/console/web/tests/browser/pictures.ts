/** Screenshots with the demo data: pictures.ts FOLDER. Without a folder, every screen in both themes into /tmp. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./browser.ts";
import { enter, go } from "./page.ts";
import { SCREENS } from "./screens.ts";
import { JOSEPH } from "./service.ts";

const folder = process.argv[2];
/** The pictures of the README. */
const SHOWN = [
  { file: "console-overview.png", hash: `/people/${JOSEPH}`, height: 1272, colorScheme: "light" as const },
  { file: "console-loans.png", hash: `/people/${JOSEPH}/loans`, height: 900, colorScheme: "dark" as const },
];

const browser = await launch();
if (!browser) process.exit(1);
if (folder) {
  mkdirSync(folder, { recursive: true });
  for (const { file, hash, height, colorScheme } of SHOWN) {
    const { page, close } = await enter(browser, hash, { viewport: { width: 1280, height }, colorScheme });
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(folder, file) });
    await close({ failures: true });
    console.log(`pictures: ${join(folder, file)}`);
  }
} else {
  for (const width of [360, 1280]) {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, close } = await enter(browser, "/people", { viewport: { width, height: 800 }, colorScheme });
      for (const { name, hash } of SCREENS) {
        await go(page, hash);
        await page.waitForTimeout(300);
        await page.screenshot({
          path: `/tmp/console-${name.replaceAll(" ", "-")}-${width}-${colorScheme}.png`,
          fullPage: true,
        });
      }
      await close({ failures: true });
    }
  }
}
await browser.close();
