//! The forms of fields.
//!
//! Forms only find the digits and letters. The reader validates them when it reads the values.

use std::collections::BTreeSet;

use crate::field_words::FieldWords;
use crate::form::{Bytes, Form};
use crate::kind::{CurrencyRule, Decimals, FieldKind, MoneyLayout, Style};

const ALPHANUMERIC: Bytes = Bytes::LETTER.with(Bytes::DIGIT);
const SPACE: Bytes = Bytes::of(b" ");
const MASK: Bytes = Bytes::of(b"*x");
const PHONE: Bytes = Bytes::DIGIT.with(MASK);
const MINUS: Form = Form::maybe(Bytes::of(b"-"));
const GAP: Form = Form::maybe(SPACE);

/// Parses the kind of a field. Returns the form of its text and the kind of its content, or `None` for an unknown word.
/// `currency` is the form of a currency, `words` are the words of the languages.
pub(crate) fn of_kind(word: &str, currency: &Form, words: &FieldWords<'_>) -> Option<(Form, FieldKind)> {
    let plain = |form: Form| (form.field(), FieldKind::Plain);
    Some(match word {
        "name" => {
            let name = Form::Sequence(vec![Form::one(Bytes::VISIBLE), Form::Few(Bytes::ANY)]);
            (name.field(), FieldKind::Name)
        }
        "words" => {
            let rest = Bytes::LETTER.with(Bytes::of(b" .,'-"));
            let name = Form::Sequence(vec![Form::one(Bytes::LETTER), Form::Few(rest)]);
            (name.field(), FieldKind::Name)
        }
        "text" => (Form::Few(Bytes::ANY).field(), FieldKind::Text),
        "tail" => {
            let tail = vec![Form::some(Bytes::of(b" .,;!*:_)|-")), Form::any(Bytes::ANY).field()];
            (Form::Sequence(tail).optional(), FieldKind::Tail)
        }
        "direction" => {
            let either = any_word(words.debit.iter().chain(&*words.credit));
            (either.field(), FieldKind::Direction)
        }
        "account" => {
            let digits = Bytes::DIGIT.with(Bytes::of(b"*x#.-"));
            (Form::some(digits).field(), FieldKind::Account)
        }
        "loan_id" => {
            let part = ALPHANUMERIC.with(Bytes::of(b"/_-"));
            plain(Form::Sequence(vec![
                Form::any(part),
                Form::one(Bytes::DIGIT),
                Form::any(part),
            ]))
        }
        "code" => plain(Form::Run {
            of: ALPHANUMERIC,
            min: 8,
            max: Some(12),
        }),
        "ref" => {
            let inside = Form::any(ALPHANUMERIC.with(Bytes::of(b"._/|-")));
            let rest = Form::Sequence(vec![inside, Form::one(ALPHANUMERIC)]);
            plain(Form::Sequence(vec![Form::one(ALPHANUMERIC), rest.optional()]))
        }
        "phone" => plain(Form::Sequence(vec![
            Form::maybe(Bytes::of(b"+")),
            Form::one(PHONE),
            Form::any(PHONE.with(SPACE)),
            Form::one(PHONE),
        ])),
        "date" => plain(date(words)),
        "time" => plain(time(words)),
        "when" => {
            let time = vec![
                Form::any(Bytes::of(b" ,t:")),
                any_word(words.before_time.iter()).optional(),
                Form::any(Bytes::of(b" :")),
                time(words),
            ];
            plain(Form::Sequence(vec![date(words), Form::Sequence(time).optional()]))
        }
        "number" => plain(Form::some(Bytes::DIGIT)),
        "word" => plain(Form::some(Bytes::VISIBLE)),
        "url" => {
            let scheme = vec![Form::text("http"), Form::maybe(Bytes::of(b"s")), Form::text("://")];
            let part = Bytes::ANY.without(SPACE);
            plain(Form::Sequence(vec![
                Form::Sequence(scheme).optional(),
                Form::some(part),
                Form::text("."),
                Form::any(part),
                Form::one(ALPHANUMERIC.with(Bytes::of(b"/"))),
            ]))
        }
        _ => {
            let layout = MoneyLayout::parse(word)?;
            (money(layout, currency, words).field(), FieldKind::Money(layout))
        }
    })
}

