/** Every screen of the console, with the demo data. */

import { JOSEPH, MERCY } from "./service.ts";

export const SCREENS: { name: string; hash: string }[] = [
  { name: "people", hash: "/people" },
  { name: "overview", hash: `/people/${JOSEPH}` },
  { name: "overview of Mercy", hash: `/people/${MERCY}` },
  { name: "all balances", hash: `/people/${JOSEPH}?balances=all` },
  { name: "ledger", hash: `/people/${JOSEPH}/ledger` },
  { name: "record", hash: `/people/${JOSEPH}/ledger?labels=LoanMissedPayment` },
  { name: "loans", hash: `/people/${JOSEPH}/loans` },
  { name: "income", hash: `/people/${JOSEPH}/income` },
  { name: "affordability", hash: `/people/${JOSEPH}/affordability` },
  { name: "features", hash: `/people/${JOSEPH}/features` },
  { name: "completeness", hash: `/people/${JOSEPH}/completeness` },
  { name: "credit report", hash: `/people/${JOSEPH}/report` },
  { name: "export and erase", hash: `/people/${JOSEPH}/data` },
  { name: "try a message", hash: `/messages/read?user=${JOSEPH}` },
  { name: "upload", hash: "/messages/upload" },
  { name: "unread wordings", hash: "/messages/unread" },
  { name: "integration", hash: `/integration?user=${JOSEPH}` },
  { name: "no such page", hash: "/nothing" },
];
