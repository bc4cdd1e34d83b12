//! The institution that keeps an account: "your ABYSSINIA account" in a text of another bank.
//!
//! The bank and the wallet of one person write about the same movement. Only the message of the institution that keeps
//! the account may record it.

use std::ops::Range;

use daftari_domain::Impact;
use daftari_sms_notation::clause::{DATE, END, LINK, LONG, MASK, MONEY};
use daftari_sms_notation::sender::sender_key;

use super::context::Context;
use super::moved::Moved;
use super::senders::names_another;
use super::sentences::Sentence;
use super::tables::{Kind, class, in_class, is_unknown};

/// Most words between "your" and the noun of the account.
const MOST_WORDS_BEFORE: usize = 5;
/// Most words of the institution's name behind the account.
const MOST_WORDS_BEHIND: usize = 3;

/// The institution that keeps an account of the reader.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeper {
    /// The institution of the message.
    This,
    Another,
    Unknown,
}

impl Context<'_> {
    /// The words for an account of the reader at another institution, or for airtime, if the money moved there: "your
    /// M-PESA". `None` if it did not.
    pub(super) fn account_at_another(&self, moved: &Moved) -> Option<&str> {
        let sentence = &self.sentences[moved.mention.sentence];
        let yours = (1..sentence.words.len() - 1)
            .filter(|at| in_class(class::YOURS, sentence.words[*at]))
            .find(|at| !is_other_side(sentence, *at, moved.direction) && self.is_of_another(sentence, *at))?;
        Some(self.phrase_of(sentence, yours))
    }

    /// Whether another institution keeps the account of the reader that the money of a loan moved on. "Your Vooma
    /// wallet" in a text of a bank may be a product of the bank.
    pub(super) fn is_elsewhere(&self, moved: &Moved) -> bool {
        let sentence = &self.sentences[moved.mention.sentence];
        let mut yours = (1..sentence.words.len() - 1).filter(|at| in_class(class::YOURS, sentence.words[*at]));
        yours.any(|at| {
            !is_other_side(sentence, at, moved.direction)
                && (self.keeper(sentence, at) == Keeper::Another
                    || (self.is_of_another(sentence, at) && !is_unknown(sentence.words[at + 1])))
        })
    }

    /// The direction of a transfer between accounts of the reader at this institution and at another one: "from your
    /// KCB account to your Wave". `None` unless the text names both institutions.
    pub(super) fn between_institutions(&self, sentence: usize) -> Option<Impact> {
        let sentence = &self.sentences[sentence];
        let from = next_yours(sentence, 1)?;
        let to = next_yours(sentence, from + 1)?;
        if next_yours(sentence, to + 1).is_some() {
            return None;
        }
        match (self.keeper(sentence, from), self.keeper(sentence, to)) {
            (Keeper::Another, Keeper::This) => Some(Impact::Credit),
            (Keeper::This, Keeper::Another) => Some(Impact::Debit),
            _ => None,
        }
    }

    /// Whether the money came from, or went to, an account of the reader at another institution that the text names.
    pub(super) fn is_with_another(&self, moved: &Moved) -> bool {
        let sentence = &self.sentences[moved.mention.sentence];
        let mut from = 1;
        while let Some(at) = next_yours(sentence, from) {
            if is_other_side(sentence, at, moved.direction) && self.keeper(sentence, at) == Keeper::Another {
                return true;
            }
            from = at + 1;
        }
        false
    }

    /// The institution that keeps the account of the "your" at a place, by the name directly behind it.
    fn keeper(&self, sentence: &Sentence, yours: usize) -> Keeper {
        let (mut name, mut of_bank) = (String::new(), false);
        for (word, token) in sentence.words[yours + 1..].iter().zip(&sentence.tokens[yours..]) {
            let of = |class: u16| in_class(class, *word);
            if matches!(*word, MONEY | DATE | MASK | LONG | LINK) || of(class::INTO) || of(class::YOURS) {
                break;
            }
            if of(class::BANK_NOUN) {
                of_bank = true;
            } else if !of(class::ACCOUNT_NOUN) {
                name.push_str(self.skeleton.slice(token));
            }
        }
        let key = sender_key(&name);
        if self.row.names().split(' ').any(|name| name == key) {
            Keeper::This
        } else if names_another(self.row, self.country.code, &[key.as_str()])
            || (of_bank && key.is_empty() && self.row.kind == Kind::Wallet)
        {
            Keeper::Another
        } else {
            Keeper::Unknown
        }
    }

    /// "Your" with the word behind it and the noun of the account.
    fn phrase_of(&self, sentence: &Sentence, yours: usize) -> &str {
        let (words, last) = (&sentence.words, sentence.words.len() - 2);
        let is_noun = |at: usize| in_class(class::ACCOUNT_NOUN, words[at]);
        let first = if yours > 1 && is_noun(yours - 1) {
            yours - 1
        } else {
            yours
        };
        let next = last.min(yours + 1);
        let end = if next < last && is_noun(next + 1) {
            next + 1
        } else {
            next
        };
        let (from, to) = (&sentence.tokens[first - 1], &sentence.tokens[end - 1]);
        &self.skeleton.text[from.start as usize..to.end as usize]
    }

    /// Whether another institution keeps the account that the "your" at a place belongs to.
    fn is_of_another(&self, sentence: &Sentence, yours: usize) -> bool {
        let words = &sentence.words;
        let last = words.len() - 1;
        // "Your KCB account", "akaunti yako", or one word for "your" and the noun.
        let crosses =
            |at: &usize| *at > yours && (in_class(class::INTO, words[*at]) || in_class(class::YOURS, words[*at]));
        let mut phrase = (yours..last.min(yours + 1 + MOST_WORDS_BEFORE)).take_while(|at| !crosses(at));
        let noun = phrase.find(|at| {
            in_class(class::ACCOUNT_NOUN, words[*at])
                || (*at > yours
                    && in_class(class::LINE_NOUN, words[*at])
                    // "Your airtime purchase".
                    && !in_class(class::OUT_NOUN, words[*at + 1]))
        });
        // "Your savings account".
        let whole = |noun: usize| {
            let more = (noun + 1..last).take_while(|at| in_class(class::ACCOUNT_NOUN, words[*at]));
            more.last().unwrap_or(noun)
        };
        let (first, noun) = match noun {
            Some(noun) => (yours + 1, whole(noun)),
            None if yours > 1 && in_class(class::ACCOUNT_NOUN, words[yours - 1]) => (yours, yours),
            // "Your M-PESA": the operator stands for its account.
            None if in_class(class::OPERATOR, words[yours + 1]) => {
                let key = sender_key(self.skeleton.slice(&sentence.tokens[yours]));
                return self.row.kind == Kind::Bank && !self.row.names().contains(&key);
            }
            None => return false,
        };
        if in_class(class::LINE_NOUN, words[noun]) {
            return true;
        }
        let behind = self.place_behind(sentence, noun.max(yours) + 1);
        // The noun may be a part of the name: "your M-PESA account", "your OPay wallet".
        let places: Vec<usize> = (first..noun).chain(behind.clone()).collect();
        let written = |at: usize| self.skeleton.slice(&sentence.tokens[at - 1]);
        let named: Vec<&str> = places.iter().map(|at| written(*at)).collect();
        let own = |at: &usize| {
            let key = sender_key(written(*at));
            key.len() > 1 && self.row.names().contains(&key)
        };
        let with_noun = places.iter().copied().chain([noun]);
        let foreign = |at: usize| {
            let word = words[at];
            match self.row.kind {
                Kind::Bank => in_class(class::OPERATOR, word),
                Kind::Wallet => in_class(class::BANK_NOUN, word) || in_class(class::BANK_CARD, word),
                _ => false,
            }
        };
        // A pocket of a wallet has an account of its own, even under the operator's name: "your M-Shwari account".
        if self.row.kind == Kind::Wallet && places.iter().any(|at| in_class(class::POCKET, words[*at])) {
            return true;
        }
        if !places.iter().chain([&noun]).any(own) && with_noun.into_iter().any(foreign) {
            return true;
        }
        // "Your KPLC account" is the customer account of a company.
        let named_so = |at: usize| {
            let word = written(at);
            word.starts_with(|c: char| c.is_ascii_uppercase())
                && !(in_class(class::ACCOUNT_KIND, words[at]) || in_class(class::NAMED_ACCOUNT, words[at]))
                && !own(&at)
        };
        let company = (first..noun).any(named_so)
            || (!in_class(class::YOURS_BEFORE_NAME, words[yours])
                && behind
                    .clone()
                    .any(|at| named_so(at) && !in_class(class::STOP, words[at])));
        if company && !places.iter().any(own) {
            return true;
        }
        let placed = behind.into_iter().any(|at| in_class(class::BANK_NOUN, words[at]));
        (placed && !places.iter().any(own)) || names_another(self.row, self.country.code, &named)
    }

    /// The places of a name behind an account: "at Equity Bank", "ya NMB". Empty if there is none.
    fn place_behind(&self, sentence: &Sentence, from: usize) -> Range<usize> {
        let words = &sentence.words;
        let begins = from < words.len() && in_class(class::AT_INSTITUTION, words[from]);
        // "Votre compte Orange Money". A script without capitals has no small words before a name.
        let bare = from < words.len() - 1 && {
            let written = self.skeleton.slice(&sentence.tokens[from - 1]);
            !written.is_ascii() || written.starts_with(|c: char| c.is_ascii_uppercase())
        };
        if !begins && !bare {
            return from..from;
        }
        let start = from + usize::from(begins);
        let ends = |at: usize| matches!(words[at], MONEY | DATE | MASK | LONG | LINK | END);
        let end = (start..words.len().min(start + MOST_WORDS_BEHIND)).find(|at| ends(*at));
        start..end.unwrap_or((words.len() - 1).min(start + MOST_WORDS_BEHIND))
    }
}

/// The first "your" of a sentence from a place on.
fn next_yours(sentence: &Sentence, from: usize) -> Option<usize> {
    (from..sentence.words.len()).find(|at| in_class(class::YOURS, sentence.words[*at]))
}

/// Whether the account of the "your" at a place is on the other side of the movement: "sent to your KCB account",
/// "received from your bank account".
fn is_other_side(sentence: &Sentence, yours: usize, direction: Option<Impact>) -> bool {
    let before = [yours.checked_sub(1), yours.checked_sub(2)];
    let side = match direction {
        Some(Impact::Credit) => class::OUT_OF,
        _ => class::INTO,
    };
    let says = |at: &Option<usize>| at.is_some_and(|at| in_class(side, sentence.words[at]));
    // The noun may stand between: "kwenda akaunti yako".
    says(&before[0])
        || (before[0].is_some_and(|at| in_class(class::ACCOUNT_NOUN, sentence.words[at])) && says(&before[1]))
}
