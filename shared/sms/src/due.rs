//! The due date that a message about a loan states.
//!
//! It is a full date, or a number of days from the day of the message, beside words that make it a due date. A text with
//! two possible due dates states none, because it is not clear which payment each is for.
//!
//! The searches are not inlined: the crate is built for speed, and copies of them would take 9 kB of the binary. They run
//! once for a message about a loan.

use std::ops::RangeInclusive;

use daftari_domain::{Date, Impact, Label};

use crate::clauses::full_date;
use crate::draft::Draft;
use crate::text::{plain, stands_alone};
use crate::words::WORDS;

/// The days from the message to the next payment. A later date is the end of a long loan.
const AHEAD_DAYS: i64 = 366;
/// The days for which a payment may be late.
const LATE_DAYS: i64 = 5 * 366;

/// The words before a number of days that may deny it.
const NEAR_WORDS: usize = 4;
/// Longest word between two dates that it joins.
const JOINING_CHARS: usize = 3;

/// The kind of a message about a loan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A loan was approved or paid out.
    Lent,
    /// A payment arrived.
    Paid,
    /// A payment will be due.
    Reminder,
    /// A payment is late, or the loan in default.
    Late,
}

impl Kind {
    fn of(draft: &Draft) -> Option<Self> {
        let has = |label| draft.labels.contains(label);
        if !draft.account_type.is_debt() || has(Label::LoanRepaid) {
            None
        } else if has(Label::LoanDefaulted) || has(Label::LoanMissedPayment) {
            Some(Self::Late)
        } else if has(Label::LoanRepayment) {
            Some(Self::Paid)
        } else if draft.impact == Some(Impact::Debit) || has(Label::LoanDisbursed) || has(Label::LoanApproved) {
            Some(Self::Lent)
        } else {
            has(Label::LoanRepaymentReminder).then_some(Self::Reminder)
        }
    }

    /// The days from the message to the due date.
    const fn days(self) -> RangeInclusive<i64> {
        match self {
            Self::Late => -LATE_DAYS..=0,
            // What is paid on its due date is no longer due.
            Self::Paid => 1..=AHEAD_DAYS,
            Self::Lent | Self::Reminder => 0..=AHEAD_DAYS,
        }
    }
}

/// The due date that the record of a loan states. `body` is the text of the message, `received` its day in the country
/// of the user. The due date of a late payment is not after that day, and the one of the next payment is not before it.
pub(crate) fn due_date(draft: &Draft, body: &str, received: Date) -> Option<Date> {
    let kind = Kind::of(draft)?;
    stated(&plain(body).to_ascii_lowercase(), received, kind)
}

/// The only possible due date of a text in lower case.
#[inline(never)]
fn stated(text: &str, received: Date, kind: Kind) -> Option<Date> {
    let mut found = None;
    let mut at = 0;
    while at < text.len() {
        let (end, dates) = stated_at(text, at, received, kind);
        for date in dates.into_iter().flatten() {
            let is_possible = kind.days().contains(&date.days_since(received)) && !is_conditional(text, at);
            if is_possible && found.is_some_and(|found| found != date) {
                return None;
            }
            found = found.or(Some(date).filter(|_| is_possible));
        }
        at = end;
    }
    found
}

/// The due dates that a word begins, and the place to go on from.
#[inline(never)]
fn stated_at(text: &str, at: usize, received: Date, kind: Kind) -> (usize, [Option<Date>; 2]) {
    let bytes = text.as_bytes();
    let begins = bytes[at].is_ascii_alphanumeric() && !(at > 0 && bytes[at - 1].is_ascii_alphanumeric());
    if !begins {
        return (at + 1, [None; 2]);
    }
    let (before, behind) = (&text[..at], &text[at..]);
    if let Some((end, date)) = full_date(bytes, at).filter(|(end, _)| stands_alone(bytes, at, *end)) {
        let is_due = introduces_a_date(before, kind) && !is_cut_off(behind);
        let dates = [Some(date), joined_date(&text[end..])];
        return (end, if is_due { dates } else { [None; 2] });
    }
    for (words, days) in [(WORDS.due_today, 0), (WORDS.due_tomorrow, 1), (WORDS.due_yesterday, -1)] {
        if begins_with_any(behind, words).is_some() {
            return (at + 1, [Some(received.plus_days(days)), None]);
        }
    }
    let len = behind.bytes().take_while(u8::is_ascii_digit).count();
    let number = behind[..len].parse().ok().filter(|_| (1..=3).contains(&len));
    let days = number.and_then(|number: i64| days_from_message(before, &behind[len..], number, kind));
    (at + len.max(1), [days.map(|days| received.plus_days(days)), None])
}

