/**
 * Income, cash flow, affordability and features. The console hides these parts if a deployment does not serve the
 * routes.
 */

import { ApiError, body, type Schemas } from "./client";
import { getIncome } from "./operations";

export type Stream = Schemas["PaymentStream"];
export type Income = Schemas["IncomeReport"];
export type CashFlow = Schemas["CashFlowReport"];
export type AffordabilityRequest = Schemas["AffordabilityRequest"];
export type Affordability = Schemas["AffordabilityReport"];
export type Features = Schemas["FeatureReport"];

let served: boolean | null = null;

/** Whether this deployment has the routes. Asked once per page load, for a person who is known to exist. */
export async function insightsServed(user: string, signal: AbortSignal): Promise<boolean> {
  if (served !== null) return served;
  try {
    await body(getIncome({ params: { path: { user_uuid: user } }, signal }));
    served = true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) served = false;
    // Any other answer comes from the route itself. The next person asks again.
    return error.status !== 404;
  }
  return served;
}
