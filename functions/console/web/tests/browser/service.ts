/** The service under test: `make dev` at `DAFTARI_URL`, with its demo data. */

export const URL_ = (process.env.DAFTARI_URL ?? "http://127.0.0.1:9000").replace(/\/$/, "");
export const EMAIL = "demo@daftari.example";
export const PASSWORD = "demo-password-2021";

/** People of the demo data, whose histories end yesterday: one whose records begin in 2021, one with many loans, two
 * currencies and over 1,000 records. */
export const MERCY = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4";
export const JOSEPH = "fb492533-e312-5295-9709-402e8fdfd377";

/** A UTC date a number of days ago, such as 2021-10-09. */
export const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** The date in the console's format, such as 9 Oct 2021. Implemented separately. */
export function shownDay(date: string): string {
  const month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[Number(date.slice(5, 7)) - 1];
  return `${Number(date.slice(8, 10))} ${month} ${date.slice(0, 4)}`;
}

let token: Promise<string> | null = null;

async function signIn(): Promise<string> {
  const answer = await fetch(`${URL_}/auth`, { headers: { authorization: `Basic ${btoa(`${EMAIL}:${PASSWORD}`)}` } });
  const [organization] = (await answer.json()) as { auth: { type: string; api_token: string }[] }[];
  return organization!.auth.find((each) => each.type === "production")!.api_token;
}

/** A call of the API outside the browser. */
export async function call(method: string, path: string, body?: unknown): Promise<any> {
  token ??= signIn();
  const headers = { authorization: `Bearer ${await token}`, "content-type": "application/json" };
  const answer = await fetch(`${URL_}${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

export const get = (path: string) => call("GET", path);

let registered = 0;

/** Registers a separate person for a test. */
export async function register(
  names: { first_name?: string; last_name?: string } = {},
): Promise<{ uuid: string; phone_number: string }> {
  const phone_number = `25471${String(1_000_000 + process.pid * 100 + registered++).slice(-7)}`;
  return call("POST", "/users", { phone_number, first_name: "Test", last_name: "Person", ...names });
}

/** A message that the reader reads, and one that it does not read. */
export const READ = {
  sender: "MPESA",
  body: "QJ912ABCDE Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on 9/10/21 at 11:00 AM. New M-PESA balance is Ksh5,051.13. Transaction cost, Ksh23.00.",
};
export const UNREAD = { sender: "MPESA", body: "Ksh500.00 moved out of your account in a new way. Balance Ksh1.00" };
