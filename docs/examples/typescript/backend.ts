// A lender's backend in TypeScript: signs in, registers a phone, sends its messages and reads the credit report.
//
//     EMAIL=… PASSWORD=… node backend.ts API_URL PHONE_NUMBER MESSAGES.json
//
// MESSAGES.json is `{"messages": [{"sender", "body", "received_at"}, …]}`. Needs Node.js 22.18 or later, which runs
// TypeScript, and no packages. For types of every answer, generate them: see docs/clients.md.

import { readFile } from "node:fs/promises";

interface Message {
  sender: string;
  body: string;
  received_at: string;
}

interface BatchResult {
  recorded: number;
  duplicates: number;
  unrecognized: number;
  not_financial: number;
  rejected: { index: number; code: string; detail: string }[];
}

interface Report {
  meta: { currency: string | null };
  depository: { total_balances: number };
  loan: { accounts: { institution_id: string; status: string; balance: number | null; days_late: number | null }[] };
}

interface Problem {
  code?: string;
  detail?: string;
  request_id?: string;
  errors?: { pointer: string; detail: string }[];
}

const TIMEOUT_MS = 30_000;
const MOST_TRIES = 6;
const BATCH = 500;
// Answers after which the same request may succeed.
const BUSY = new Set([429, 500, 502, 503, 504]);

/** The service refused a request. Programs decide by `code`, people read the text. */
class Refused extends Error {
  readonly status: number;
  readonly code: string | undefined;

  constructor(status: number, problem: Problem) {
    // Each fault has its place. Without a list of them, the detail says everything.
    const faults = (problem.errors ?? []).map((each) => `${each.pointer}: ${each.detail}`).join("; ");
    const told = faults || problem.detail || `status ${status} without a problem document`;
    super(told + (problem.request_id ? ` (request ${problem.request_id})` : ""));
    this.status = status;
    this.code = problem.code;
  }
}

/** No answer, or one that is not of the service. */
class Unreachable extends Error {}

const sleep = (seconds: number): Promise<void> => new Promise((done) => setTimeout(done, Math.min(seconds, 60) * 1000));

/** A client of one environment. Signs in by itself, and again when the token has expired. */
class Daftari {
  readonly #api: string;
  readonly #login: { email: string; password: string; environment: string };
  #token: string | undefined;
  #reached = false;

  constructor(api: string, email: string, password: string, environment = "test") {
    this.#api = api.replace(/\/$/, "");
    this.#login = { email, password, environment };
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    this.#token ??= await this.#signIn();
    try {
      return await this.#send<T>(method, path, body, this.#token);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
    }
    this.#token = await this.#signIn();
    return this.#send<T>(method, path, body, this.#token);
  }

  async #signIn(): Promise<string> {
    return (await this.#send<{ access_token: string }>("POST", "/auth", this.#login)).access_token;
  }

  /** Repeats a request that the service could not answer. All writes may be repeated. */
  async #send<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (token) headers["Authorization"] = `Bearer ${token}`;
    for (let attempt = 1; ; attempt++) {
      let wait = 2 ** attempt;
      try {
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const answer = await fetch(this.#api + path, { method, headers, body: JSON.stringify(body), signal });
        this.#reached = true;
        const text = await answer.text();
        if (answer.ok) return answerOf<T>(this.#api + path, text);
        if (!BUSY.has(answer.status) || attempt === MOST_TRIES) throw new Refused(answer.status, problemOf(text));
        wait = Number(answer.headers.get("Retry-After")) || wait;
      } catch (error) {
        if (error instanceof Refused || error instanceof Unreachable) throw error;
        // Anything else is a fault of the network. A service that never answered is not running, or the address is
        // wrong.
        if (attempt === MOST_TRIES || !this.#reached) {
          throw new Unreachable(`${this.#api} does not answer: ${reasonOf(error)}`);
        }
      }
      await sleep(wait);
    }
  }
}

function answerOf<T>(url: string, text: string): T {
  try {
    return JSON.parse(text || "null") as T;
  } catch {
    throw new Unreachable(`${url} does not answer with JSON: is this the address of the API?`);
  }
}

/** The problem document of an answer; empty if something in front of the service answered. */
function problemOf(text: string): Problem {
  try {
    return (JSON.parse(text) ?? {}) as Problem;
  } catch {
    return {};
  }
}

/** `fetch` says "fetch failed", and keeps the reason as the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return (cause as { code?: string }).code ?? String(cause);
}

async function messagesOf(file: string): Promise<Message[]> {
  const text = await readFile(file, "utf-8").catch((error: Error) => stop(`backend: ${error.message}`));
  try {
    const { messages } = JSON.parse(text) as { messages: Message[] };
    if (Array.isArray(messages)) return messages;
  } catch {
    // Told below.
  }
  return stop(`backend: ${file} is not JSON of the form {"messages": [...]}`);
}

/** Ends the program with a line for people. */
function stop(text: string, code = 1): never {
  console.error(text);
  process.exit(code);
}

async function main(daftari: Daftari, phoneNumber: string, messages: Message[]): Promise<void> {
  const user = await daftari.call<{ uuid: string }>("POST", "/users", { phone_number: phoneNumber });
  for (let at = 0; at < messages.length; at += BATCH) {
    const batch = { messages: messages.slice(at, at + BATCH) };
    const result = await daftari.call<BatchResult>("POST", `/users/${user.uuid}/messages`, batch);
    console.log(
      `${result.recorded} recorded, ${result.duplicates} known, ${result.unrecognized} not understood, ` +
        `${result.not_financial} with nothing to record`,
    );
    for (const { index, detail } of result.rejected) console.log(`message ${at + index} was rejected: ${detail}`);
  }

  // JSON.parse turns money into floats: show it, and leave computing to the service.
  const report = await daftari.call<Report>("GET", `/users/${user.uuid}/creditreport`);
  console.log(`money held: ${report.meta.currency} ${report.depository.total_balances.toFixed(2)}`);
  for (const loan of report.loan.accounts) {
    const owed = loan.balance === null ? "unknown" : loan.balance.toFixed(2);
    // Null means that nobody knows. It does not mean 0.
    const late = loan.days_late === null ? "days late unknown" : `late for ${loan.days_late} days`;
    console.log(`loan at ${loan.institution_id}: ${loan.status}, ${owed} owed, ${late}`);
  }
}

const [api, phoneNumber, file] = process.argv.slice(2);
const { EMAIL, PASSWORD } = process.env;
if (!api || !/^https?:\/\//.test(api) || !phoneNumber || !file || !EMAIL || !PASSWORD) {
  stop("usage: EMAIL=… PASSWORD=… node backend.ts http://ADDRESS PHONE_NUMBER MESSAGES.json", 2);
}
const messages = await messagesOf(file);
try {
  await main(new Daftari(api, EMAIL, PASSWORD), phoneNumber, messages);
} catch (error) {
  if (error instanceof Refused) stop(`backend: refused: ${error.message}`);
  if (error instanceof Unreachable) stop(`backend: ${error.message}`);
  throw error;
}
