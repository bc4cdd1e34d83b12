/**
 * The operations that the console calls, by their ids in the OpenAPI document. The only place that names their paths;
 * the types of the document check each.
 */

import { wrapAsPathBasedClient } from "openapi-fetch";
import { api } from "./client";

const at = wrapAsPathBasedClient(api);

export const getTokens = at["/auth"].GET;
export const postUserToken = at["/auth/user-token"].POST;
export const getUnrecognized = at["/messages/unrecognized"].GET;
export const getUsers = at["/users"].GET;
export const postUser = at["/users"].POST;
export const deleteUser = at["/users/{user_uuid}"].DELETE;
export const getUser = at["/users/{user_uuid}"].GET;
export const postAffordability = at["/users/{user_uuid}/affordability"].POST;
export const getAlertsSummary = at["/users/{user_uuid}/alerts-summary"].GET;
export const getCashFlow = at["/users/{user_uuid}/cash-flow"].GET;
export const getCreditReport = at["/users/{user_uuid}/creditreport"].GET;
export const createCreditReport = at["/users/{user_uuid}/creditreport"].POST;
export const getFrozenCreditReport = at["/users/{user_uuid}/creditreport/{id}"].GET;
export const getExport = at["/users/{user_uuid}/export"].GET;
export const getUserFeatures = at["/users/{user_uuid}/features"].GET;
export const getIncome = at["/users/{user_uuid}/income"].GET;
export const getInstitutions = at["/users/{user_uuid}/institutions"].GET;
export const getInstitutionAlerts = at["/users/{user_uuid}/institutions/{institution_id}/alerts"].GET;
export const getLedger = at["/users/{user_uuid}/ledger"].GET;
export const postMessages = at["/users/{user_uuid}/messages"].POST;
export const getTransactionsSummary = at["/users/{user_uuid}/transactions-summary"].GET;
