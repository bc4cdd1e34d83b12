/**
 * Invented answers of income, cash flow, affordability and features, for tests against a service without these routes
 * or without such data.
 */

import type { Page } from "playwright-core";
import type { Affordability, CashFlow, Features, Income } from "../../src/api/insights.ts";

const meta = {
  user_uuid: "u",
  client_uuid: "c",
  utc_time: "2021-11-15T23:59:59+00:00",
  latest_record_at: "2021-11-15T06:49:00+00:00",
  history_days: 730,
  full_periods: 24,
  completeness: 0.9991,
  unrecognized_loan_messages: 0,
};

const stream = {
  stream_id: "9f2c00aa11bb22cc",
  direction: "inflow" as const,
  category: "SALARY" as const,
  counterparty: { token: "9f2c00aa11bb22cc", kind: "business" as const },
  institution_ids: ["equitybank"],
  currency: "KES",
  frequency: "MONTHLY" as const,
  status: "MATURE" as const,
  is_active: true,
  first_date: "2019-11-25",
  last_date: "2021-10-25",
  predicted_next_date: "2021-11-25",
  overdue_days: 0,
  count: 24,
  median_amount: 95000,
  average_amount: 95210.5,
  last_amount: 95000,
  total_amount: 2285052,
  outlier_record_ids: [],
  expected_monthly: 95000,
  stability: 0.9857,
  regularity: 1,
  confidence: "HIGH" as const,
  record_ids: ["r1"],
};

export const INCOME: Income = {
  _meta: meta,
  status: "ok",
  currency: "KES",
  summary: {
    monthly_average: 101210.4,
    monthly_average_regular: 95000,
    monthly_average_irregular: 6210.4,
    expected_monthly: 95000,
    by_confidence: { HIGH: 95000, MEDIUM: 0, LOW: 0 },
    income_streams: 2,
    income_transactions: 61,
    possible_own_transfers: { count: 0, total: 0, record_ids: [] },
  },
  streams: [
    stream,
    {
      ...stream,
      stream_id: "aa",
      category: "CASH_DEPOSIT",
      institution_ids: ["mpesa"],
      frequency: "WEEKLY",
      count: 6,
      median_amount: 2500,
      expected_monthly: 0,
      confidence: "LOW",
      predicted_next_date: "2021-11-12",
      overdue_days: 3,
    },
    {
      ...stream,
      stream_id: "bb",
      category: "TRANSFER",
      institution_ids: ["mpesa"],
      frequency: "UNKNOWN",
      is_active: false,
      predicted_next_date: null,
      count: 31,
      median_amount: 1200.5,
      expected_monthly: 0,
      confidence: "LOW",
    },
  ],
  excluded: [{ reason: "loan_disbursement", count: 2, total: 9000 }],
  by_currency: [],
};

const window = {
  inflow: 128000.25,
  outflow: 96000,
  net: 32000.25,
  credit_count: 9,
  debit_count: 41,
  nsf_overdraft_count: 0,
  loan_disbursed: 10000,
  loan_repaid: 8120,
  betting: 462,
  average_daily_balance: 301500.15,
  min_balance: 268000,
  days_below_threshold: 0,
  days_without_transactions: 7,
  longest_gap_days: 2,
};

const kes: CashFlow["by_currency"][number] = {
  currency: "KES",
  threshold: 5000,
  own_transfers: { credit: { count: 0, total: 0 }, debit: { count: 0, total: 0 } },
  windows: {
    "30d": window,
    "60d": { ...window, inflow: 251000 },
    "90d": { ...window, inflow: 390000, min_balance: null },
  },
  months: ["2021-08", "2021-09", "2021-10", "2021-11"].map((month, at) => ({
    month,
    partial: at === 3,
    starting_balance: 1000,
    ending_balance: 2000,
    inflow: 120000 + at * 3000,
    outflow: 90000 + at * 1000,
    net: 30000 + at * 2000,
    credit_count: 9,
    debit_count: 41,
    nsf_overdraft_count: 0,
    loan_disbursed: 0,
    loan_repaid: 0,
    betting: 0,
  })),
  trend: 1250.5,
};

export const CASH: CashFlow = { _meta: meta, status: "ok", ...kes, by_currency: [kes] };

export const AFFORDABILITY: Affordability = {
  _meta: meta,
  status: "ok",
  currency: "KES",
  can_afford: false,
  instalment: 5910.53,
  room: 4500,
  max_principal: 22840.61,
  total_cost_of_credit: 5463.18,
  income: { monthly: 45000, stressed: 36000, basis: "regular", stream_ids: ["9f2c"] },
  debt_service: { monthly: 9900, record_ids: ["r1", "r2"] },
  disposable: { monthly: 9000, periods: [{ from: "2021-10-16", to: "2021-11-15", net: 9000 }] },
  reasons: [
    {
      code: "OBLIGATIONS_HIGH",
      text: "Excessive obligations in relation to income",
      value: 0.275,
      limit: 0.2,
      effect: "limits_room",
      record_ids: ["r1"],
    },
  ],
  policy: {
    max_instalment_to_income: 0.4,
    disposable_share: 0.5,
    income_haircut: 0.2,
    min_history_days: 60,
    max_age_days: 14,
    income_basis: "regular",
  },
};

const { full_periods: _, ...featureMeta } = meta;

export const FEATURES: Features = {
  user: { uuid: "u", first_name: "Joseph", last_name: "Kamau", phone_number: "254711000117", external_id: null },
  features: {
    net_cash_flow_0_30: 22900,
    net_cash_flow_31_90: 24500,
    net_cash_flow_0_90: 47400,
    count_overdraft_events_0_30: 1,
    count_overdraft_events_31_90: null,
    count_overdraft_events_0_90: 1,
    data_recency_minutes: 9540,
    primary_currency: "KES",
  },
  insights: { total_inflow_amount_30d: 29000, total_inflow_amount_90d: 69000, history_days: 730 },
  _meta: { ...featureMeta, currency: "KES", threshold: 5000, other_currencies: ["USD"], not_served: [] },
};

/** Answers these routes in place of the service. */
export async function answerInsights(page: Page) {
  await page.route(/\/users\/[^/]+\/income/, (route) => route.fulfill({ json: INCOME }));
  await page.route(/\/users\/[^/]+\/cash-flow/, (route) => route.fulfill({ json: CASH }));
  await page.route(/\/users\/[^/]+\/affordability/, (route) => route.fulfill({ json: AFFORDABILITY }));
  await page.route(/\/users\/[^/]+\/features/, (route) => route.fulfill({ json: FEATURES }));
}

/** Answers every search for people with nobody. */
export function answerNobody(page: Page) {
  const _meta = {
    client_uuid: "c",
    created_after: "1970-01-01T00:00:00+00:00",
    created_before: "2026-01-01T00:00:00+00:00",
    search: null,
    total_users_count: 0,
    page: 1,
    max_pages: 0,
  };
  return page.route(/\/users\?/, (route) => route.fulfill({ json: { page: 1, num_pages: 0, _meta, users: [] } }));
}