/// The date that a word joins to the date before it: "on 10/12/2026 and 10/01/2027".
fn joined_date(behind: &str) -> Option<Date> {
    let marks = [' ', ',', '&', '/'];
    let rest = behind.trim_start_matches(marks);
    let word = rest.bytes().take_while(u8::is_ascii_lowercase).count();
    let rest = rest
        .get(word..)
        .filter(|_| word <= JOINING_CHARS)?
        .trim_start_matches(marks);
    full_date(rest.as_bytes(), 0).map(|(_, date)| date)
}

/// Whether the text before a date makes it a due date. The day by which a late payment is asked for is the end of a
/// respite.
#[inline(never)]
fn introduces_a_date(before: &str, kind: Kind) -> bool {
    let before = trimmed(before);
    let direct = WORDS.due_before.iter().any(|words| match words.split_once(" * ") {
        // An amount stands between them: "amount due KES 500 on".
        Some((first, last)) => {
            let rest = without_end(before, last).and_then(without_amount);
            rest.is_some_and(|rest| without_end(rest, first).is_some())
        }
        None => without_end(before, words).is_some(),
    });
    direct || (kind != Kind::Late && ends_with_any(before, WORDS.due_by).is_some() && asks_for_payment(before))
}

/// Whether a text is a date whose day may be cut off: `2026-12-1`.
fn is_cut_off(text: &str) -> bool {
    text.rsplit_once('-')
        .is_some_and(|(rest, day)| rest.len() <= "2026-12".len() && day.len() == 1)
}

/// The days from the message to the due date that a number of days states. Only a notice of a late payment states by how
/// many days it is late, and only a message about a new loan within how many days it is due.
#[inline(never)]
fn days_from_message(before: &str, behind: &str, number: i64, kind: Kind) -> Option<i64> {
    let is_bracketed = before.ends_with('(');
    let before = trimmed(before);
    let (before, behind) = match begins_with_any(behind.trim_start(), WORDS.day_words) {
        Some(rest) => (before, rest.trim_start()),
        // The number follows the word in Swahili. At the end of the text it may be cut off.
        None if behind.is_empty() => return None,
        None => (ends_with_any(before, WORDS.day_words)?, behind.trim_start()),
    };
    let is_told = is_bracketed || ends_with_any(before, WORDS.late_is).is_some();
    if ends_with_any(before, WORDS.late_by).is_some()
        || (is_told && begins_with_any(behind, WORDS.late_behind).is_some())
    {
        return Some(-number).filter(|_| kind == Kind::Late && number > 0 && !is_denied(before));
    }
    let is_range = behind
        .bytes()
        .find(|byte| !byte.is_ascii_lowercase() && *byte != b' ')
        .is_some_and(|byte| byte.is_ascii_digit());
    let within = kind == Kind::Lent && ends_with_any(before, WORDS.due_within).is_some() && asks_for_payment(before);
    (!is_range && (within || ends_with_any(before, WORDS.due_in).is_some())).then_some(number)
}

/// Whether the words before a number of days say that the payment is not late: "will be overdue by".
fn is_denied(before: &str) -> bool {
    let words = before
        .rsplit(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.take(NEAR_WORDS).any(|word| WORDS.late_unless.contains(&word))
}

/// Whether the sentence around a place is a condition, or about something else that depends on a date.
#[inline(never)]
fn is_conditional(text: &str, at: usize) -> bool {
    let begin = at - sentence_before(&text[..at]).len();
    let len = text[at..].find(". ").unwrap_or(text.len() - at);
    has_any(&text[begin..at + len], WORDS.due_unless)
}

/// Whether the last sentence asks for a payment.
fn asks_for_payment(text: &str) -> bool {
    has_any(sentence_before(text), WORDS.due_pay)
}

#[inline(never)]
fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|words| {
        let mut found = text.match_indices(words);
        found.any(|(at, words)| stands_alone(text.as_bytes(), at, at + words.len()))
    })
}

/// The part of a text behind its last full stop, exclamation mark or question mark.
#[inline(never)]
fn sentence_before(text: &str) -> &str {
    let stops = [". ", "! ", "? "];
    let begin = stops.into_iter().filter_map(|stop| text.rfind(stop)).max();
    begin.map_or(text, |begin| &text[begin + 2..])
}

/// A text without the marks and spaces at its end.
#[inline(never)]
fn trimmed(text: &str) -> &str {
    text.trim_end_matches([' ', ':', ',', '-', '(', '='])
}

