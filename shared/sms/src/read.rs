//! From a message to its records.

use daftari_domain::vocabulary::NotFinancialCode;
use daftari_domain::{AccountType, CounterpartyKind, Country, Currency, Impact, Label, LabelSet, Money};
use daftari_sms_notation::kind::FieldKind;
use daftari_sms_notation::machine::Machine;
use daftari_sms_notation::sender::sender_key;

use crate::clauses::tables::is_bank;
use crate::clauses::{self, Outcome, Parted, counterparty};
use crate::details::{MessageDetails, Pseudonyms};
use crate::draft::Draft;
use crate::matched::Match;
use crate::matcher::{Searched, compiled};
use crate::message::{Message, Reading, Source};
use crate::number::{Stated, read_money};
use crate::records::finish;
use crate::sender::is_phone_number;
use crate::tables::{BalanceRule, FieldId, ImpactRule, Institution, RecordRule, Template};
use crate::text::{is_too_long, plain};
use crate::words::FIELD_WORDS;
use crate::{account, candidates, classify};

/// Reads a message of a user in `country`.
///
/// The result is right or [`Reading::Unrecognized`]. Templates are tried first: a template matches the message as a
/// whole. Then the clauses are tried: they must account for every word. If the message is still unread, templates are
/// tried once more on a more usual wording of it.
pub fn read(message: &Message<'_>, country: Option<Country>) -> Reading {
    read_with_source(message, country).0
}

/// Like [`read`], and also returns the rule that decided, if any.
pub fn read_with_source(message: &Message<'_>, country: Option<Country>) -> (Reading, Option<Source>) {
    read_known(message, country, None)
}

/// Like [`read_with_source`], and gives the other side of each movement a pseudonym by `pseudonyms`. Without
/// pseudonyms, records state at most the kind of the other side.
pub fn read_with_tokens(
    message: &Message<'_>,
    country: Option<Country>,
    pseudonyms: &dyn Pseudonyms,
) -> (Reading, Option<Source>) {
    read_known(message, country, Some(pseudonyms))
}

fn read_known(
    message: &Message<'_>,
    country: Option<Country>,
    pseudonyms: Option<&dyn Pseudonyms>,
) -> (Reading, Option<Source>) {
    let text = plain(message.body);
    if is_too_long(&text) {
        return (Reading::Unrecognized, None);
    }
    let parted = Parted::new(message.body, country);
    if clauses::has_impossible_date(&text) {
        return (classify::unread(&text, &parted), None);
    }
    let found = find(&text, message.sender, country, |_, _| {});
    if let Some(read) = by_templates(message, found, country, pseudonyms) {
        return read;
    }
    let outcome = clauses::read(message.sender, &parted, None);
    without_templates(message, &text, &parted, (country, Some(outcome)), pseudonyms)
}

/// The reading of a text that no template of its sender matches: by its clauses, or else in a more usual wording.
/// `text` is the plain form of the message. `outcome` is the outcome of its clauses in the country, `None` if they did
/// not run.
pub(crate) fn without_templates(
    message: &Message<'_>,
    text: &str,
    parted: &Parted<'_>,
    (country, outcome): (Option<Country>, Option<Outcome>),
    pseudonyms: Option<&dyn Pseudonyms>,
) -> (Reading, Option<Source>) {
    let read = of_clauses(message, text, parted, outcome, pseudonyms);
    match read.0 {
        Reading::Unrecognized => by_usual_wording(message, parted, country, pseudonyms).unwrap_or(read),
        _ => read,
    }
}

