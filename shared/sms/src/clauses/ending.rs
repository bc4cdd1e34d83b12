//! Texts that may have been cut: in a number, or within a sentence.

use daftari_sms_notation::clause::{DATE, END, LINK, LONG, MASK, MONEY, NUMBER, REFERENCE, UNKNOWN};
use daftari_sms_notation::sender::sender_key;

use super::context::{Context, is_pocket};
use super::money::is_whole;
use super::outcome::{Outcome, stop};
use super::tables::{BALANCES_WITH_CENTS, Kind, Role, SOMETIMES, class, in_class, pattern};
use crate::words::WORDS;

impl Context<'_> {
    /// Stops at a text that may have been cut within its last sentence. A text that ends within a sentence is accepted
    /// only if that sentence neither states an event nor begins to name an account for the record.
    pub(crate) fn check_end(&mut self) -> Result<(), Outcome> {
        let text = self.skeleton.text.trim_end();
        let closed_by_mark = text
            .ends_with(|c: char| !c.is_alphanumeric() && !matches!(c, ',' | '-' | '/' | '(' | ':' | '*' | '&' | '\''));
        let last_word = self.skeleton.tokens.last().map_or(UNKNOWN, |token| token.word);
        let Some(last) = self.sentences.len().checked_sub(1) else {
            return Ok(());
        };
        if !closed_by_mark && self.sentence_says(last, pattern::BROKEN_OFF) {
            return stop("cut short");
        }
        // A wallet that has stated its balance has shown whose account it is.
        let balanced = self.row.kind == Kind::Wallet
            && self
                .mentions
                .iter()
                .any(|mention| mention.role == Some(Role::Balance) && !is_pocket(&mention.about));
        if balanced
            && !self.sentences[last]
                .words
                .iter()
                .any(|word| in_class(class::POCKET, *word))
        {
            return Ok(());
        }
        let ends_in_balance = last_word == MONEY
            && self
                .mentions
                .last()
                .is_some_and(|mention| !matches!(mention.role, None | Some(Role::Event | Role::Amount)));
        if closed_by_mark || last_word == LINK || ends_in_balance || self.sentences[last].harmless {
            return Ok(());
        }
        // A number to call ends an advertisement.
        if !self.sentences[last].has_money && self.sentence_says(last, pattern::ADVERT) {
            return Ok(());
        }
        // The institution's signature ends a text too, even if the name is also the name of a pocket.
        if self.is_signature(last) {
            return Ok(());
        }
        // A date or the number of the transaction ends a sentence that has shown whose account it is.
        if (last_word == DATE || self.ends_in_number_of_transaction())
            && (self.with_role(Role::Balance).next().is_some() || self.own_account().is_some())
        {
            return Ok(());
        }
        let told = self.mentions.iter().any(|mention| {
            let counts = !matches!(
                mention.role,
                Some(Role::Limit | Role::Advertisement | Role::Fee | Role::Total | Role::Due)
            );
            mention.sentence == last && counts
        });
        // "Reference No.: 2579…" is a number of the transaction.
        let sentence = &self.sentences[last];
        let numbers_transaction = sentence
            .words
            .first_chunk::<2>()
            .is_some_and(|[_, first]| in_class(class::TRANSACTION_KEY, *first))
            && sentence.words[1..].iter().all(|word| {
                matches!(*word, LONG | REFERENCE | NUMBER | END) || in_class(class::TRANSACTION_KEY, *word)
            });
        if numbers_transaction && !told {
            return Ok(());
        }
        let names_account = sentence.words.iter().any(|word| {
            in_class(class::ACCOUNT_NOUN, *word) || in_class(class::POCKET, *word) || matches!(*word, MASK | LONG)
        });
        let begun = self.sentence_says(last, pattern::BEGUN);
        if told || names_account || begun {
            stop("cut short")
        } else {
            Ok(())
        }
    }

    /// Whether a sentence holds only names of the institution.
    fn is_signature(&self, sentence: usize) -> bool {
        let own = |name: &str| name.len() > 2 && self.row.names().contains(name);
        let mut names = self.sentences[sentence].tokens.iter();
        names.all(|token| own(&sender_key(self.skeleton.slice(token))))
    }

    /// Whether the text ends in a key of the transaction and its number.
    fn ends_in_number_of_transaction(&self) -> bool {
        let mut words = self.skeleton.tokens.iter().rev().map(|token| token.word);
        let number = words.next().is_some_and(|word| matches!(word, LONG | REFERENCE));
        number && words.next().is_some_and(|word| in_class(class::TRANSACTION_KEY, word))
    }

    /// Stops if the last number of a message may be cut off: something must close it. Returns whether the number is a
    /// balance whose cents may be missing all the same, so that it is not known.
    pub(crate) fn check_cut(&mut self) -> Result<bool, Outcome> {
        if let Some(last) = self.sentences.len().checked_sub(1)
            && self.sentence_says(last, pattern::CUT_BALANCE)
        {
            return stop("cut short before a balance");
        }
        let Some(last) = self.mentions.last() else {
            return Ok(false);
        };
        let last_is_balance = last.role == Some(Role::Balance);
        let amount = self.amount(last);
        let unimportant = matches!(
            last.role,
            Some(Role::Fee | Role::Limit | Role::Advertisement | Role::Due | Role::Total | Role::OtherBalance)
        );
        if amount.masked || unimportant {
            return Ok(false);
        }
        let text = self.skeleton.text.trim_end();
        let tail = text.get(amount.end..).unwrap_or_default();
        let after = tail.trim_start();
        let after = without_mark(after);
        if after.contains(|c: char| c.is_alphanumeric()) {
            return Ok(false);
        }
        if matches!(after, "," | "-" | "/" | "+") {
            return stop("cut short");
        }
        if !after.is_empty() && !after.starts_with('.') {
            return Ok(false);
        }
        let dot = after.starts_with('.');
        if amount.marked.is_some() {
            return Ok(false);
        }
        // A currency behind the number closes it.
        let digits_end = text[..amount.end].ends_with(|c: char| c.is_ascii_digit());
        if !digits_end {
            return Ok(false);
        }
        let mut others: Vec<_> = self.mentions[..self.mentions.len() - 1]
            .iter()
            .map(|mention| self.amount(mention))
            .filter(|amount| amount.value.is_some() && amount.code.is_some())
            .collect();
        // "Fee UGX 500.0 Bal UGX 276,767.": only numbers with groups of thousands are written alike.
        let mixed = amount.grouped
            && !amount.cents
            && others.iter().any(|other| other.grouped)
            && others.iter().any(|other| other.cents && !other.grouped);
        if mixed {
            others.retain(|other| other.grouped);
        }
        let decimals = text[..amount.end].rsplit(['.', ',']).next().map_or(0, str::len);
        let closed = if amount.cents {
            let like_others = others.iter().any(|other| other.cents && other.comma == amount.comma);
            match (dot, amount.comma) {
                (true, false) => decimals == 2 || !self.country.comma || (self.country.four_decimals && decimals == 4),
                (true, true) => true,
                (false, _) if self.country.four_decimals => decimals == 4,
                (false, true) => decimals == 2 && like_others,
                (false, false) => decimals == 2 && (!self.country.comma || amount.grouped || like_others),
            }
        } else {
            let code = amount
                .code
                .filter(|code| !code.is_empty())
                .or(self.country.currency)
                .unwrap_or_default();
            let all_whole = !others.is_empty() && others.iter().all(|other| !other.cents);
            let whole = is_whole(code);
            let sometimes = SOMETIMES.contains(&code);
            let small = !amount.grouped && others.iter().any(|other| other.grouped);
            if dot && sometimes && amount.grouped && !all_whole && !others.is_empty() {
                false
            } else if dot
                && ((whole && small) || (last_is_balance && !amount.grouped && BALANCES_WITH_CENTS.contains(&code)))
            {
                // "3." may go on as "3.500", and "5031." as "5031.88".
                false
            } else if dot {
                (all_whole && (others.len() >= 2 || amount.grouped || whole))
                    || (others.is_empty() && whole && !sometimes)
            } else {
                all_whole && text.contains('\n') && amount.grouped
            }
        };
        if closed {
            // "Bal UGX 276,767." beside "Fee UGX 500.0": cents may be missing.
            Ok(mixed && dot && last_is_balance)
        } else {
            stop("cut short in its last number")
        }
    }
}

/// A text without the mark of the direction that it begins with. The mark counts in capitals only.
fn without_mark(text: &str) -> &str {
    let marks = WORDS.debit_marks.iter().chain(WORDS.credit_marks);
    let rests = marks.filter_map(|mark| {
        let (head, rest) = text.split_at_checked(mark.len())?;
        let written = head.eq_ignore_ascii_case(mark) && !head.contains(char::is_lowercase);
        written.then_some(rest)
    });
    rests.min_by_key(|rest| rest.len()).unwrap_or(text)
}
