//! The details of a movement: the fee, the code of the transaction, the other side.

use daftari_domain::details::REFERENCE_CHARS;
use daftari_domain::reports::repayment::LABELS_OF_OTHERS;
use daftari_domain::{
    AccountType, Counterparty, CounterpartyKind, CounterpartyToken, Date, Details, Impact, KeptDetails, Money,
    Reference,
};
use daftari_sms_notation::kind::FieldKind;

use crate::clauses::Read;
use crate::clauses::counterparty::{bets_by_telephone, has_legal_form};
use crate::clauses::tables::is_bank;
use crate::company::{Company, company_of};
use crate::draft::Draft;
use crate::matched::Match;
use crate::number::{has_two_decimals, read_money};
use crate::phone::{SHORT_NUMBER_DIGITS, Telephone, has_phone_digits, telephone_in};
use crate::tables::{FeeRule, FieldId, Institution};
use crate::text::{LONG_CODE_CHARS, end_of, goes_on, is_whole_code};
use crate::words::WORDS;

/// Gives the counterparties of one user their pseudonyms. A function from names to pseudonyms implements it without
/// knowledge of the user.
pub trait Pseudonyms {
    /// The pseudonym of a name as [`normalized`] writes it.
    fn token(&self, name: &str) -> CounterpartyToken;

    /// Whether a payer is the user, by the name and number as the message writes them.
    fn is_user(&self, _payer: &str) -> bool {
        false
    }
}

impl<F: Fn(&str) -> CounterpartyToken> Pseudonyms for F {
    fn token(&self, name: &str) -> CounterpartyToken {
        self(name)
    }
}

/// A word of digits and letters of at least this length is a reference, not a name.
const CODE_CHARS: usize = 8;

/// The details that a message states, before they belong to a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MessageDetails {
    pub(crate) fee: Option<Money>,
    pub(crate) reference: Option<Reference>,
    pub(crate) party: Option<Party>,
}

/// The other side, as it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Party {
    /// As [`normalized`] writes it; `None` if nothing of it is left.
    pub(crate) name: Option<String>,
    pub(crate) kind: CounterpartyKind,
    /// As the message writes it; empty if it is not named.
    pub(crate) written: String,
}

/// Another account of the user.
const OWN: Counterparty = Counterparty {
    token: None,
    kind: CounterpartyKind::Own,
};

impl Party {
    /// The other side by its name. `told` is the kind that the layout states. A name with a telephone number is a
    /// person, except at a bank, where the number may be an account's.
    pub(crate) fn of(name: &str, told: Option<CounterpartyKind>, country: &str, at_bank: bool) -> Self {
        let phone = telephone_in(name).filter(|_| !bets_by_telephone(name));
        let is_person = !at_bank && phone == Some(Telephone::Sure) && !has_legal_form(name);
        let company = if phone.is_some() {
            None
        } else {
            company_of(name, country, told == Some(CounterpartyKind::Business))
        };
        let kind = match (company, told) {
            // An agent may bear any name.
            (_, Some(CounterpartyKind::Agent)) => CounterpartyKind::Agent,
            (Some(Company::Lender), _) => CounterpartyKind::Lender,
            // A bank's pay bill is laid out as that of a business.
            (Some(Company::Bank), None | Some(CounterpartyKind::Business)) => CounterpartyKind::Institution,
            (_, Some(told)) => told,
            (Some(Company::Other), None) => CounterpartyKind::Business,
            (None, None) if is_person => CounterpartyKind::Person,
            (None, None) => CounterpartyKind::Unknown,
        };
        Self {
            name: normalized(name),
            kind,
            written: name.to_owned(),
        }
    }

    /// The other side by its kind alone.
    const fn unnamed(kind: CounterpartyKind) -> Self {
        Self {
            name: None,
            kind,
            written: String::new(),
        }
    }

    /// The other side as the clauses found it. It has a name only if the text closes the name on both sides. Without
    /// such a name, the other side is at most a company that is known by its name, because it is not clear which words
    /// belong to the name.
    fn of_clauses(read: &Read, country: &str) -> Option<Self> {
        if read.own {
            return Some(Self::unnamed(CounterpartyKind::Own));
        }
        if let Some(name) = &read.name {
            let told = name.agent.then_some(CounterpartyKind::Agent);
            return Some(Self::of(&name.text, told, country, is_bank(read.institution)));
        }
        let words = read.party.as_deref()?;
        let known = telephone_in(words).is_none() && company_of(words, country, false).is_some();
        known.then(|| Self::unnamed(Self::of(words, None, country, true).kind))
    }

