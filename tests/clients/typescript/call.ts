// Calls the service like a program with generated types.

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

const baseUrl = process.env["DAFTARI_URL"];
assert(baseUrl, "DAFTARI_URL is not set");

const open = createClient<paths>({ baseUrl });
const signIn = await open.POST("/auth", {
  body: { email: "demo@daftari.example", password: "demo-password-2021" },
});
assert(signIn.data, JSON.stringify(signIn.error));
const headers = { Authorization: `Bearer ${signIn.data.access_token}` };
const api = createClient<paths>({ baseUrl, headers });

const registered = await api.POST("/users", { body: { phone_number: "254799555031", first_name: "Generated" } });
assert(registered.data, JSON.stringify(registered.error));
const path = { user_uuid: registered.data.uuid };

const record: components["schemas"]["NewRecord"] = {
  id: "1",
  timestamp: "2026-03-01T10:00:00+00:00",
  institution_id: "mpesa",
  account_type: "depository",
  amount: 1250.5,
  impact: "CREDIT",
  balance: 2000,
  currency: "KES",
};
const stored = await api.POST("/users/{user_uuid}/ledger", { params: { path }, body: { records: [record] } });
assert(stored.data, JSON.stringify(stored.error));
assert.equal(stored.data.accepted + stored.data.duplicates, 1);

const ledger = await api.GET("/users/{user_uuid}/ledger", { params: { path, query: { limit: 10 } } });
assert.equal(ledger.data?.records[0]?.amount, 1250.5);
const report = await api.GET("/users/{user_uuid}/creditreport", { params: { path } });
assert.equal(report.data?.depository.total_balances, 2000);
const dti = await api.GET("/users/{user_uuid}/dti", { params: { path } });
assert.equal(dti.data?.credit_count, 1);
const summary = await api.GET("/users/{user_uuid}/transactions-summary", { params: { path } });
assert.equal(summary.data?.total_transactions_count, 1);
const found = await api.GET("/users", { params: { query: { search: "Generated" } } });
assert.equal(found.data?.users.length, 1);

const body = { principal: 30_000, interest_rate: 0.6, term: 6 };
const loan = await api.POST("/users/{user_uuid}/affordability", { params: { path }, body });
assert.equal(loan.data?.instalment, 5910.53);

const missing = await api.GET("/users/{user_uuid}", {
  params: { path: { user_uuid: "00000000-0000-4000-8000-000000000000" } },
});
assert.equal(missing.response.status, 404);
assert.equal(missing.error?.code, "not_found");

const erased = await api.DELETE("/users/{user_uuid}", { params: { path } });
assert.equal(erased.response.status, 204);
console.log("typescript: 11 calls");