/// A text without an amount at its end: numbers and currencies. `None` if there is none.
fn without_amount(text: &str) -> Option<&str> {
    let mut rest = text;
    let mut has_number = false;
    while let Some((before, word)) = rest.rsplit_once(' ') {
        let is_number = word.bytes().any(|byte| byte.is_ascii_digit());
        let is_currency = word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !(is_number || (is_currency && has_number)) || WORDS.due_pay.contains(&word) {
            break;
        }
        has_number |= is_number;
        rest = before;
    }
    has_number.then_some(rest)
}

/// A text without the longest of some words at its beginning: "day(s)" begins with "day".
#[inline(never)]
fn begins_with_any<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    let begins = |words: &&&str| text.starts_with(**words) && stands_alone(text.as_bytes(), 0, words.len());
    let longest = words.iter().filter(begins).map(|words| words.len()).max()?;
    Some(&text[longest..])
}

/// A text without words at its end.
#[inline(never)]
fn without_end<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let rest = text.strip_suffix(words)?;
    stands_alone(text.as_bytes(), rest.len(), text.len()).then(|| trimmed(rest))
}

/// A text without one of some words at its end.
#[inline(never)]
fn ends_with_any<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find_map(|words| without_end(text, words))
}

#[cfg(test)]
mod tests {
    use daftari_domain::{AccountType, LabelSet};

    use super::*;

    fn due(labels: &[Label], text: &str) -> String {
        let draft = Draft {
            institution_id: "okash",
            account_id: None,
            account_type: AccountType::Loan,
            amount: None,
            impact: None,
            balance: None,
            currency: None,
            labels: labels.iter().fold(LabelSet::EMPTY, |set, label| set.with(*label)),
        };
        let received = "2026-11-20".parse().expect("date");
        due_date(&draft, text, received).map_or_else(String::new, |date| date.to_string())
    }