/// The reading of a text that neither templates nor clauses read, by templates for a more usual wording of it. `None`
/// if no template reads a wording, or if two wordings are read differently.
fn by_usual_wording(
    message: &Message<'_>,
    parted: &Parted<'_>,
    country: Option<Country>,
    pseudonyms: Option<&dyn Pseudonyms>,
) -> Option<(Reading, Option<Source>)> {
    let mut read: Option<(Source, Vec<Draft>, MessageDetails)> = None;
    for wording in clauses::usual_wordings(parted) {
        let (institution, matched, drafts, mut details) = match find(&wording.text, message.sender, country, |_, _| {})
        {
            Found::One(institution, matched, drafts, details) => (institution, matched, drafts, details),
            Found::Several => return None,
            Found::None => continue,
        };
        if drafts.is_empty() || is_somebody_elses(institution, &drafts, message.body) {
            return None;
        }
        if wording.without_fee {
            details.fee = None;
        }
        match &mut read {
            None => {
                let source = Source {
                    institution: institution.id,
                    template: matched.template.name.get(),
                };
                read = Some((source, drafts, details));
            }
            Some((_, others, known)) if *others == drafts => known.keep_common(&details),
            Some(_) => return None,
        }
    }
    let (source, drafts, details) = read?;
    let records = finish(message, country, drafts, &details, pseudonyms);
    Some((Reading::Records(records), Some(source)))
}

/// The reading by the templates that were found; `None` if the clauses decide.
pub(crate) fn by_templates(
    message: &Message<'_>,
    found: Found<'_>,
    country: Option<Country>,
    pseudonyms: Option<&dyn Pseudonyms>,
) -> Option<(Reading, Option<Source>)> {
    match found {
        Found::One(institution, _, drafts, _) if is_somebody_elses(institution, &drafts, message.body) => {
            Some((Reading::Unrecognized, None))
        }
        Found::One(institution, matched, drafts, details) => {
            let source = Source {
                institution: institution.id,
                template: matched.template.name.get(),
            };
            // A layout with records may match a text without their content, such as an optional balance.
            let reading = if drafts.is_empty() {
                Reading::NotFinancial(matched.template.nothing.unwrap_or(NotFinancialCode::Notice))
            } else {
                Reading::Records(finish(message, country, drafts, &details, pseudonyms))
            };
            Some((reading, Some(source)))
        }
        Found::Several => Some((Reading::Unrecognized, None)),
        Found::None if is_a_person(message.sender, country) => {
            Some((Reading::NotFinancial(NotFinancialCode::PersonalSender), None))
        }
        Found::None => None,
    }
}

/// Whether the sender is a telephone number that no institution of the country uses. Messages between people are
/// private: they are not requested again when the rules change, and their wording is not counted.
fn is_a_person(sender: &str, country: Option<Country>) -> bool {
    is_phone_number(sender) && candidates::known_key(&sender_key(sender), country).is_none()
}

/// Whether the message is a bank's notice about another operator's receipt. Such a notice moves no money of the bank,
/// unless it names an account or a balance.
pub(crate) fn is_somebody_elses(institution: &Institution, drafts: &[Draft], body: &str) -> bool {
    !drafts.is_empty()
        && drafts
            .iter()
            .all(|draft| draft.account_id.is_none() && draft.balance.is_none())
        && is_bank(institution.id)
        && clauses::carries_foreign_receipt(&clauses::skeleton(body, institution.country))
}

/// Reads a message by its clauses alone, as if there were no templates.
pub fn read_by_clauses(
    message: &Message<'_>,
    country: Option<Country>,
    pseudonyms: Option<&dyn Pseudonyms>,
) -> (Reading, Option<Source>) {
    let text = plain(message.body);
    if is_too_long(&text) {
        return (Reading::Unrecognized, None);
    }
    let parted = Parted::new(message.body, country);
    let outcome = clauses::read(message.sender, &parted, None);
    of_clauses(message, &text, &parted, Some(outcome), pseudonyms)
}

