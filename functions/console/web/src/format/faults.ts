/** The faults of a request, in words. */

import { ApiError, type Schemas } from "../api/client";
import { sentence } from "./insight-words";

/** `Phone number is too short`, for `/phone_number`. Staff know fields by name, not by pointer. */
function told({ pointer, detail }: Schemas["FieldError"]): string {
  const path = pointer.split("/").filter(Boolean);
  const last = path.at(-1);
  if (last === undefined) return `The body ${detail}`;
  if (!/^\d+$/.test(last)) return `${sentence(last)} ${detail}`;
  const list = path.slice(0, -1).findLast((part) => !/^\d+$/.test(part));
  return `${list ? `${sentence(list)}: item` : "Item"} ${Number(last) + 1} ${detail}`;
}

/** Each fault once. The API's own message repeats the first of its field errors. */
export const faultsOf = (error: Error): string[] =>
  error instanceof ApiError && error.errors.length > 0 ? error.errors.map(told) : [error.message];
