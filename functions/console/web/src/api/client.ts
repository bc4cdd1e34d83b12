/** The public API, with the types of its OpenAPI document. */

import createClient, { type Middleware } from "openapi-fetch";
import { end, token } from "../session";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** The timeout of a request. Longer than the service takes for any answer (29 s). */
const TIMEOUT_MS = 35_000;
/** Number of retries while the service is busy (503) or over a rate limit (429), and the shortest wait between them. */
const RETRIES = 2;
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5_000;

/** The base URL of the API: the folder of this page. */
export const BASE = new URL(".", document.baseURI).href.replace(/\/$/, "");

/** An answer that is not a success, or no answer (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly errors: Schemas["FieldError"][];
  readonly retryAfter: number | null;

  constructor(status: number, problem: Partial<Schemas["Problem"]>, retryAfter: number | null = null) {
    super(problem.detail || problem.title || `The service answered ${status}.`);
    this.status = status;
    this.code = problem.code ?? "";
    this.requestId = problem.request_id ?? null;
    this.errors = problem.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });

/**
 * Sends a request, and retries as the service asks unless the wait is long. Without cookies, so the browser shows no
 * sign-in box.
 */
export async function send(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  for (let tried = 0; ; tried++) {
    let answer: Response;
    try {
      answer = await fetch(request.clone(), { signal, credentials: "omit", cache: "no-store", redirect: "error" });
    } catch (error) {
      if (request.signal.aborted) throw error;
      const late = signal.aborted;
      throw new ApiError(0, {
        detail: late ? "The service does not answer in time." : "The service cannot be reached.",
      });
    }
    const ms = 1000 * (Number(answer.headers.get("retry-after")) || 0);
    const again = (answer.status === 503 || answer.status === 429) && tried < RETRIES && ms <= LONGEST_RETRY_MS;
    if (!again) return answer;
    await wait(Math.max(ms, RETRY_MS), signal);
  }
}

export const api = createClient<paths>({ baseUrl: BASE, fetch: send });

/** Adds the token of the session. */
const authorized: Middleware = {
  onRequest({ request }) {
    if (token.value && !request.headers.has("authorization")) {
      request.headers.set("authorization", `Bearer ${token.value}`);
    }
    return request;
  },
};
api.use(authorized);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of a successful answer. A refused token ends the session. */
export async function body<T>(sent: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await sent;
  if (response.ok) return data as T;
  const problem = typeof error === "object" && error ? (error as Partial<Schemas["Problem"]>) : {};
  const seconds = response.headers.get("retry-after");
  if (response.status === 401 && problem.code !== "wrong_credentials") end("expired");
  throw new ApiError(response.status, problem, seconds ? Number(seconds) : null);
}