    #[test]
    fn due_dates_are_read_with_the_words_beside_them() {
        use Label::{LoanDisbursed, LoanMissedPayment, LoanRepayment, LoanRepaymentReminder};
        for (label, text, expected) in [
            (
                LoanDisbursed,
                "KES 8,000 has been sent for loan LN-2. Repay by 7 Dec 2026. -X",
                "2026-12-07",
            ),
            (LoanDisbursed, "You will repay Ksh 3,420 by 24 Dec 2026.", "2026-12-24"),
            (LoanDisbursed, "Total due KES 7,740 by 28/12/2026.", "2026-12-28"),
            (LoanDisbursed, "Amount due Ksh 2,006.60 on 11/12/2026.", "2026-12-11"),
            (
                LoanDisbursed,
                "Total repayable: KES 5,160. Due date: 24/12/2026.",
                "2026-12-24",
            ),
            (LoanDisbursed, "Repay UGX 89,600 within 14 days.", "2026-12-04"),
            (
                LoanDisbursed,
                "Repayment of KES 5,150.00 will be due on 10-12-2026. Ref 8812",
                "2026-12-10",
            ),
            (
                LoanDisbursed,
                "facilitation fee ETB 130.00 with due date 08/12/2026 and the fee",
                "2026-12-08",
            ),
            (
                LoanDisbursed,
                "outstanding is ETB 493.81 with due date of 2026-12-03 00:00:00.",
                "2026-12-03",
            ),
            (LoanDisbursed, "FIRST INSTALMENT IS DUE ON 27-DEC-26", "2026-12-27"),
            (
                LoanRepayment,
                "Your remaining balance is KES 2,450 due on 04/12/2026. Asante!",
                "2026-12-04",
            ),
            (
                LoanRepayment,
                "You have TZS 45,000 left to repay by 05/12/2026.",
                "2026-12-05",
            ),
            (LoanRepaymentReminder, "Your loan is due on 2026-12-01", "2026-12-01"),
            (LoanRepaymentReminder, "Your loan is due on 2026-12-1.", "2026-12-01"),
            (LoanRepaymentReminder, "your loan is due tomorrow.", "2026-11-21"),
            (
                LoanRepaymentReminder,
                "your loan repayment of 2,300 is due in 2 days.",
                "2026-11-22",
            ),
            (
                LoanRepaymentReminder,
                "your loan of KES 500 is due today, 20 November 2026? Pay",
                "2026-11-20",
            ),
            (
                LoanRepaymentReminder,
                "votre pret arrive a echeance le 15/12/2026",
                "2026-12-15",
            ),
            (
                LoanRepaymentReminder,
                "Veuillez rembourser 5 000 FCFA avant le 1 decembre 2026.",
                "2026-12-01",
            ),
            (
                LoanRepaymentReminder,
                "Rejesha TSh 118,000 kabla ya 13/12/2026.",
                "2026-12-13",
            ),
            (
                LoanRepaymentReminder,
                "mkopo wako unatakiwa kulipwa tarehe 13/12/2026",
                "2026-12-13",
            ),
            (
                LoanRepaymentReminder,
                "o teu emprestimo de 550.00MT vence no dia 12/12/2026",
                "2026-12-12",
            ),
            (LoanDisbursed, "Valor a pagar: 550.00MT até 12/12/2026.", "2026-12-12"),
            (
                LoanMissedPayment,
                "your loan LN-2 (KES 9,200) is 4 day(s) overdue.",
                "2026-11-16",
            ),
            (
                LoanMissedPayment,
                "your loan is overdue by 6 days. Pay 4,900 today.",
                "2026-11-14",
            ),
            (
                LoanMissedPayment,
                "Mercy, you are 8 days past due on your loan.",
                "2026-11-12",
            ),
            (
                LoanMissedPayment,
                "your loan of KES 500 was due on 10-11-2026 and is not paid",
                "2026-11-10",
            ),
            (
                LoanMissedPayment,
                "repayment of KES 22.94 is overdue since 31/10/2026 please pay",
                "2026-10-31",
            ),
            (LoanMissedPayment, "your loan was due yesterday.", "2026-11-19"),
            (
                LoanMissedPayment,
                "your loan was due on 15-11-2026 and is overdue by 5 days",
                "2026-11-15",
            ),
            (LoanMissedPayment, "Mkopo wako umechelewa kwa siku 3.", "2026-11-17"),
            (LoanMissedPayment, "Votre pret est en retard de 3 jours.", "2026-11-17"),
            (
                LoanMissedPayment,
                "Deni lako limechelewa siku 4. Ukifikisha siku 30 tutakuripoti.",
                "2026-11-16",
            ),
            (
                LoanMissedPayment,
                "Rate due 10/11/2026 is unpaid, the next is due 10/12/2026.",
                "2026-11-10",
            ),
            (
                LoanDisbursed,
                "Your loan due 16/11/2026 was cleared. New loan sent, due 04/12/2026.",
                "2026-12-04",
            ),
            (
                LoanDisbursed,
                "First due 28/12/2026, last due 28/11/2028.",
                "2026-12-28",
            ),
            (
                LoanRepayment,
                "Instalment 3 due 20/11/2026 PAID. Instalment 4 due 20/12/2026.",
                "2026-12-20",
            ),
            (
                LoanRepaymentReminder,
                "your loan is due tomorrow, 21 Nov 2026.",
                "2026-11-21",
            ),
            (
                LoanRepaymentReminder,
                "Balance 54,500 must be cleared on or before 30/11/2026.",
                "2026-11-30",
            ),
            (
                LoanRepaymentReminder,
                "Date d'echeance de votre pret 30-11-2026.",
                "2026-11-30",
            ),
        ] {
            assert_eq!(due(&[label], text), expected, "{text}");
        }
    }

