/** The files of the console and of its tests as a graph of imports. */

import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const files = globSync("{src,tests}/**/*.{ts,tsx}", { cwd: join(import.meta.dirname, "../..") });

/** The files that a file of the console imports: values, types and parts that load later. */
function imported(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(import.meta.dirname, "../..", file), "utf8"));
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .flatMap(({ fileName }) => {
      const path = join(dirname(file), fileName);
      return files.filter((each) => [path, `${path}.ts`, `${path}.tsx`, `${path}.d.ts`].includes(each));
    });
}

/** A path through `graph` that ends with the file it begins with, if there is one. */
function circle(graph: Map<string, string[]>): string[] | null {
  const done = new Set<string>();
  const from = (file: string, path: string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of graph.get(file) ?? []) {
      const found = from(next, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const found = from(file, []);
    if (found) return found;
  }
  return null;
}

describe("imports", () => {
  it("have no circle", () => {
    const graph = new Map(files.map((file) => [file, imported(file)]));
    expect(graph.get("src/main.tsx")).toContain("src/app.tsx");
    expect(graph.get("src/screens/person.tsx"), "parts that load later").toContain("src/screens/ledger.tsx");
    expect(circle(graph)).toBeNull();
  });

  it("in a circle are found behind a file outside it", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["c", []],
      ["d", ["c", "b"]],
    ]);
    expect(circle(graph)).toEqual(["b", "d", "b"]);
  });
});