/// `8/10/21`, `9th Jul 2026`.
fn date(words: &FieldWords<'_>) -> Form {
    let separator = Form::one(Bytes::of(b"-/."));
    let digits = Form::some(Bytes::DIGIT);
    let in_digits = vec![
        digits.clone(),
        separator.clone(),
        digits.clone(),
        separator,
        digits.clone(),
    ];
    let with_month = vec![
        digits.clone(),
        any_word(words.ordinal.iter()).optional(),
        Form::maybe(Bytes::of(b"-/ .")),
        Form::some(Bytes::LETTER),
        Form::any(Bytes::of(b"-/ .,")),
        digits,
    ];
    Form::Choice(vec![Form::Sequence(in_digits), Form::Sequence(with_month)])
}

/// `13:41`, `1:41:05 p.m.`
fn time(words: &FieldWords<'_>) -> Form {
    let digits = Form::some(Bytes::DIGIT);
    let seconds = Form::Sequence(vec![Form::text(":"), digits.clone()]);
    // A full stop may close every mark, so "am." and "a.m." are the marks "am" and "a.m".
    let marks: BTreeSet<&str> = words.half_day.iter().map(|mark| mark.trim_end_matches('.')).collect();
    let half = vec![GAP, any_word(marks.iter()), Form::maybe(Bytes::of(b"."))];
    Form::Sequence(vec![
        digits.clone(),
        Form::text(":"),
        digits,
        seconds.optional(),
        Form::Sequence(half).optional(),
    ])
}

/// A currency: one of its spellings, the longest first, with or without a full stop.
pub(crate) fn currency<S: AsRef<str>>(spellings: &[S]) -> Form {
    Form::Sequence(vec![any_word(spellings.iter()), Form::maybe(Bytes::of(b"."))])
}

/// One of the words, the longest first.
fn any_word<'w, S: AsRef<str> + 'w>(words: impl Iterator<Item = &'w S>) -> Form {
    let words: Vec<&str> = words.map(AsRef::as_ref).collect();
    let longest = words.iter().map(|word| word.len()).max().unwrap_or_default();
    // They are few, and a sort is compiled into 30 KB.
    let by_length = (0..=longest).rev();
    let sorted = by_length.flat_map(|length| words.iter().copied().filter(move |word| word.len() == length));
    Form::words(&sorted.collect::<Vec<_>>())
}

fn number(money: MoneyLayout) -> Form {
    let digits = Form::some(Bytes::DIGIT);
    let digit = Form::one(Bytes::DIGIT);
    let (thousands, point) = match money.style {
        Style::English => (b",", &b"."[..]),
        Style::French => (b" ", &b".,"[..]),
        Style::European => (b".", &b","[..]),
    };
    let group = Form::Sequence(vec![Form::one(Bytes::of(thousands)), digits.clone()]);
    let point = Form::one(Bytes::of(point));
    let mut number = vec![digits, group.repeated()];
    match (money.style, money.decimals) {
        (Style::European, _) | (_, Decimals::Two) => number.extend([point, digit.clone(), digit]),
        (_, Decimals::Any) => {
            let decimals = vec![point, digit, Form::maybe(Bytes::DIGIT)];
            number.push(Form::Sequence(decimals).optional());
        }
        (_, Decimals::None) => {}
    }
    Form::Sequence(number)
}

fn money(money: MoneyLayout, currency: &Form, words: &FieldWords<'_>) -> Form {
    let number = Form::Sequence(vec![MINUS, number(money)]);
    let spaced = Form::Sequence(vec![currency.clone(), GAP]);
    let gap = match money.style {
        Style::European => Form::any(Bytes::of(b" ,")),
        Style::English | Style::French => GAP,
    };
    let before = vec![MINUS, spaced.clone(), spaced.clone().optional(), number.clone()];
    let behind = vec![number.clone(), gap, currency.clone()];
    let mut forms = vec![Form::Sequence(before), Form::Sequence(behind)];
    match money.currency {
        CurrencyRule::Stated => {}
        CurrencyRule::Optional => forms.push(number),
        CurrencyRule::Missing => forms = vec![number],
    }
    let mut stated = vec![Form::Choice(forms)];
    if money.drcr {
        let mark = any_word(words.debit_marks.iter().chain(&*words.credit_marks));
        stated.extend([GAP, mark.optional()]);
    }
    let stated = Form::Sequence(stated);
    if !money.masked {
        return stated;
    }
    let group = Form::Sequence(vec![Form::one(Bytes::of(b".,")), Form::some(MASK)]);
    let masked = vec![
        spaced.optional(),
        Form::Run {
            of: MASK,
            min: 2,
            max: None,
        },
        group.repeated(),
    ];
    Form::Choice(vec![stated, Form::Sequence(masked)])
}
