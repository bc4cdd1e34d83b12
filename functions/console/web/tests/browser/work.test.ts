/** Tasks beyond reading: reports, messages, integration. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import decodeQR from "qr/decode.js";
import { enter, rows, settled } from "./page.ts";
import { sampled, sampleOf } from "../../src/sms/samples.ts";
import { call, daysAgo, get, JOSEPH, MERCY, READ, register, shownDay, UNREAD, URL_ } from "./service.ts";
import { browser } from "./shared.ts";

/** Read in Ghana only. */
const GHANA = {
  sender: "MobileMoney",
  body: "Payment made for GHS 61.00 to ESI ANNAN Current Balance: GHS 530.20 . Available Balance: GHS 530.20 Reference: water. Transaction ID: 86664093999. Fee charged: GHS 0.00 Tax charged: 0.",
};
const MESSAGE = { ...READ, received_at: "2021-10-09T08:00:00Z" };

test("a report is frozen, stays as it is, and is compared with the present one", async () => {
  const user = await register();
  await call("POST", `/users/${user.uuid}/messages`, { messages: [MESSAGE] });
  const { page, close } = await enter(await browser(), `/people/${user.uuid}/report`);
  await page.getByText("No report is frozen yet").waitFor();
  await page.getByRole("button", { name: "Freeze this report" }).click();
  await page.getByText("Report id").waitFor();
  const { credit_reports } = await get(`/users/${user.uuid}/export`);
  assert.equal(credit_reports.length, 1);
  const id = credit_reports[0].credit_report_id;
  assert((await page.evaluate(() => location.hash)).includes(id));
  await page.getByText("shown above").waitFor();

  const later = {
    ...READ,
    body: READ.body.replace("QJ912ABCDE", "QJ912ABCDF").replace("5,051.13", "3,801.13"),
    received_at: "2021-10-09T09:00:00Z",
  };
  await call("POST", `/users/${user.uuid}/messages`, { messages: [later] });
  await page.getByRole("link", { name: "To the present report" }).click();
  await page.locator(".sheet").getByText("3,801.13").first().waitFor();
  await page.getByRole("link", { name: "with the one above" }).click();
  await page.getByText(/of \d+ lines differ/).waitFor();
  const differing = (await rows(page, "Two reports side by side")).filter((row) => row[3] === "differs");
  assert.deepEqual(
    differing.map((row) => [row[0], row[1], row[2]]),
    [
      ["KES: money held", "KES\u00a03,801.13", "KES\u00a05,051.13"],
      ["M-PESA, KES: balance", "KES\u00a03,801.13", "KES\u00a05,051.13"],
    ],
  );
  await page.goBack();
  await page.locator(".sheet").waitFor();
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});