    #[test]
    fn other_dates_are_not_due_dates() {
        use Label::{LoanDisbursed, LoanMissedPayment, LoanRepaid, LoanRepayment, LoanRepaymentReminder};
        for (label, text) in [
            (LoanDisbursed, "KES 500 was disbursed on 20/11/2026."),
            (LoanDisbursed, "Your loan of KES 500 of 20/11/2026 is paid out."),
            // Two payments, and a discount.
            (LoanDisbursed, "Repay UGX 500 by 05/12/2026 and UGX 500 by 05/01/2027."),
            (LoanDisbursed, "Your loan is due on 5 Dec 2026. Pay by 4 Dec 2026."),
            (LoanRepaymentReminder, "Repay by 4 Dec 2026 and get a discount of 10%."),
            (LoanRepaymentReminder, "If you repay by 4 Dec 2026, your limit grows."),
            // The end of a long loan.
            (LoanDisbursed, "Your loan is due on 5 Dec 2029."),
            // The day of a payment.
            (
                LoanRepayment,
                "Your loan payment of KES 500 on 20/11/2026 was received.",
            ),
            (LoanRepayment, "Payment of KES 500 by JANE 21/11/2026 received."),
            (LoanRepayment, "Your payment of KES 500 due on 5 Nov 2026 was received."),
            (LoanRepaid, "Your loan due on 5 Dec 2026 is repaid."),
            // The last day before a threat.
            (
                LoanMissedPayment,
                "Your loan is late. Pay by 25 Nov 2026 to avoid listing.",
            ),
            (
                LoanMissedPayment,
                "A discount for you! Pay only 670 by 6th November 2026.",
            ),
            (LoanMissedPayment, "Your loan is over 30 days overdue."),
            (
                LoanMissedPayment,
                "Your loan is overdue. Loans 30 days past due are listed with CRB.",
            ),
            (LoanMissedPayment, "Your loan of KES 5,600 is 2 months 5 days overdue."),
            (LoanMissedPayment, "Your loan is overdue by 2 weeks and 3 days late."),
            (LoanMissedPayment, "Your loan is 5.5 days overdue."),
            (
                LoanMissedPayment,
                "Your loan is up to 30 days overdue, 30 or 31 days overdue.",
            ),
            (
                LoanMissedPayment,
                "Your loan is overdue. A 5 days late fee of KES 50 is charged.",
            ),
            (
                LoanMissedPayment,
                "Your loan is late. At 14 days past due a penalty is charged.",
            ),
            (LoanMissedPayment, "Late fees: 5% per day for 10 days late."),
            (LoanMissedPayment, "Your loan will be overdue by 30 days on 25/01/2027."),
            (
                LoanMissedPayment,
                "Your instalments due on 10/11/2026 and 10/10/2026 are overdue.",
            ),
            (
                LoanRepayment,
                "KES 1,000 received. Pay within 5 days to grow your limit.",
            ),
            (LoanDisbursed, "Repay KES 6,500 in 3 instalments in 90 days."),
            (LoanDisbursed, "Repay KES 6,500 within 61 days to 120 days."),
            (
                LoanDisbursed,
                "KES 5,600 is disbursed. Final payment is due on 20/07/2027.",
            ),
            (LoanRepaymentReminder, "Your loan of KES 5,600 is due on 20/01/2026."),
            (LoanMissedPayment, "Your loan is in the 31-60 days past due bucket."),
            (LoanMissedPayment, "Your loan is NOT 30 days overdue yet, but late."),
            (LoanMissedPayment, "Au-delà de 15 jours de retard, nous agissons."),
            (
                LoanMissedPayment,
                "The loan of JANE that you guaranteed is 14 days overdue.",
            ),
            (LoanRepaymentReminder, "Loans 7 days past due will be listed with CRB."),
            (LoanRepaymentReminder, "Your loan is 0 days overdue."),
            (LoanRepaymentReminder, "USD 45.00 will be due on 12/11/2026."),
            (
                LoanRepaymentReminder,
                "Votre échéance du 25/11/2026 est reportée au 10/12/2026.",
            ),
            (
                LoanRepaymentReminder,
                "Lipa mapema kabla ya 28/11/2026 na upate limit mara mbili!",
            ),
            (LoanRepaymentReminder, "Your loan is due in 5 days, on 27/11/2026."),
            (
                LoanRepaymentReminder,
                "Pay before 25/11/2026 and enjoy 10% interest refund!",
            ),
            (LoanRepaymentReminder, "Your loan due 05/12/2026 has been restructured."),
            (
                LoanRepaymentReminder,
                "Your loan initially due on 05/12/2026 is rescheduled.",
            ),
            (LoanRepayment, "Instalment of R1,150.00 due 20/11/2026 was collected."),
            (LoanMissedPayment, "After 30 days overdue we report you to the CRB."),
            (
                LoanMissedPayment,
                "Your loan is late. You will be listed when it is 30 days overdue.",
            ),
            (
                LoanMissedPayment,
                "Your loan is late. Valid for 30 days. Late fees apply.",
            ),
            // No year, no such day.
            (LoanRepaymentReminder, "Your loan is due on 5 Dec."),
            (LoanRepaymentReminder, "Your loan is due on 31/11/2026."),
            (LoanRepaymentReminder, "Your loan is due on 12/31/2026."),
            (LoanRepaymentReminder, "Your loan LN12/12/2026 is due soon."),
            (LoanRepaymentReminder, "Your loan is not due on 5 Dec 2026."),
            // Cut off.
            (LoanRepaymentReminder, "Your loan is due on 2026-12-1"),
            (LoanRepaymentReminder, "Your loan is due on 12/12/20"),
            (LoanMissedPayment, "Mkopo wako umechelewa kwa siku 3"),
            (LoanMissedPayment, "Your loan is overdue by 6"),
        ] {
            assert_eq!(due(&[label], text), "", "{text}");
        }
    }

    #[test]
    fn only_loans_have_due_dates() {
        let text = "Repay by 7 Dec 2026.";
        assert_eq!(due(&[Label::LoanDisbursed], text), "2026-12-07");
        assert_eq!(due(&[Label::NewLoanOffer], text), "");
        assert_eq!(due(&[], text), "");
    }
}
