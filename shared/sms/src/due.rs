//! The due date that a message about a loan states.
//!
//! It is a full date, or a number of days from the day of the message, beside words that make it a due date. A text
//! with two possible due dates states none, because it is not clear which payment each is for.
//!
//! The searches are not inlined: the crate is built for speed, and copies of them would take 9 kB of the binary. They
//! run once for a message about a loan.

use std::ops::RangeInclusive;

use daftari_domain::{Country, Date, Impact, Label};

use crate::clauses::full_date;
use crate::draft::Draft;
use crate::message::Message;
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
            // A payment settles what is due today. A later date is that of the next payment.
            Self::Paid => 1..=AHEAD_DAYS,
            Self::Lent | Self::Reminder => 0..=AHEAD_DAYS,
        }
    }
}

/// The due date that the record of a loan states. The due date of a late payment is not after the day on which the
/// message arrived in the user's country. That of the next payment is not before that day.
pub(crate) fn due_date(draft: &Draft, message: &Message<'_>, country: Option<Country>) -> Option<Date> {
    let kind = Kind::of(draft)?;
    let received = Date::local(message.received_at, country);
    stated(&plain(message.body).to_ascii_lowercase(), received, kind)
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

/// The due dates that begin at a place, and the place from which the search continues.
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

/// Whether the text before a date makes it a due date. In a notice of a late payment, "pay by" introduces the end of a
/// respite, not the due date.
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

/// The days from the message to the due date that a number of days states. Only a notice of a late payment states by
/// how many days it is late, and only a message about a new loan within how many days it is due.
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

/// Whether the sentence around a place has a word of a condition, an offer or a threat.
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

/// Removes marks and spaces from the end of a text.
#[inline(never)]
fn trimmed(text: &str) -> &str {
    text.trim_end_matches([' ', ':', ',', '-', '(', '='])
}

/// Removes the amount at the end of a text: numbers and currencies. `None` if the text does not end in an amount.
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

/// Removes one of some phrases from the beginning of a text: the longest, because "day(s)" begins with "day".
#[inline(never)]
fn begins_with_any<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    let begins = |words: &&&str| text.starts_with(**words) && stands_alone(text.as_bytes(), 0, words.len());
    let longest = words.iter().filter(begins).map(|words| words.len()).max()?;
    Some(&text[longest..])
}

/// Removes a phrase from the end of a text. `None` if the text does not end with it.
#[inline(never)]
fn without_end<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let rest = text.strip_suffix(words)?;
    stands_alone(text.as_bytes(), rest.len(), text.len()).then(|| trimmed(rest))
}

/// Removes one of some phrases from the end of a text. `None` if the text ends with none of them.
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
        let message = Message {
            sender: "OKASH",
            body: text,
            received_at: "2026-11-20T09:00:00Z".parse().expect("time"),
            id: None,
        };
        due_date(&draft, &message, None).map_or_else(String::new, |date| date.to_string())
    }

    #[test]
    fn due_dates_are_read_with_the_words_beside_them_and_other_dates_are_not() {
        let table = include_str!("../tests/due_dates.txt");
        let cases: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(cases.len() > 80);
        for case in cases {
            let [label, expected, text] = case.splitn(3, '|').collect::<Vec<_>>().try_into().expect("a case");
            let label = label.parse().expect("a label");
            assert_eq!(due(&[label], text), expected, "{text}");
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
