/** The operations of the API as requests. */

import { afterAll, beforeAll, expect, test, vi } from "vitest";

const sent: string[] = [];

beforeAll(() => {
  vi.stubGlobal("document", { baseURI: "https://api.example/beta/console" });
  vi.stubGlobal("fetch", async ({ method, url, headers }: Request) => {
    sent.push([method, url, headers.get("authorization")].filter(Boolean).join(" "));
    return Response.json({});
  });
});
afterAll(() => vi.unstubAllGlobals());

test("an operation sends its method and path below the base path of the deployment", async () => {
  const { deleteUser, getIncome, getTokens, postUser } = await import("../../src/api/operations");
  const path = { user_uuid: "u" };
  await getIncome({ params: { path, query: { utc_time: "2021-10-08" } } });
  await postUser({ body: { phone_number: "254700000001" } });
  await deleteUser({ params: { path } });
  await getTokens({ headers: { authorization: "Basic x" } });
  expect(sent).toEqual([
    "GET https://api.example/beta/users/u/income?utc_time=2021-10-08",
    "POST https://api.example/beta/users",
    "DELETE https://api.example/beta/users/u",
    "GET https://api.example/beta/auth Basic x",
  ]);
});
