/**
 * Income, cash flow, affordability and features. Their parts of the console do not show where a deployment does not
 * serve these routes.
 */

import { api, ApiError, body, type Schemas } from "./client";

export type Stream = Schemas["PaymentStream"];
export type Income = Schemas["IncomeReport"];
export type CashFlow = Schemas["CashFlowReport"];
export type AffordabilityRequest = Schemas["AffordabilityRequest"];
export type Affordability = Schemas["AffordabilityReport"];
export type Features = Schemas["FeatureReport"];

let served: boolean | null = null;

/** Whether this deployment has the routes. Asked once for a page; the person is known to exist. */
export async function insightsServed(user: string, signal: AbortSignal): Promise<boolean> {
  if (served !== null) return served;
  try {
    await body(api.GET("/users/{user_uuid}/income", { params: { path: { user_uuid: user } }, signal }));
    served = true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) served = false;
    // Any other answer comes from the route; it is asked again for the next person.
    return error.status !== 404;
  }
  return served;
}
