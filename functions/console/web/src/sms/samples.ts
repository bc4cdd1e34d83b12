/** Invented messages for calls to paste. The reader reads each of them, so the call stores a record. */

export type Sample = { sender: string; body: string };

const two = (number: number) => String(number).padStart(2, "0");

/** The parts of a time in UTC, as texts write them. */
function parts(at: Date) {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  const [hour, minute, second] = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  return {
    date: `${year}-${two(month)}-${two(day)}`,
    slashed: `${day}/${month}/${two(year % 100)}`,
    time: `${two(hour)}:${two(minute)}:${two(second)}`,
    ofTwelve: `${hour % 12 || 12}:${two(minute)} ${hour < 12 ? "AM" : "PM"}`,
  };
}

/** A message by country, received at a time. Without single quotes, because a shell gets it between such quotes. */
const SAMPLES: Record<string, (at: ReturnType<typeof parts>) => Sample> = {
  CI: () => ({
    sender: "OrangeMoney",
    body: "Vous avez recu 15000 FCFA de KONE AWA 0707000111. Nouveau solde: 18250 FCFA. Ref: PP261128.1011.B00412.",
  }),
  CM: () => ({
    sender: "OrangeMoney",
    body: "Paiement de CAMWATER reussi par 690000451 NGONO ALICE. ID transaction:MP261128.1011.D00412, Montant:4500 FCFA. Solde: 8120.40 FCFA.",
  }),
  ET: () => ({
    sender: "CBE",
    body: "Dear Hana your Account 1*********4477 has been Credited with ETB 600.00. Your Current Balance is ETB 4,414.30. Thank you for Banking with CBE!",
  }),
  GH: () => ({
    sender: "MobileMoney",
    body: "Payment made for GHS 45.00 to ABENA OWUSU Current Balance: GHS 812.64 . Available Balance: GHS 812.64 Reference: rent. Transaction ID: 86664093446. Fee charged: GHS0.00 Tax charged: 0.",
  }),
  KE: ({ slashed, ofTwelve }) => ({
    sender: "MPESA",
    body: `QJ912ABCDE Confirmed. Ksh1,250.00 sent to JANE WAMBUI 0722000111 on ${slashed} at ${ofTwelve}. New M-PESA balance is Ksh5,051.13. Transaction cost, Ksh23.00.`,
  }),
  NG: ({ date, time }) => ({
    sender: "UBA",
    body: `Txn: Debit Acct: 2XX..88X Amt: NGN 5,000.00 Des: POS PURCHASE Date: ${date} ${time} Bal: NGN 51,230.00`,
  }),
  RW: ({ date, time }) => ({
    sender: "M-Money",
    body: `TxId: 83214484548. Your payment of 1,500 RWF to Eric Habimana 23456 has been completed at ${date} ${time}. Your new balance: 2,700 RWF. Fee was 0 RWF.`,
  }),
  SN: () => ({
    sender: "OrangeMoney",
    body: "Vous avez recu 15000 FCFA de DIOP AWA 770000111. Nouveau solde: 18250 FCFA. Ref: PP261128.1011.B00412.",
  }),
  TZ: ({ slashed, ofTwelve }) => ({
    sender: "M-PESA",
    body: `DGK9B1FV71 Confirmed. Tsh12,000.00 sent to HALIMA SAID on ${slashed} at ${ofTwelve} Total fee Tsh410.00 (M-Pesa fee Tsh360.00 + Government Levy Tsh50.00). Balance is Tsh33,890.00.`,
  }),
  UG: ({ date, time }) => ({
    sender: "MTN MoMo",
    body: `You have received UGX 40,000 from PETER OKOT, 256770000111 on ${date} ${time}. Reason: rent. Your new balance: UGX 88,400. Transaction ID: 19950011224.`,
  }),
};

/** The countries with a message. */
export const sampled = Object.keys(SAMPLES);

/** The message for a country; of others, only its form. */
export const sampleOf = (country: string | null, at: Date): Sample =>
  SAMPLES[country ?? ""]?.(parts(at)) ?? {
    sender: "the sender, as the phone shows it",
    body: "the text of a message",
  };
