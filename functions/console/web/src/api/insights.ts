/**
 * Income, cash flow, affordability and features. A deployment may be older than these routes: then their parts of the
 * console do not show.
 */

import createClient from "openapi-fetch";
import { ApiError, authorized, BASE, body, send, type Schemas } from "./client";

type Meta = {
  user_uuid: string;
  client_uuid: string;
  utc_time: string;
  latest_record_at: string | null;
  history_days?: number;
  full_periods?: number;
};

export type Stream = {
  stream_id: string;
  direction: "inflow" | "outflow";
  category: string;
  counterparty: { token: string | null; kind: string } | null;
  institution_ids: string[];
  currency: string | null;
  frequency: string;
  status: string;
  is_active: boolean;
  first_date: string;
  last_date: string;
  predicted_next_date: string | null;
  overdue_days: number;
  count: number;
  median_amount: number;
  average_amount: number;
  last_amount: number;
  expected_monthly: number;
  stability: number | null;
  regularity: number | null;
  confidence: "HIGH" | "MEDIUM" | "LOW";
  record_ids: string[];
};

export type Income = {
  _meta: Meta;
  status: string;
  currency: string | null;
  summary: {
    monthly_average: number | null;
    monthly_average_regular: number | null;
    monthly_average_irregular: number | null;
    expected_monthly: number;
    by_confidence: Record<string, number>;
    income_streams: number;
    income_transactions: number;
  };
  streams: Stream[];
  streams_left_out?: number;
  excluded: { reason: string; count: number; total: number }[];
};

export type Recurring = { _meta: Meta; currency: string | null; streams: Stream[]; streams_left_out?: number };

export type CashWindow = Record<string, number | null>;

export type CashMonth = {
  month: string;
  partial: boolean;
  starting_balance: number | null;
  ending_balance: number | null;
  inflow: number | null;
  outflow: number | null;
  net: number | null;
};

export type CashFlow = {
  _meta: Meta;
  currency: string | null;
  by_currency: { currency: string | null; windows: Record<string, CashWindow>; months: CashMonth[]; trend: number | null }[];
};

export type AffordabilityRequest = {
  principal: number;
  currency?: string | null;
  interest_rate: number;
  rate_type: "reducing" | "flat";
  fees?: number;
  term: number;
  term_unit: "month" | "week" | "day";
  utc_time?: string | null;
};

export type Affordability = {
  status: string;
  currency?: string | null;
  can_afford: boolean | null;
  instalment: number;
  room: number | null;
  max_principal: number | null;
  total_cost_of_credit: number;
  income: { monthly: number | null; stressed: number | null; basis: string; stream_ids: string[] };
  debt_service: { monthly: number | null; record_ids: string[] };
  disposable: { monthly: number | null; periods: { from: string; to: string; net: number }[] };
  reasons: { code: string; text: string; value: number | null; limit: number | null; effect?: string; record_ids: string[] }[];
  policy: Record<string, unknown>;
};

export type Features = {
  features: Record<string, number | string | null>;
  insights?: Record<string, number | string | null>;
  _meta: Meta & { currency: string | null; other_currencies?: string[]; not_served?: string[] };
};

type Json<T> = { content: { "application/json": T } };
type UserPath = { path: { user_uuid: string } };
type Get<T, Query = { utc_time?: string; currency?: string }> = {
  get: { parameters: UserPath & { query?: Query }; responses: { 200: Json<T>; default: Json<Schemas["Problem"]> } };
};

interface InsightPaths {
  "/users/{user_uuid}/income": Get<Income>;
  "/users/{user_uuid}/recurring": Get<Recurring, { direction?: "inflow" | "outflow"; utc_time?: string; currency?: string }>;
  "/users/{user_uuid}/cash-flow": Get<CashFlow>;
  "/users/{user_uuid}/features": Get<Features>;
  "/users/{user_uuid}/affordability": {
    post: {
      parameters: UserPath;
      requestBody: Json<AffordabilityRequest>;
      responses: { 200: Json<Affordability>; default: Json<Schemas["Problem"]> };
    };
  };
}

export const insights = createClient<InsightPaths>({ baseUrl: BASE, fetch: send });
insights.use(authorized);

let served: boolean | null = null;

/** Whether this deployment has the routes. Asked once for a page; the person is known to exist. */
export async function insightsServed(user: string, signal: AbortSignal): Promise<boolean> {
  if (served !== null) return served;
  try {
    await body(insights.GET("/users/{user_uuid}/income", { params: { path: { user_uuid: user } }, signal }));
    served = true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) served = false;
    // Any other answer comes from the route; it is asked again for the next person.
    return error.status !== 404;
  }
  return served;
}
