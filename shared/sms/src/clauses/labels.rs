//! Labels of a movement, and the name of the other side.

use daftari_domain::{Impact, Label, LabelSet};
use daftari_sms_notation::clause::{BEGIN, DATE, LONG, MASK, MONEY, REFERENCE, UNKNOWN};

use super::context::{Context, Mention};
use super::counterparty::{has_legal_form, labels_of_name, labels_of_narration, names_a_wage};
use super::moved::Moved;
use super::name::is_own_name;
use super::outcome::{Outcome, stop};
use super::tables::{Kind, PARTY_ENDS, PARTY_MARKS, Role, class, flag, in_class, pattern};
use crate::tables::TILLS;
use crate::words::WORDS;

impl Context<'_> {
    pub(super) fn labels(&mut self, moved: &Moved, party: &Party, mut labels: LabelSet) -> Result<LabelSet, Outcome> {
        let country = self.country.code;
        let by_name = labels_of_name(&party.name, country, moved.direction, false);
        let placed = self.is_place(moved, party);
        let of_loan = |label: &Label| matches!(label, Label::LoanRepayment | Label::LoanDisbursed);
        for label in by_name.iter().filter(|label| !(placed && of_loan(label))) {
            labels = labels.with(label);
        }
        // A note to a person is about what the two have with each other: "Ref: betting debt".
        let words = &self.sentences[moved.mention.sentence].words;
        let has_telephone = words[party.from..]
            .iter()
            .take(party.to + 1 - party.from)
            .any(|word| *word == LONG);
        let is_person = has_telephone && by_name == LabelSet::EMPTY && !has_legal_form(&party.name);
        let is_note = is_person && self.row.kind == Kind::Wallet;
        for narration in self.narrations.iter().filter(|_| !is_note) {
            for label in labels_of_narration(&narration.text, country, moved.direction).iter() {
                // The customers of a wallet write its narrations, and may mean a loan from a friend.
                if label != Label::LoanRepayment || self.row.kind != Kind::Wallet {
                    labels = labels.with(label);
                }
            }
        }
        // The words of the sentence without the name of the other side. A word in small letters is not a part of it.
        let index = moved.mention.sentence;
        let sentence = &self.sentences[index];
        let mut words = sentence.words.clone();
        let named = party.from..party.to;
        for (place, word) in words.iter_mut().enumerate().filter(|(place, _)| named.contains(place)) {
            let written = self.skeleton.slice(&sentence.tokens[place - 1]);
            if !written.bytes().all(|byte| byte.is_ascii_lowercase()) {
                *word = UNKNOWN;
            }
        }
        let whole = sentence.words.clone();
        let alone_at_machine = self.row.kind == Kind::Bank && self.next_sentence_says(index, pattern::MACHINE_ALONE);
        let sentence = &self.sentences[index];
        let possible = sentence.possible.clone();
        let mut says = |patterns: &[u16], words: &[u16]| self.matcher.find(patterns, &possible, words).is_some();
        // In a text of capitals alone, names cannot be distinguished from words.
        let capitals = !self.skeleton.text.bytes().any(|byte| byte.is_ascii_lowercase());
        let telling = [pattern::CASH, pattern::AIRTIME, pattern::CARD];
        if capitals
            && telling
                .into_iter()
                .any(|patterns| says(patterns, &words) != says(patterns, &whole))
        {
            return stop("a name, or words, in capitals");
        }
        let cash = says(pattern::CASH, &words);
        let debit = moved.direction == Some(Impact::Debit);
        let airtime = moved.has(flag::AIRTIME) || says(pattern::AIRTIME, &words);
        if debit && airtime && !says(pattern::NOT_AIRTIME, &whole) {
            labels = labels.with(Label::AirtimePurchase);
        }
        let at_machine = self.row.kind == Kind::Bank && {
            let name = party.name.to_ascii_lowercase();
            WORDS.machine.iter().any(|machine| name.ends_with(machine))
        };
        // "Debited … at ATM IKEJA": the name of the other side is the place. A company may have such a name too.
        let placed = self.row.kind == Kind::Bank
            && says(pattern::AT_MACHINE, &whole)
            && !says(pattern::NOT_AT_MACHINE, &words)
            && !has_legal_form(&party.name);
        // "NBE ATM0912" is the number of a machine.
        let numbered = self.row.kind == Kind::Bank
            && says(pattern::CARD_AT, &whole)
            && sentence.tokens.iter().any(|token| {
                let written = self.skeleton.slice(token).to_ascii_lowercase();
                let mut machines = WORDS.machine.iter().map(|machine| machine.trim_start());
                token.word == REFERENCE
                    && machines.any(|machine| {
                        let rest = written.strip_prefix(machine);
                        rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
                    })
            });
        let charged = says(pattern::ATM_CHARGE, &whole);
        let said = says(pattern::ATM, &whole) && (cash || at_machine || says(pattern::ATM, &words));
        let said = said || alone_at_machine;
        if !charged && (placed || numbered || said) {
            labels = labels.with(Label::Atm);
        }
        let bought = debit && says(pattern::CARD_AT, &whole) && !says(pattern::NOT_CARD_AT, &whole);
        let refunded = moved.direction == Some(Impact::Credit)
            && says(pattern::PURCHASE_REFUNDED, &whole)
            && says(pattern::TO_CARD, &whole);
        let card = moved.has(flag::CARD)
            || (says(pattern::CARD, &words) && !says(pattern::NOT_CARD, &words))
            || says(pattern::CARD_MEANS, &whole)
            || bought
            || refunded;
        if card && !cash && !labels.contains(Label::Atm) {
            labels = labels.with(Label::Pos);
        }
        let named_wage = self.row.kind == Kind::Bank && names_a_wage(&party.name);
        let wage = named_wage || (says(pattern::WAGE, &words) && !says(pattern::NOT_WAGE, &whole));
        let wage = wage || self.next_sentence_says(index, pattern::WAGE_ALONE);
        if wage && moved.direction == Some(Impact::Credit) && !self.loan_context {
            labels = labels.with(Label::Salary);
        }
        let till = TILLS.contains(&self.row.id()) && self.goes_on_with(&moved.mention, pattern::TILL);
        if till && debit && !self.says(pattern::FOR_ACCOUNT) {
            labels = labels.with(Label::Pos);
        }
        Ok(labels)
    }

    /// Whether the other side may be a place, or somebody who takes and gives cash: "withdrawn at HARAKA". It may bear
    /// the name of a lender.
    pub(super) fn is_place(&mut self, moved: &Moved, party: &Party) -> bool {
        let index = moved.mention.sentence;
        let mark = party.from.checked_sub(1).map(|at| self.sentences[index].words[at]);
        let is_side = |mark: u16| mark == BEGIN || in_class(class::PARTY_IN, mark) || in_class(class::PARTY_OUT, mark);
        mark.is_some_and(|mark| !is_side(mark)) || self.sentence_says(index, pattern::CASH)
    }

    fn next_sentence_says(&mut self, index: usize, patterns: &[u16]) -> bool {
        index + 1 < self.sentences.len() && self.sentence_says(index + 1, patterns)
    }

    /// Whether a payment may be to a till or to a company: only later words tell, and the text has no balance.
    pub(super) fn is_half_a_payment(&mut self, moved: &Moved) -> bool {
        TILLS.contains(&self.row.id())
            && self.with_role(Role::Balance).next().is_none()
            && self.goes_on_with(&moved.mention, pattern::TILL)
    }

    /// The other side: the words behind "to", "from" and the like, up to the next date, amount, key or word for the
    /// reader. Empty if there is none.
    pub(super) fn party(&self, mention: &Mention) -> Party {
        let sentence = &self.sentences[mention.sentence];
        let (words, tokens) = (&sentence.words, &sentence.tokens);
        let own =
            |classes: &[Option<u16>], all: u16| mention.event.and_then(|event| classes[event.language]).unwrap_or(all);
        let mark = own(PARTY_MARKS, class::PARTY_MARK);
        let end = own(PARTY_ENDS, class::PARTY_END);
        let places = (mention.at + 1..words.len() - 1).chain(1..mention.at);
        let names = |at: usize| {
            let next = words[at + 1];
            in_class(mark, words[at])
                && !in_class(class::READER_WORD, next)
                && !in_class(class::ACCOUNT_NOUN, next)
                && !matches!(next, MASK | MONEY | DATE)
        };
        // "ACME has deducted": the subject is the other side, unless it is the institution.
        let actor = mention.event.is_some_and(|event| event.flags & flag::ACTOR != 0)
            && !is_own_name(self.row, self.skeleton.slice(&tokens[0]));
        let first = if actor {
            Some(0)
        } else {
            places.into_iter().find(|at| names(*at))
        };
        let Some(start) = first else {
            return Party::default();
        };
        let from = start + 1;
        let mut to = from;
        while to < words.len() - 1 {
            let word = words[to];
            let ends = matches!(word, DATE | MONEY) || (in_class(end, word) && to > from);
            if ends || in_class(class::READER_WORD, word) {
                break;
            }
            to += 1;
        }
        if to == from {
            return Party::default();
        }
        let (first, last) = (&tokens[from - 1], &tokens[to - 2]);
        let name = self.skeleton.text[first.start as usize..last.end as usize].replace('\n', " ");
        Party {
            name: name.trim().to_owned(),
            from,
            to,
        }
    }
}

/// The other side of a movement, and the range of its words in the sentence.
#[derive(Default)]
pub(super) struct Party {
    pub(super) name: String,
    pub(super) from: usize,
    pub(super) to: usize,
}
