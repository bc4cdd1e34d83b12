/**
 * Writes `src/api/operations.ts`: one function for each operation of the OpenAPI document, named by its id. The types
 * of the document check each call.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const METHODS = ["get", "post", "put", "patch", "delete"];

type Document = { paths: Record<string, Record<string, { operationId: string }>> };

const camelCase = (id: string) => id.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const { paths }: Document = JSON.parse(readFileSync(join(import.meta.dirname, "../../../docs/openapi.json"), "utf8"));
const operations = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => METHODS.includes(method))
    .map(([method, { operationId }]) => {
      return `export const ${camelCase(operationId)} = at["${path}"].${method.toUpperCase()};`;
    }),
);

writeFileSync(
  join(import.meta.dirname, "src/api/operations.ts"),
  `/** The operations of the OpenAPI document by their ids. \`npm run schema\` writes this file. */

import { wrapAsPathBasedClient } from "openapi-fetch";
import { api } from "./client";

const at = wrapAsPathBasedClient(api);

${operations.join("\n")}
`,
);