    /// The other side of a record. A payer who is the user pays from another account.
    fn counterparty(&self, draft: &Draft, pseudonyms: Option<&dyn Pseudonyms>) -> Option<Counterparty> {
        let comes_in = draft.account_type == AccountType::Depository && draft.impact == Some(Impact::Credit);
        let is_of_another = draft.labels.intersects(LABELS_OF_OTHERS)
            || !matches!(self.kind, CounterpartyKind::Person | CounterpartyKind::Unknown)
            || has_legal_form(&self.written);
        if comes_in && !is_of_another && pseudonyms.is_some_and(|pseudonyms| pseudonyms.is_user(&self.written)) {
            return Some(OWN);
        }
        let token = pseudonyms.and_then(|pseudonyms| Some(pseudonyms.token(self.name.as_deref()?)));
        let kind = self.kind;
        Some(Counterparty { token, kind }).filter(Counterparty::is_known)
    }
}

impl MessageDetails {
    /// The details that a matched layout states in the text `whole`. A value at the end of the text may be cut off, so
    /// it is left out.
    pub(crate) fn of(institution: &Institution, matched: &Match<'_>, whole: &str) -> Self {
        let rule = &matched.template.details;
        let text = |field: FieldId| {
            let (_, value) = matched.value(field)?;
            Some(value).filter(|value| goes_on(whole, end_of(value, whole)))
        };
        let name = rule.party.and_then(text).filter(|name| is_closed(name, matched, whole));
        let party = name.map(|name| Party::of(name, rule.kind, institution.country, is_bank(institution.id)));
        let told = rule.kind.map(Party::unnamed);
        let code = rule.reference.and_then(|field| matched.value(field));
        let code = code.map(|(_, code)| code).filter(|code| is_whole_code(code, whole));
        Self {
            fee: fee(institution, matched, whole),
            reference: code.map(without_next_sentence).and_then(reference),
            party: party.or(told),
        }
    }

    /// The details that the clauses found.
    pub(crate) fn of_clauses(read: &Read, country: &str) -> Self {
        Self {
            fee: read.fee,
            reference: read.reference.as_deref().and_then(reference),
            party: Party::of_clauses(read, country),
        }
    }

    /// Keeps only the facts that another reading of the same movement confirms.
    pub(crate) fn keep_common(&mut self, other: &Self) {
        if self.fee != other.fee {
            self.fee = None;
        }
        if self.reference != other.reference {
            self.reference = None;
        }
        if self.party != other.party {
            self.party = None;
        }
    }

    /// The details of each draft, in the same order. Every movement has the message's reference. The fee and the other
    /// side belong to one movement only: the first movement of a depository account, or else the first movement. If the
    /// money moves between two accounts of the reader, each account is the counterparty of the other.
    ///
    /// `due_dates` are those of the drafts, in the same order.
    pub(crate) fn of_drafts(
        &self,
        drafts: &[Draft],
        due_dates: impl Iterator<Item = Option<Date>>,
        pseudonyms: Option<&dyn Pseudonyms>,
    ) -> Vec<KeptDetails> {
        let moves = |draft: &&Draft| draft.amount.is_some();
        let deposits: Vec<usize> = (0..drafts.len())
            .filter(|at| moves(&&drafts[*at]) && drafts[*at].account_type == AccountType::Depository)
            .collect();
        let has = |impact| deposits.iter().any(|at| drafts[*at].impact == Some(impact));
        let between_own = deposits.len() > 1 && has(Impact::Credit) && has(Impact::Debit);
        let main = deposits
            .first()
            .copied()
            .or_else(|| drafts.iter().position(|draft| moves(&draft)));
        let details = |((at, draft), due_date): ((usize, &Draft), Option<Date>)| {
            let is_main = main == Some(at);
            Details {
                fee: self.fee.filter(|_| is_main),
                reference: self.reference.clone().filter(|_| moves(&draft)),
                counterparty: if between_own {
                    Some(OWN).filter(|_| deposits.contains(&at))
                } else {
                    let party = self.party.as_ref().filter(|_| is_main);
                    party.and_then(|party| party.counterparty(draft, pseudonyms))
                },
                due_date,
            }
            .into()
        };
        drafts.iter().enumerate().zip(due_dates).map(details).collect()
    }
}