/// The reading by the clauses. `outcome` is `None` if they did not run. `text` is the plain form of the message.
fn of_clauses(
    message: &Message<'_>,
    text: &str,
    parted: &Parted<'_>,
    outcome: Option<Outcome>,
    pseudonyms: Option<&dyn Pseudonyms>,
) -> (Reading, Option<Source>) {
    match outcome {
        Some(Outcome::Records(read)) => {
            let source = Source {
                institution: read.institution,
                template: read.rule,
            };
            let details = MessageDetails::of_clauses(&read, parted.country());
            (
                Reading::Records(finish(
                    message,
                    parted.user_country(),
                    read.drafts,
                    &details,
                    pseudonyms,
                )),
                Some(source),
            )
        }
        Some(Outcome::Nothing(why)) => (Reading::NotFinancial(why), None),
        Some(Outcome::Stopped(_)) | None => (classify::unread(text, parted), None),
    }
}

/// The result of the templates for a text.
pub(crate) enum Found<'t> {
    /// One template matches, or several that agree.
    One(&'static Institution, Match<'t>, Vec<Draft>, MessageDetails),
    /// Several templates match and disagree.
    Several,
    /// No template matches.
    None,
}

/// Finds the template of a plain text. Templates of other countries are not tried. Without a country the content
/// decides, provided that no two countries could mean different money by it. `matching` is called with every template
/// that matches.
pub(crate) fn find<'t>(
    text: &'t str,
    sender: &str,
    country: Option<Country>,
    matching: impl FnMut(&'static Institution, &'static Template),
) -> Found<'t> {
    let candidates = candidates::of_sender(sender, country);
    let found = find_in(text, &candidates, matching);
    match (&found, country) {
        (Found::One(institution, _, drafts, _), None)
            if !candidates::is_of_one_country(sender, institution, drafts) =>
        {
            Found::None
        }
        _ => found,
    }
}

fn find_in<'t>(
    text: &'t str,
    candidates: &[usize],
    mut matching: impl FnMut(&'static Institution, &'static Template),
) -> Found<'t> {
    let mut found = Found::None;
    let (searched, mut machine) = (Searched::new(text), Machine::default());
    for index in candidates {
        let compiled = compiled(*index);
        for matched in compiled.matches(&searched, &mut machine) {
            matching(compiled.institution, matched.template);
            let Some(drafts) = drafts(compiled.institution, &matched) else {
                continue;
            };
            let details = MessageDetails::of(compiled.institution, &matched, text);
            match &mut found {
                Found::None => found = Found::One(compiled.institution, matched, drafts, details),
                Found::One(_, _, others, known) if *others == drafts => known.keep_common(&details),
                _ => found = Found::Several,
            }
        }
    }
    found
}

/// The records of a match, without id and time. `None` if a value contradicts the template.
fn drafts(institution: &'static Institution, matched: &Match<'_>) -> Option<Vec<Draft>> {
    let drafts: Option<Vec<Draft>> = matched
        .template
        .records()
        .iter()
        .map(|rule| draft(institution, matched, rule))
        .collect();
    // An optional balance may be the record's only content.
    drafts.map(|drafts| drafts.into_iter().filter(Draft::says_something).collect())
}

