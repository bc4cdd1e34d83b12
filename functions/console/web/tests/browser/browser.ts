/**
 * A Chromium: the one of the machine, or the one in an npm package. Run as a program, it reports whether one starts.
 * Exit codes: 0 one does, 1 none does.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium, type Browser } from "playwright-core";

/** No sandbox, because CI runs as root. No option weakens the page's own policy. */
const FLAGS = ["--no-sandbox", "--font-render-hinting=none", "--hide-scrollbars", "--disable-gpu", "--headless=shell"];

type Candidate = { path: string; libraries?: string };

function onThePath(): Candidate[] {
  return ["chromium", "chromium-browser", "google-chrome"].flatMap((name) => {
    try {
      return [{ path: execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim() }];
    } catch {
      return [];
    }
  });
}

/**
 * The Chromium of an npm package, unpacked below `.tools/`. It is for x86-64 on Linux and needs the libraries of NSS.
 * The package contains them, and unpacks them if it takes the machine for a Lambda.
 */
async function carried(): Promise<Candidate[]> {
  if (process.platform !== "linux" || process.arch !== "x64") return [];
  const folder = resolve(import.meta.dirname, "../../../../../.tools/chromium");
  mkdirSync(folder, { recursive: true });
  const before = { ...process.env };
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" });
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    const path = await packed.executablePath();
    return [{ path }, { path, libraries: join(folder, "al2023/lib") }];
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

async function candidates(): Promise<Candidate[]> {
  const named = process.env.CHROMIUM;
  if (named && named !== "carried") return [{ path: named }];
  return named === "carried" ? carried() : [...onThePath(), ...(await carried())];
}

/** The first Chromium that starts, or null after reporting why none does. `CHROMIUM` names one, or is `carried`. */
export async function launch(): Promise<Browser | null> {
  for (const { path, libraries } of await candidates()) {
    const env = { ...process.env, ...(libraries ? { LD_LIBRARY_PATH: libraries } : {}) } as Record<string, string>;
    try {
      const browser = await chromium.launch({ executablePath: path, args: FLAGS, headless: true, env });
      console.log(`browser: Chromium ${browser.version()}, ${path}${libraries ? " with its own libraries" : ""}`);
      return browser;
    } catch (error) {
      console.error(`browser: ${path} does not start: ${String(error).split("\n").slice(0, 4).join(" ")}`);
    }
  }
  console.error("browser: no Chromium starts");
  return null;
}

if (import.meta.main) {
  const browser = await launch();
  await browser?.close();
  process.exit(browser ? 0 : 1);
}