/// The fee with its taxes, as the layout states it. `None` if the text states a charge, and the layout leaves open
/// whether the fee includes it.
fn fee(institution: &Institution, matched: &Match<'_>, whole: &str) -> Option<Money> {
    let rule = &matched.template.details;
    let money = |field: FieldId| {
        let (index, text) = matched.value(field)?;
        match matched.template.fields()[index].kind {
            FieldKind::Money(layout) => read_money(text, layout, institution.currencies)?.money,
            _ => None,
        }
    };
    let charged = |field: &FieldId| {
        let said = matched.value(*field);
        said.is_some_and(|(_, text)| money(*field) != Some(Money::ZERO) && !is_nothing(text, institution))
    };
    if rule.charges.fields().iter().any(charged) {
        return None;
    }
    let stated = |field: FieldId| {
        let (_, written) = matched.value(field)?;
        let closed = goes_on(whole, end_of(written, whole)) || has_two_decimals(written);
        money(field).filter(|_| closed)
    };
    let fee = match rule.fee {
        FeeRule::None => None,
        FeeRule::Field(field) => stated(field),
        FeeRule::Sum(ref parts) => {
            let said = parts.fields().iter().filter(|part| matched.value(**part).is_some());
            let parts = said.map(|part| stated(*part));
            parts.reduce(|sum, part| Money::new(sum?.decimal() + part?.decimal()).ok())?
        }
        FeeRule::Rest { total, of, least } => {
            let rest = Money::new(stated(total)?.decimal() - stated(of)?.decimal()).ok()?;
            let least = least.and_then(stated);
            Some(rest).filter(|rest| least.is_none_or(|least| least <= *rest))
        }
    };
    fee.filter(|fee| !fee.is_negative())
}

/// Whether a charge is none: zero or a dash, with or without a currency.
fn is_nothing(text: &str, institution: &Institution) -> bool {
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    let spellings = institution.currencies.iter().map(|(spelling, _)| *spelling);
    let bare = spellings.filter_map(|spelling| lower.strip_prefix(spelling).or(lower.strip_suffix(spelling)));
    bare.chain([lower.as_str()]).any(|number| {
        let number = number.trim();
        number == "-" || (number.starts_with('0') && number.bytes().all(|byte| matches!(byte, b'0' | b'.' | b',')))
    })
}

/// Whether the layout shows where a name ends. Free text that begins right behind a name may continue it.
fn is_closed(name: &str, matched: &Match<'_>, whole: &str) -> bool {
    let rest = whole.get(end_of(name, whole)..).unwrap_or_default();
    let next = rest.trim_start().as_ptr();
    let follows = |value: &str| !value.is_empty() && value.as_ptr() == next;
    let free = |kind| matches!(kind, FieldKind::Name | FieldKind::Text | FieldKind::Tail);
    let mut fields = matched.template.fields().iter().zip(&matched.values);
    !fields.any(|(field, value)| free(field.kind) && value.is_some_and(follows))
}

/// A code without the next sentence, which touches the code if no space follows the full stop. A long number ends at
/// its first full stop, because codes with full stops begin with letters. A word behind the last full stop is never a
/// part of a code.
fn without_next_sentence(code: &str) -> &str {
    let number = code.split_once('.').map(|(number, _)| number);
    let number = number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    if let Some(number) = number.filter(|number| number.len() >= LONG_CODE_CHARS) {
        return number;
    }
    match code.rsplit_once('.') {
        Some((code, word)) if word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()) => code,
        _ => code,
    }
}

/// The code of a transaction, in upper case. `None` if the text contains no digit, is masked, or is shorter or longer
/// than a code.
pub(crate) fn reference(text: &str) -> Option<Reference> {
    let is_code =
        REFERENCE_CHARS.contains(&text.len()) && text.bytes().any(|byte| byte.is_ascii_digit()) && !text.contains('*');
    text.to_ascii_uppercase().parse().ok().filter(|_| is_code)
}