test("a report is as of a day", async () => {
  const date = daysAgo(60);
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}/report?at=${date}`);
  const report = await get(`/users/${JOSEPH}/creditreport?utc_time=${date}T23:59:59Z`);
  const { open_accounts, nonperforming_accounts, defaulted_accounts, closed_accounts } = report.loan;
  await page
    .getByText(
      `Loan accounts: ${open_accounts} open, ${nonperforming_accounts} late, ${defaulted_accounts} defaulted, ${closed_accounts} closed`,
    )
    .first()
    .waitFor();
  await page.getByText(`${shownDay(date)}, 23:59 UTC`).waitFor();
  await close({ failures: true });
});

test("a report prints on two pages, without the frame of the console", async () => {
  const { page, close } = await enter(await browser(), `/people/${JOSEPH}/report`);
  await page.emulateMedia({ media: "print" });
  // The width of an A4 page without margins.
  await page.setViewportSize({ width: 688, height: 1000 });
  assert.equal(await page.locator(".bar, .tabs, .no-print, button").filter({ visible: true }).count(), 0);
  await page.getByRole("columnheader", { name: "Owed, late" }).waitFor();
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const pages = pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  assert(pages >= 1 && pages <= 2, `${pages} pages`);
  await close({ failures: true });
});

test("a dry run shows what a message would become, and stores nothing", async () => {
  const user = await register();
  const { page, close } = await enter(await browser(), `/messages/read?user=${user.uuid}`);
  await page.getByLabel("Sender").fill(READ.sender);
  await page.getByLabel("Received (UTC)").fill("2021-10-09T08:00");
  await page.getByLabel("Text of the message").fill(READ.body);
  await page.getByRole("button", { name: "Read this message" }).click();
  await page.getByText("This message is read").waitFor();
  const dry = await call("POST", `/users/${user.uuid}/messages?dry_run=true`, { messages: [MESSAGE] });
  const [reading] = dry.readings;
  await page.getByText(`${reading.source.institution}/${reading.source.template}`).waitFor();
  const [row] = await rows(page, "Records that it would become");
  assert.deepEqual(
    [row![0], row![1], row![4], row![5]],
    ["9 Oct 2021, 08:00", "M-PESA", "KES\u00a01,250.00", "KES\u00a05,051.13"],
  );

  await page.getByLabel("Text of the message").fill(UNREAD.body);
  await page.getByRole("button", { name: "Read this message" }).click();
  await page.getByText("This message is not read").waitFor();
  const stopped = await call("POST", `/users/${user.uuid}/messages?dry_run=true`, {
    messages: [{ ...UNREAD, received_at: MESSAGE.received_at }],
  });
  await page.getByText(stopped.readings[0].stopped.reason, { exact: true }).waitFor();

  await page.getByLabel("Text of the message").fill("Happy birthday! See you tonight.");
  await page.getByLabel("Sender").fill("+254722000111");
  await page.getByRole("button", { name: "Read this message" }).click();
  await page.getByText("There is nothing to record in this message").waitFor();
  await page.getByText("The sender is the telephone number of a person.").waitFor();
  assert.deepEqual((await get(`/users/${user.uuid}/ledger`)).records, []);
  await close();
  await call("DELETE", `/users/${user.uuid}`);
});

test("a message is tried as in another country", async () => {
  const user = await register();
  const { page, close } = await enter(await browser(), `/messages/read?user=${user.uuid}`);
  await page.getByLabel("Sender").fill(GHANA.sender);
  await page.getByLabel("Text of the message").fill(GHANA.body);
  await page.getByRole("button", { name: "Read this message" }).click();
  await page.getByText("This message is not read").waitFor();
  await page.getByText("no institution in KE uses the sender `MobileMoney`; it is known in ").waitFor();
  await page.getByLabel("Country").selectOption({ label: "Ghana" });
  const senders = await page
    .locator("#senders option")
    .evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value));
  assert(senders.includes(GHANA.sender) && !senders.includes(READ.sender), "the senders of Ghana are suggested");
  await page.getByRole("button", { name: "Read this message" }).click();
  await page.getByText("This message is read").waitFor();
  const path = `/users/${user.uuid}/messages?dry_run=true&country=GH`;
  const { readings } = await call("POST", path, { messages: [{ ...GHANA, received_at: MESSAGE.received_at }] });
  await page.getByText(`${readings[0].source.institution}/${readings[0].source.template}`).waitFor();
  const [row] = await rows(page, "Records that it would become");
  assert.deepEqual([row![4], row![5]], ["GHS\u00a061.00", "GHS\u00a0530.20"]);
  assert.deepEqual((await get(`/users/${user.uuid}/ledger`)).records, []);
  await close();
  await call("DELETE", `/users/${user.uuid}`);
});

/** The content that a scanner reads on a screenshot. The page itself converts the file into pixels. */
async function scanned(page: Page, png: string): Promise<string> {
  const [width, height, data] = await page.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (each) => each.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    return [bitmap.width, bitmap.height, [...context.getImageData(0, 0, bitmap.width, bitmap.height).data]] as const;
  }, png);
  return decodeQR({ width, height, data: Uint8ClampedArray.from(data) });
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** A backup with a number of readable messages, an unreadable one, a sent one, and one without a text. */
function backup(read: number): Buffer {
  const lines = Array.from({ length: read }, (_, at) => {
    const code = `QJ9${String(at).padStart(3, "0")}ABCD`;
    const body = READ.body.replace("QJ912ABCDE", code).replace("5,051.13", `${(at + 1).toLocaleString("en")}.00`);
    return `<sms address="MPESA" date="${Date.parse("2021-10-09T08:00:00Z") + at * 60_000}" type="1" body="${escaped(body)}" />`;
  });
  lines.push(`<sms address="MPESA" date="1633766400000" type="1" body="${escaped(UNREAD.body)}" />`);
  lines.push(
    '<sms address="0700000000" date="1633766400000" type="2" body="sent" />',
    '<sms address="MPESA" date="1633766400000" type="1" />',
  );
  return Buffer.from(`<?xml version="1.0"?>\n<smses count="${lines.length}">\n${lines.join("\n")}\n</smses>`);
}

test("a backup is uploaded in batches, goes on after a failure, and changes nothing when sent again", async () => {
  const user = await register();
  const { page, close } = await enter(await browser(), `/messages/upload?user=${user.uuid}`);
  const upload = { name: "sms.xml", mimeType: "text/xml", buffer: backup(700) };
  await page.getByLabel("Backup file (.xml)").setInputFiles(upload);
  await page.getByRole("button", { name: "Send 701 messages" }).waitFor();
  let sent = 0;
  await page.route(/\/messages$/, (route) => (++sent === 2 ? route.abort() : route.continue()));
  await page.getByRole("button", { name: "Send 701 messages" }).click();
  await page.getByText("The upload stopped").waitFor();
  await page.getByText("500 of 701 messages sent").waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText("701 of 701 messages sent (100%). Done.").waitFor();
  assert.equal(sent, 3);
  const outcomes = (await rows(page, "Outcome of the messages")).map((row) => row.slice(0, 2));
  assert.deepEqual(outcomes, [
    ["Recorded", "700"],
    ["Already there", "0"],
    ["Not about money", "0"],
    ["Not read", "1"],
    ["Rejected", "0"],
  ]);
  const unread = async () => (await rows(page, "Not read, by sender")).map((row) => row.slice(0, 3));
  assert.deepEqual(await unread(), [["MPESA", "1", "The wording is not known"]]);
  await page.getByText("Show", { exact: true }).click();
  await page.getByText(UNREAD.body).waitFor();
  assert.equal((await get(`/users/${user.uuid}/ledger`)).records.length, 700);

  await page.getByLabel("Backup file (.xml)").setInputFiles(upload);
  await page.getByRole("button", { name: "Send 701 messages" }).click();
  await page.getByText("701 of 701 messages sent (100%). Done.").waitFor();
  assert.deepEqual((await rows(page, "Outcome of the messages"))[1]!.slice(0, 2), ["Already there", "700"]);
  await page.getByRole("link", { name: "See this person" }).click();
  await settled(page);
  await page.getByText("700.00").first().waitFor();
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});

test("a sender of a backup that may be misspelt is told once", async () => {
  const user = await register();
  const { page, close } = await enter(await browser(), `/messages/upload?user=${user.uuid}`);
  const buffer = Buffer.from(backup(2).toString().replaceAll('"MPESA"', '"MPEZA"'));
  await page.getByLabel("Backup file (.xml)").setInputFiles({ name: "sms.xml", mimeType: "text/xml", buffer });
  await page.getByRole("button", { name: "Send 3 messages" }).click();
  await page.getByText("3 of 3 messages sent (100%). Done.").waitFor();
  assert.deepEqual((await rows(page, "Not read, by sender")).map((row) => row.slice(0, 3)), [
    ["MPEZA", "3", "No institution of the person's country has this sender"],
  ]);
  const hint = page.getByText("no institution in KE uses the sender `MPEZA`: did you mean `mpesa` (M-PESA)?");
  await hint.waitFor();
  assert.equal(await hint.count(), 1);
  await close();
  await call("DELETE", `/users/${user.uuid}`);
});

test("another file is told from a backup", async () => {
  const { page, close } = await enter(await browser(), `/messages/upload?user=${JOSEPH}`);
  await page
    .getByLabel("Backup file (.xml)")
    .setInputFiles({ name: "x.xml", mimeType: "text/xml", buffer: Buffer.from("<html/>") });
  await page.getByText("This file is not an export of SMS Backup & Restore.").waitFor();
  await close();
});

test("a person is chosen by search, and the focus stays with the choice", async () => {
  const { page, close } = await enter(await browser(), "/messages/read");
  await page.getByRole("searchbox").fill("joseph");
  await page.getByRole("button", { name: /Joseph Late-Payer/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Joseph Late-Payer" }).waitFor();
  assert((await page.evaluate(() => location.hash)).includes(JOSEPH));
  await page.locator("button:focus").filter({ hasText: "Choose another person" }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator("input[type=search]:focus").waitFor();
  await close();
});

test("the list of unread wordings is there, or says why it is empty", async () => {
  const { page, close } = await enter(await browser(), "/messages/unread");
  const { shapes } = await get("/messages/unrecognized");
  if (shapes.length === 0) await page.getByText("No wording to show").waitFor();
  else await page.getByText(shapes[0].text, { exact: true }).first().waitFor();
  await close();
});

test("a phone gets its token and the API's address by a code, which shows on request", async () => {
  const { page, close } = await enter(await browser(), `/integration?user=${JOSEPH}`);
  const answer = page.waitForResponse(/\/auth\/user-token$/);
  await page.getByRole("button", { name: "Make a token" }).click();
  const { access_token, expires_in } = (await (await answer).json()) as { access_token: string; expires_in: number };
  await page.getByText(/^Expires on /).waitFor();
  await page.locator("button:focus").filter({ hasText: "Show the QR code" }).waitFor();
  const expires = (await page.getByText(/^Expires on /).textContent())!;
  assert(
    Math.abs(
      Date.parse(`${expires.slice("Expires on ".length).replace(" UTC", "")} UTC`) - Date.now() - expires_in * 1_000,
    ) < 180_000,
    expires,
  );
  assert(!(await page.content()).includes(access_token), "the token shows before it is asked for");
  assert.equal(await page.locator(".qr").count(), 0);

  await page.getByRole("button", { name: "Show the QR code" }).click();
  const code = page.getByRole("img", { name: "QR code for the phone" });
  await code.waitFor();
  const picture = (await code.screenshot()).toString("base64");
  assert.deepEqual(JSON.parse(await scanned(page, picture)), { base_url: URL_, user_uuid: JOSEPH, access_token });
  await page.getByRole("button", { name: "Hide the QR code" }).click();
  assert.equal(await page.locator(".qr").count(), 0);

  await page.getByRole("button", { name: "Show the token" }).click();
  await page.getByText(access_token, { exact: true }).waitFor();
  await close({ failures: true });
});

test("the message to paste is one that the reader reads, in the person's country", async () => {
  for (const country of sampled) {
    const message = { ...sampleOf(country, new Date()), received_at: new Date().toISOString() };
    assert(!message.body.includes("'"), country);
    const path = `/users/${MERCY}/messages?dry_run=true&country=${country}`;
    const { readings } = await call("POST", path, { messages: [message] });
    assert.equal(readings[0].outcome, "read", `${country}: ${JSON.stringify(readings[0].stopped)}`);
    assert.equal(readings[0].records.length, 1, country);
  }
  const { page, close } = await enter(await browser(), `/integration?user=${JOSEPH}`);
  const shown = page.getByRole("region", { name: "Send a message" });
  await shown.getByText('"sender":"MPESA"').waitFor();
  const sent = JSON.parse(/-d '(.*)'$/s.exec((await shown.textContent())!)![1]!);
  const [age] = sent.messages.map((each: { received_at: string }) => Date.now() - Date.parse(each.received_at));
  assert(age >= 0 && age < 300_000, `received ${age} ms ago`);
  await close();
});

test("a person is registered, and the calls to paste have the uuid", async () => {
  const { page, close } = await enter(await browser(), "/integration");
  const phone = `25472${String(2_000_000 + (process.pid % 1_000_000)).slice(-7)}`;
  await page.getByLabel("Phone number", { exact: true }).fill(phone);
  await page.getByLabel("First name").fill("Asha");
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await page.getByText("Asha is registered").waitFor();
  const [user] = (await get(`/users?phone_number=${phone}`)).users;
  await page.getByText(`${URL_}`).first().waitFor();
  assert((await page.locator("pre").nth(1).textContent())!.includes(`/users/${user.uuid}/ledger`));
  await page.getByRole("button", { name: "Copy the call: Read the ledger" }).click();
  assert((await page.evaluate(() => navigator.clipboard.readText())).includes(user.uuid));
  await page.getByLabel("Phone number", { exact: true }).fill("12");
  await page.getByRole("button", { name: "Register", exact: true }).click();
  const failure = page.getByRole("alert");
  await failure.getByText("Nobody was registered").waitFor();
  const told = (await failure.innerText()).split("\n").filter((line) => /^phone number/i.test(line));
  assert.equal(told.length, 1, "the fault is told once, by the name of the field");
  await close({ failures: true });
  await call("DELETE", `/users/${user.uuid}`);
});