fn draft(institution: &'static Institution, matched: &Match<'_>, rule: &RecordRule) -> Option<Draft> {
    let entry = &institution.accounts[usize::from(rule.account)];
    let amount = match rule.amount {
        Some(field) => Some(money(institution, matched, field)?),
        None => None,
    };
    let impact = impact(matched, rule)?;
    let balance = match rule.balance {
        BalanceRule::None => None,
        BalanceRule::Always(text) => Some(Stated {
            money: text.parse().ok(),
            currency: None,
        }),
        // An optional part of the pattern may hold the balance.
        BalanceRule::Field(field) if matched.value(field).is_none() => None,
        BalanceRule::Field(field) => Some(money(institution, matched, field)?),
    };
    if amount.is_some_and(|amount| amount.money.is_none_or(Money::is_negative)) {
        return None;
    }
    let stated = |value: Option<Stated>| value.and_then(|value| value.currency);
    let currency = match (stated(amount), stated(balance)) {
        (Some(currency), _) | (None, Some(currency)) => Some(currency),
        (None, None) => only_currency(institution),
    };
    // A balance in another currency than the movement's does not fit into its record.
    let balance = balance.filter(|balance| balance.currency.is_none_or(|other| Some(other) == currency));
    let balance = balance.and_then(|balance| balance.money);
    let mut labels = rule.labels;
    let details = &matched.template.details;
    let business = details.kind == Some(CounterpartyKind::Business);
    for label in rule
        .counterparty
        .iter()
        .filter_map(|field| matched.value(*field))
        .flat_map(|(_, name)| {
            counterparty::labels_of_name(name, institution.country, impact, business)
                .iter()
                .collect::<Vec<_>>()
        })
    {
        labels = labels.with(label);
    }
    // A layout for any other side names lenders too.
    let party = details
        .party
        .filter(|_| rule.counterparty.is_none() && details.kind != Some(CounterpartyKind::Agent));
    if let Some((_, name)) = party.and_then(|field| matched.value(field))
        && entry.kind == AccountType::Depository
        && counterparty::lends(name, institution.country, business) == Some(true)
    {
        labels = counterparty::labels_of_name(name, institution.country, impact, business)
            .iter()
            .fold(labels, LabelSet::with);
    }
    if let Some((_, text)) = rule.narration.and_then(|field| matched.value(field)) {
        labels = counterparty::labels_of_narration(text, institution.country, impact)
            .iter()
            .fold(labels, LabelSet::with);
    }
    let payer = details.party.and_then(|field| matched.value(field));
    let comes_in = impact == Some(Impact::Credit) && entry.kind == AccountType::Depository;
    if comes_in && is_bank(institution.id) && payer.is_some_and(|(_, payer)| counterparty::names_a_wage(payer)) {
        labels = labels.with(Label::Salary);
    }
    let overdrawn = entry.kind == AccountType::Depository
        && impact == Some(Impact::Debit)
        && balance.is_some_and(Money::is_negative);
    if overdrawn {
        labels = labels.with(Label::Overdraft);
    }
    if rule.labels.contains(Label::LoanRepayment) && balance == Some(Money::ZERO) && entry.kind.is_debt() {
        labels = labels.with(Label::LoanRepaid);
    }
    let number = rule.number.and_then(|field| matched.value(field));
    Some(Draft {
        institution_id: entry.institution_id,
        account_id: number.and_then(|(index, text)| match matched.template.fields()[index].kind {
            FieldKind::Account => account::visible_digits(text),
            _ => account::as_written(text),
        }),
        account_type: entry.kind,
        amount: amount.and_then(|amount| amount.money),
        impact,
        balance,
        currency,
        labels,
    })
}

/// The currency of amounts whose text states none: the institution's, if it has only one.
fn only_currency(institution: &Institution) -> Option<Currency> {
    let home = institution.currency;
    institution
        .currencies
        .iter()
        .all(|(_, code)| *code == home)
        .then(|| home.parse().ok())
        .flatten()
}

fn money(institution: &Institution, matched: &Match<'_>, field: FieldId) -> Option<Stated> {
    let (index, text) = matched.value(field)?;
    let FieldKind::Money(layout) = matched.template.fields()[index].kind else {
        return None;
    };
    read_money(text, layout, institution.currencies)
}

/// The inner option is the record's impact. The outer one is `None` if the field contains no direction.
#[expect(
    clippy::option_option,
    reason = "a record without a movement is not a match without a direction"
)]
fn impact(matched: &Match<'_>, rule: &RecordRule) -> Option<Option<Impact>> {
    match rule.impact {
        ImpactRule::None => Some(None),
        ImpactRule::Always(impact) => Some(Some(impact)),
        ImpactRule::Field(field) => {
            let (_, word) = matched.value(field)?;
            let is_debit = FIELD_WORDS.debit.iter().any(|debit| word.eq_ignore_ascii_case(debit));
            Some(Some(if is_debit { Impact::Debit } else { Impact::Credit }))
        }
    }
}