/// A name in the form in which names are compared: letters in capitals and digits, with single spaces between words,
/// without telephone numbers, references and legal forms. If the name contains exactly one number of a till, a pay bill
/// or an agent, and no telephone number, that number replaces the whole name. `None` if nothing identifies the other
/// side.
pub(crate) fn normalized(name: &str) -> Option<String> {
    let phone = telephone_in(name).is_some();
    let mut words: Vec<String> = Vec::new();
    let parts = name.split(|c: char| !(c.is_alphanumeric() || matches!(c, '*' | '+' | '\'' | '.' | '&')));
    for part in parts {
        let is_number = part.contains(|c: char| c.is_ascii_digit()) && !part.contains(char::is_alphabetic);
        if is_number && (part.contains(['*', '+']) || has_phone_digits(part)) {
            continue;
        }
        let word: String = part
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_uppercase)
            .collect();
        let is_code = word.chars().count() >= CODE_CHARS && word.contains(|c: char| c.is_ascii_digit()) && !is_number;
        let is_legal = WORDS.legal.iter().any(|legal| word.eq_ignore_ascii_case(legal));
        if !(word.is_empty() || is_code || is_legal) {
            words.push(word);
        }
    }
    let is_number =
        |word: &&String| SHORT_NUMBER_DIGITS.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    let numbers: Vec<&String> = words.iter().filter(is_number).collect();
    if let ([number], false) = (numbers.as_slice(), phone) {
        return Some((*number).clone());
    }
    // Other digits without a letter do not identify anybody.
    let tells = words.iter().any(|word| word.contains(char::is_alphabetic));
    tells.then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_letters_or_their_number() {
        for (name, expected) in [
            ("Jane  Wambui 0722000111", Some("JANE WAMBUI")),
            ("JANE WAMBUI 0722***111", Some("JANE WAMBUI")),
            ("Jane Wambui +254722000111", Some("JANE WAMBUI")),
            ("Acme Stores Ltd.", Some("ACME STORES")),
            ("ACME STORES LIMITED", Some("ACME STORES")),
            ("ODIBETS 290077", Some("290077")),
            ("Odi Bets Kenya - 290077", Some("290077")),
            ("044411 - Baraka Ventures", Some("044411")),
            ("O'NEIL & SONS", Some("ONEIL SONS")),
            ("ብርሃን ባንክ", Some("ብርሃን ባንክ")),
            ("REMITLY TXN8827341AB", Some("REMITLY")),
            ("ብር123", Some("ብር123")),
            ("0722000111", None),
            ("12", None),
            ("", None),
            ("LTD", None),
        ] {
            assert_eq!(normalized(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn a_kind_is_the_layouts_word_a_lenders_name_or_a_telephone_number() {
        let kind = |name, told| Party::of(name, told, "KE", false).kind;
        assert_eq!(kind("JANE WAMBUI", None), CounterpartyKind::Unknown);
        assert_eq!(kind("JANE WAMBUI 0722***111", None), CounterpartyKind::Person);
        assert_eq!(
            kind("JANE WAMBUI", Some(CounterpartyKind::Agent)),
            CounterpartyKind::Agent
        );
        assert_eq!(kind("ODIBETS 290077", None), CounterpartyKind::Business);
        assert_eq!(
            kind("TALA MOBILE KENYA 851000", Some(CounterpartyKind::Business)),
            CounterpartyKind::Lender
        );
        assert_eq!(
            kind("MAKINI STATIONERS LTD 0722000111", None),
            CounterpartyKind::Unknown
        );
        assert_eq!(kind("MAKINI STATIONERS 0********4410", None), CounterpartyKind::Unknown);
        // A masked number as long as a telephone number, and one that is shorter or longer.
        for name in [
            "JANE DOE (*********013)",
            "JANE DOE 2519****2078",
            "JANE DOE 0722***111",
        ] {
            assert_eq!(kind(name, None), CounterpartyKind::Person, "{name}");
        }
        for name in [
            "JANE DOE 12**34",
            "JANE DOE *********",
            "JANE DOE 5387********011",
            "JANE DOE 1000012349388",
        ] {
            assert_eq!(kind(name, None), CounterpartyKind::Unknown, "{name}");
        }
        let at_bank = Party::of("JANE WAMBUI 0123456789", None, "KE", true);
        assert_eq!(at_bank.kind, CounterpartyKind::Unknown);
        // A person may have such a name.
        assert_eq!(kind("TALA OMAR 0712345678", None), CounterpartyKind::Person);
    }

    #[test]
    fn a_code_ends_before_the_next_sentence() {
        assert_eq!(without_next_sentence("37755640955.1"), "37755640955");
        assert_eq!(without_next_sentence("86982067665.TRANSACTION"), "86982067665");
        assert_eq!(without_next_sentence("AIR156677890.Charges"), "AIR156677890");
        assert_eq!(without_next_sentence("CI210908.1234.A12345"), "CI210908.1234.A12345");
        assert_eq!(without_next_sentence("210908.1234.12345"), "210908.1234.12345");
    }

    #[test]
    fn references_are_codes_with_a_digit() {
        let code = |text| reference(text).map(|reference| reference.to_string());
        assert_eq!(code("qj912abcde").as_deref(), Some("QJ912ABCDE"));
        assert_eq!(code("CI210908.1234.A12345").as_deref(), Some("CI210908.1234.A12345"));
        for text in ["RENT", "*********", "AB1", "1****2345"] {
            assert_eq!(code(text), None, "{text}");
        }
    }
}
