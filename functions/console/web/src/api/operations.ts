/** The operations of the OpenAPI document by their ids. `npm run schema` writes this file. */

import { wrapAsPathBasedClient } from "openapi-fetch";
import { api } from "./client";

const at = wrapAsPathBasedClient(api);

export const getTokens = at["/auth"].GET;
export const postToken = at["/auth"].POST;
export const postUserToken = at["/auth/user-token"].POST;
export const getJwks = at["/.well-known/jwks.json"].GET;
export const getUsers = at["/users"].GET;
export const postUser = at["/users"].POST;
export const getUser = at["/users/{user_uuid}"].GET;
export const deleteUser = at["/users/{user_uuid}"].DELETE;
export const getExport = at["/users/{user_uuid}/export"].GET;
export const getLedger = at["/users/{user_uuid}/ledger"].GET;
export const postLedger = at["/users/{user_uuid}/ledger"].POST;
export const postMessages = at["/users/{user_uuid}/messages"].POST;
export const getUnrecognized = at["/messages/unrecognized"].GET;
export const getInstitutions = at["/users/{user_uuid}/institutions"].GET;
export const getInstitutionTransactions = at["/users/{user_uuid}/institutions/{institution_id}/transactions"].GET;
export const getInstitutionBalances = at["/users/{user_uuid}/institutions/{institution_id}/balances"].GET;
export const getInstitutionAlerts = at["/users/{user_uuid}/institutions/{institution_id}/alerts"].GET;
export const getAccounts = at["/users/{user_uuid}/accounts"].GET;
export const getAccountTransactions = at["/users/{user_uuid}/accounts/{acct_uuid}/transactions"].GET;
export const getAccountBalances = at["/users/{user_uuid}/accounts/{acct_uuid}/balances"].GET;
export const getAccountAlerts = at["/users/{user_uuid}/accounts/{acct_uuid}/alerts"].GET;
export const getAlternativeCreditReport = at["/creditreport/alternative"].GET;
export const getCreditReport = at["/users/{user_uuid}/creditreport"].GET;
export const createCreditReport = at["/users/{user_uuid}/creditreport"].POST;
export const getFrozenCreditReport = at["/users/{user_uuid}/creditreport/{id}"].GET;
export const getDti = at["/users/{user_uuid}/dti"].GET;
export const getTransactionsSummary = at["/users/{user_uuid}/transactions-summary"].GET;
export const getAlertsSummary = at["/users/{user_uuid}/alerts-summary"].GET;
export const getUserFeatures = at["/users/{user_uuid}/features"].GET;
export const getFeatures = at["/features"].GET;
export const getCountryFeatures = at["/{country}/features"].GET;
export const getFeatureGroup = at["/{country}/features/{group}"].GET;
export const getCompleteness = at["/users/{user_uuid}/completeness"].GET;
export const getIncome = at["/users/{user_uuid}/income"].GET;
export const getRecurring = at["/users/{user_uuid}/recurring"].GET;
export const getCashFlow = at["/users/{user_uuid}/cash-flow"].GET;
export const postAffordability = at["/users/{user_uuid}/affordability"].POST;
export const getRoot = at["/"].GET;
export const getHealth = at["/health"].GET;
export const getVersion = at["/version"].GET;
