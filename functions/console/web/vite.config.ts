import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** The service that receives the API's requests of `npm run dev`. */
const SERVICE = process.env.DAFTARI_URL ?? "http://127.0.0.1:9000";

/** First segments of the gateway's routes, without those that begin with a parameter. */
function paths(): string[] {
  const template = readFileSync(join(import.meta.dirname, "../../../infra/template.yaml"), "utf8");
  return [...new Set(Array.from(template.matchAll(/Path: "(\/[^/{"]+)/g), ([, first = ""]) => first))];
}

/** Limit of all files that a browser loads before the first person shows, in bytes after gzip. */
const BUDGET = 90_000;

/** From the reader's directory: the names of institutions by id, and the senders by country. */
function directory(): { names: Record<string, string>; senders: Record<string, string[]> } {
  const lines = readFileSync(join(import.meta.dirname, "../../../shared/domain/data/institutions.csv"), "utf8")
    .trim()
    .split("\n");
  const [columns = [], ...rows] = lines.map((line) => line.split(","));
  const names: Record<string, string> = {};
  const senders: Record<string, string[]> = {};
  for (const row of rows) {
    const of = (column: string) => row[columns.indexOf(column)] ?? "";
    names[of("id")] = of("display_name");
    (senders[of("country")] ??= []).push(...of("senders").split("|").filter(Boolean));
  }
  for (const [country, list] of Object.entries(senders)) senders[country] = [...new Set(list)].sort();
  return { names, senders };
}

/** A file that keeps the folder in the repository for cargo (`build.rs`). */
const KEPT = ".gitignore";

/** Writes the compressed forms of each file beside it, which the function serves, and checks the budget. */
function compressed(): Plugin {
  const folder = join(import.meta.dirname, "dist");
  const first: string[] = ["index.html"];
  return {
    name: "compressed",
    apply: "build",
    buildStart() {
      for (const name of readdirSync(folder)) if (name !== KEPT) rmSync(join(folder, name), { recursive: true });
    },
    generateBundle(_, bundle) {
      const wanted = Object.values(bundle)
        .filter((file) => file.type === "chunk" && file.isEntry)
        .map((file) => file.fileName);
      for (let name = wanted.pop(); name; name = wanted.pop()) {
        const file = bundle[name];
        if (first.includes(name)) continue;
        first.push(name);
        if (file?.type === "chunk") wanted.push(...file.imports);
      }
      first.push(...Object.keys(bundle).filter((name) => name.endsWith(".css")));
    },
    closeBundle() {
      let [all, early] = [0, 0];
      for (const name of readdirSync(folder)) {
        if (name === KEPT) continue;
        const file = join(folder, name);
        const bytes = readFileSync(file);
        const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: quality }));
        const zipped = gzipSync(bytes, { level: 9 });
        writeFileSync(`${file}.gz`, zipped);
        all += zipped.length;
        if (first.includes(name)) early += zipped.length;
      }
      const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
      console.log(
        `console: ${kb(early)} gzip before the first person shows (at most ${kb(BUDGET)}), ${kb(all)} in all`,
      );
      if (early > BUDGET) throw new Error(`${kb(early)} is more than the budget of ${kb(BUDGET)}`);
    },
  };
}

export default defineConfig(({ command }) => ({
  base: command === "serve" ? "/" : "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [compressed()],
  define: { DIRECTORY: JSON.stringify(directory()) },
  // The page is `<base path>/console` with its files below, for any base path of the deployment.
  experimental: {
    renderBuiltUrl: (name, { hostType }) => (hostType === "html" ? `console/${name}` : { relative: true }),
  },
  build: {
    assetsDir: "",
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    emptyOutDir: false,
    modulePreload: false,
    reportCompressedSize: false,
    target: "es2022",
  },
  server: { proxy: Object.fromEntries(paths().map((path) => [path, SERVICE])) },
  test: { include: ["tests/unit/**/*.test.ts"] },
}));
