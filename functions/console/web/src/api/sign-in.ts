/** Signing in. */

import { body, type Schemas } from "./client";
import { getTokens } from "./operations";

/** Signs in. The answer has the tokens of all organizations and both environments at once. */
export function signIn(email: string, password: string): Promise<Schemas["OrganizationTokens"][]> {
  const bytes = new TextEncoder().encode(`${email}:${password}`);
  const basic = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return body(getTokens({ headers: { authorization: `Basic ${basic}` } }));
}
