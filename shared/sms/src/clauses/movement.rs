//! Movements of a wallet or a bank account, balances, and payments that failed for lack of funds.

use daftari_domain::vocabulary::NotFinancialCode;
use daftari_domain::{Impact, Label};
use daftari_sms_notation::clause::{BEGIN, END, MONEY, QUANTITY, UNKNOWN};

use super::context::{Context, Mention};
use super::moved::Moved;
use super::outcome::{Outcome, stop, stop_at};
use super::sentences::Sentence;
use super::skeleton::{Sign, Skeleton};
use super::tables::{Kind, Role, Strength, class, in_class, pattern};

impl Context<'_> {
    pub(crate) fn movement(&mut self) -> Outcome {
        self.try_movement().unwrap_or_else(|outcome| outcome)
    }

    pub(super) fn try_movement(&mut self) -> Result<Outcome, Outcome> {
        if let Some(mention) = self.mentions.iter().find(|mention| self.amount(mention).bad) {
            return stop_at("a malformed number", self.written(mention));
        }
        if let Some(mention) = self.mentions.iter().find(|mention| mention.ambiguous) {
            return stop_at("two events fit the amount", self.written(mention));
        }
        let asks = |sentence: &Sentence| sentence.asks && sentence.has_money;
        if let Some(index) = self.sentences.iter().position(asks) {
            return stop_at("a question", self.sentence_text(index));
        }
        if let Some(outcome) = self.lack_of_funds()? {
            return Ok(outcome);
        }
        let failed = self.says(pattern::FAILED);
        let mut events = self.events();
        if events.iter().any(|event| event.direction.is_none()) {
            if events.iter().all(|event| event.direction.is_none()) && self.unexplained().is_none() {
                return Ok(Outcome::Nothing(NotFinancialCode::AirtimeReceived));
            }
            return stop("airtime and money");
        }
        if events.is_empty() {
            events.extend(self.alert()?);
        }
        if events.is_empty() {
            events.extend(self.fee_as_event());
        }
        if failed && let Some(outcome) = self.failure(&events)? {
            return Ok(outcome);
        }
        if events.is_empty() {
            return self.balance_only(failed);
        }
        let moved = self.one_event(events)?;
        self.record(moved)
    }

    pub(super) fn written(&self, mention: &Mention) -> String {
        let token = &self.sentences[mention.sentence].tokens[mention.at - 1];
        self.skeleton.slice(token).to_owned()
    }

    /// The first sentence with a word of a class, apart from harmless sentences.
    fn sentence_with(&self, class: u16) -> Option<usize> {
        self.sentences
            .iter()
            .position(|sentence| !sentence.harmless && sentence.words.iter().any(|word| in_class(class, *word)))
    }

    /// The first amount without a role.
    pub(crate) fn unexplained(&self) -> Option<&Mention> {
        self.mentions.iter().find(|mention| mention.role.is_none())
    }

    pub(super) fn events(&self) -> Vec<Moved> {
        let told = self
            .mentions
            .iter()
            .filter_map(|mention| Some((mention, mention.event?)));
        told.map(|(mention, event)| Moved {
            mention: mention.clone(),
            event: Some(event),
            direction: event.direction,
            strength: event.strength,
        })
        .collect()
    }

    /// The movement of an alert such as `Amt: NGN500 DR`: a keyed amount, and one direction in signs or words.
    pub(super) fn alert(&mut self) -> Result<Option<Moved>, Outcome> {
        let mut amounts: Vec<Mention> = self.with_role(Role::Amount).cloned().collect();
        if amounts.is_empty() && self.unexplained().is_none() {
            let totals: Vec<Mention> = self.with_role(Role::Total).cloned().collect();
            if totals.len() == 1 {
                amounts = totals;
            }
        }
        let Some(first) = amounts.first().cloned() else {
            return Ok(None);
        };
        let mut told: Vec<Impact> = amounts
            .iter()
            .filter_map(|mention| {
                let amount = self.amount(mention);
                amount.marked.or(match amount.sign {
                    Sign::Minus => Some(Impact::Debit),
                    Sign::Plus => Some(Impact::Credit),
                    Sign::None => None,
                })
            })
            .collect();
        if told.is_empty() {
            told = self.directions(class::CREDIT_WORD, class::DEBIT_WORD);
            if told.len() > 1 {
                told = self.directions(class::CREDIT_MARK, class::DEBIT_MARK);
            }
            // "Payment made to CREDIT BANK": the words of a name state no direction.
            if told == [Impact::Credit] && self.says(pattern::PAID_OUT) {
                told.push(Impact::Debit);
            }
        }
        told.dedup();
        match told.as_slice() {
            [] => Ok(None),
            [direction] => {
                if amounts
                    .iter()
                    .any(|other| self.amount(other).value != self.amount(&first).value)
                {
                    return stop("two amounts");
                }
                Ok(Some(Moved {
                    mention: first,
                    event: None,
                    direction: Some(*direction),
                    strength: Strength::Account,
                }))
            }
            _ => stop("both directions"),
        }
    }

    /// The directions that the words state. "Credit card" states no direction.
    pub(super) fn directions(&self, credit: u16, debit: u16) -> Vec<Impact> {
        let mut found = Vec::new();
        for (at, word) in self.all.iter().enumerate() {
            let next = self.all.get(at + 1).copied().unwrap_or(END);
            let before = at.checked_sub(1).map_or(BEGIN, |at| self.all[at]);
            // "Txn: Debit Ac: 3XX..12X" states the direction behind a key.
            let keyed =
                in_class(class::CODE_SIGN, before) && at > 1 && in_class(class::TRANSACTION_KEY, self.all[at - 2]);
            if in_class(class::NO_DIRECTION_AFTER, next)
                && !keyed
                && (in_class(class::CREDIT_MARK, *word) || in_class(class::DEBIT_MARK, *word))
            {
                continue;
            }
            if in_class(class::NO_CREDIT_BEFORE, before) && in_class(class::CREDIT_MARK, *word) {
                continue;
            }
            for (class, impact) in [(credit, Impact::Credit), (debit, Impact::Debit)] {
                if in_class(class, *word) && !found.contains(&impact) {
                    found.push(impact);
                }
            }
        }
        found
    }

    /// The movement of a text whose only event is a fee.
    pub(super) fn fee_as_event(&mut self) -> Option<Moved> {
        if self.unexplained().is_some() || self.with_role(Role::Amount).next().is_some() {
            return None;
        }
        let fees: Vec<Mention> = self.with_role(Role::Fee).cloned().collect();
        let (mention, event) = fees.iter().find_map(|fee| Some((fee, self.fee_event(fee)?)))?;
        for known in &mut self.mentions {
            if known.amount == mention.amount {
                known.role = Some(Role::Event);
                known.event = Some(event);
            }
        }
        Some(Moved {
            mention: mention.clone(),
            event: Some(event),
            direction: event.direction,
            strength: event.strength,
        })
    }

    /// A debit that could not complete for lack of funds.
    pub(super) fn lack_of_funds(&mut self) -> Result<Option<Outcome>, Outcome> {
        // "… was declined. Reason: insufficient funds."
        let explained = self.says(pattern::FAILED) && self.narrations_say(pattern::INSUFFICIENT);
        if !(explained || self.says(pattern::INSUFFICIENT)) || self.says(pattern::INSUFFICIENT_ADVICE) {
            return Ok(None);
        }
        if self.row.kind == Kind::Lender {
            return stop("lack of funds at a lender");
        }
        // The unpaid amount stands in the sentence that states the failure. An event in another sentence is a separate
        // event, even one that no rule knows.
        let is_event = |mention: &&Mention| {
            let words = &self.sentences[mention.sentence].words;
            let unknown = mention.role.is_none() && words.iter().any(|word| in_class(class::EVENT_WORD, *word));
            unknown || mention.event.is_some() || mention.role == Some(Role::Amount)
        };
        let elsewhere: Vec<usize> = self
            .mentions
            .iter()
            .filter(is_event)
            .map(|mention| mention.sentence)
            .collect();
        // "You have received KES 500 from INSUFFICIENT FUNDS LTD."
        let done = self
            .events()
            .iter()
            .any(|event| event.strength < Strength::Done || event.direction == Some(Impact::Credit));
        let told = done
            || self.says(pattern::RECEIPT_BEGINS)
            || elsewhere.into_iter().any(|sentence| {
                !self.sentence_says(sentence, pattern::INSUFFICIENT) && !self.sentence_says(sentence, pattern::FAILED)
            });
        let marked = self
            .mentions
            .iter()
            .any(|mention| mention.role != Some(Role::Balance) && self.amount(mention).marked.is_some());
        if told || marked {
            return stop("an event and lack of funds");
        }
        if let Some((_, words)) = self.guard(
            &["refused", "undone", "not yet", "due", "asked for", "conditional"],
            None,
        ) {
            return stop_at("somebody else's", words);
        }
        if let Some(name) = self.name_with(pattern::INSUFFICIENT) {
            return stop_at("a lack of funds that may be a name", name);
        }
        let balance = self.own_balance()?;
        let mut draft = self.draft(None, None, balance.as_ref())?;
        draft.labels = draft.labels.with(Label::InsufficientFunds);
        Ok(Some(self.read("clauses/insufficient_funds", vec![draft])))
    }

    /// An amount without a role that may have moved, although the text states a failure: "DECLINED MOTORS has received
    /// KES 500 from your account". A refused event moved nothing: the verdict stands before it, in small letters.
    fn perhaps_moved(&mut self) -> Option<&Mention> {
        let (matcher, skeleton) = (&mut self.matcher, self.skeleton);
        let mut unexplained = self.mentions.iter().filter(|mention| mention.role.is_none());
        unexplained.find(|mention| {
            let sentence = &self.sentences[mention.sentence];
            let mut covered = vec![false; sentence.words.len()];
            matcher.cover(pattern::FAILED, &sentence.possible, &sentence.words, &mut covered);
            let mut told = (1..sentence.words.len()).filter(|at| in_class(class::EVENT_WORD, sentence.words[*at]));
            let is_refused = |at: usize| at > 1 && covered[at - 1] && !has_capital(skeleton, sentence, at - 1);
            told.any(|at| !covered[at] && !is_refused(at))
        })
    }

    /// Words of `patterns` that may be part of a name: "from INSUFFICIENT FUNDS TRADING". Beside them is a word that no
    /// rule knows, or, where capitals distinguish names, another word with a capital or one that introduces a name.
    fn name_with(&mut self, patterns: &[u16]) -> Option<String> {
        let text = &self.skeleton.text;
        let cased = text.contains(char::is_lowercase) && text.contains(char::is_uppercase);
        for sentence in self.sentences.iter().filter(|sentence| !sentence.harmless) {
            let words = &sentence.words;
            let mut covered = vec![false; words.len()];
            self.matcher.cover(patterns, &sentence.possible, words, &mut covered);
            let capital = |at: usize| has_capital(self.skeleton, sentence, at);
            let begins = (1..words.len()).filter(|at| covered[*at] && !covered[*at - 1]);
            for start in begins {
                let end = (start..words.len()).find(|at| !covered[*at]).unwrap_or(words.len());
                let behind = words.get(end).copied().unwrap_or(END);
                let titled = capital(end) && behind != MONEY && !in_class(class::BALANCE, behind);
                let introduced = in_class(class::PARTY_MARK, words[start - 1]);
                let is_name = if cased {
                    capital(start) && (behind == UNKNOWN || titled || introduced)
                } else {
                    behind == UNKNOWN
                };
                if is_name {
                    return Some(self.words_at(sentence, (start, end)));
                }
            }
        }
        None
    }

    /// The outcome of a failure for another reason than lack of funds; `None` if the text is not such a failure. The
    /// failure moves no money. A balance that the text states is recorded.
    pub(super) fn failure(&mut self, events: &[Moved]) -> Result<Option<Outcome>, Outcome> {
        if self.says(pattern::REVERSAL_SAID)
            || events
                .iter()
                .any(|event| event.strength < Strength::Done && event.event.is_some())
        {
            return Ok(None);
        }
        if self.says(pattern::UNDONE) {
            return Ok(None);
        }
        if let Some((_, words)) = self.guard(
            &["refused", "undone", "not yet", "due", "asked for", "conditional"],
            None,
        ) {
            return stop_at("somebody else's", words);
        }
        if self.with_role(Role::Balance).next().is_some() {
            if !events.is_empty() || self.says(pattern::RECEIPT_CONFIRMED) {
                return stop("an event beside a failure");
            }
            if let Some(mention) = self.perhaps_moved().cloned() {
                return stop_at("a failure, and no role for", self.written(&mention));
            }
            if let Some(name) = self.name_with(pattern::FAILED) {
                return stop_at("a failure that may be a name", name);
            }
            let balance = self.own_balance()?;
            let draft = self.draft(None, None, balance.as_ref())?;
            if draft.balance.is_some() {
                return Ok(Some(self.read("clauses/failed", vec![draft])));
            }
            return stop("a failure with a balance that cannot be read");
        }
        Ok(Some(Outcome::Nothing(NotFinancialCode::Failed)))
    }

    /// The outcome of a text without an event: its balance, if it states nothing else.
    pub(super) fn balance_only(&mut self, failed: bool) -> Result<Outcome, Outcome> {
        if let Some(mention) = self.unexplained() {
            return stop_at("no role for", self.written(mention));
        }
        if let Some(mention) = self.with_role(Role::Amount).next() {
            return stop_at("an amount without a direction", self.written(mention));
        }
        let owed = |mention: &&Mention| matches!(mention.role, Some(Role::Debt | Role::Draw | Role::Due));
        if let Some(mention) = self.mentions.iter().find(owed) {
            return stop_at("a debt without an event", self.written(mention));
        }
        if self.with_role(Role::Balance).next().is_none() {
            return if failed {
                Ok(Outcome::Nothing(NotFinancialCode::Failed))
            } else {
                stop("no event")
            };
        }
        if self
            .narrations
            .iter()
            .any(|narration| tells_of_an_event(&narration.words))
        {
            return stop("a balance, and free text that tells of an event");
        }
        let reversed = self.says(pattern::REVERSED_ALONE);
        if let Some(index) = self.sentence_with(class::EVENT_WORD)
            && !reversed
        {
            return stop_at(
                "a balance, and words of an event that was not understood",
                self.sentence_text(index),
            );
        }
        if let Some(index) = self.sentence_with(class::EVENT_NOUN)
            && !self.says(pattern::INQUIRY)
        {
            return stop_at(
                "a balance, and words of an event that was not understood",
                self.sentence_text(index),
            );
        }
        let addressed = self.sentences.iter().position(|sentence| {
            let told = sentence.words.iter().any(|word| in_class(class::READER, *word));
            !sentence.has_money && !sentence.harmless && !sentence.opener && told
        });
        if let Some(index) = addressed.filter(|_| !reversed) {
            return stop_at(
                "a balance, and words to the reader that were not understood",
                self.sentence_text(index),
            );
        }
        if self.says(pattern::AIRTIME) || self.all.contains(&QUANTITY) {
            return stop("a balance, perhaps of airtime");
        }
        if self.says(pattern::BALANCE_CONDITION) {
            return stop("a balance under a condition");
        }
        if let Some((name, words)) = self.guard(if reversed { &["undone"] } else { &[] }, None) {
            return stop_at(name, words);
        }
        self.check_words(None, None, reversed)?;
        let balance = self.own_balance()?;
        let draft = self.draft(None, None, balance.as_ref())?;
        if draft.balance.is_none() {
            return stop("a balance that is masked");
        }
        Ok(self.read("clauses/balance", vec![draft]))
    }

    /// The one movement that the events state. They must agree on value and direction. The event with the strongest tie
    /// to the reader counts.
    pub(super) fn one_event(&mut self, mut events: Vec<Moved>) -> Result<Moved, Outcome> {
        // Moves the strongest to the front. A sort would be compiled into 30 KB.
        let strongest = (0..events.len())
            .min_by_key(|at| events[*at].strength)
            .unwrap_or_default();
        events[..=strongest].rotate_right(1);
        let moved = events[0].clone();
        let value = self.amount(&moved.mention).value;
        for other in &events[1..] {
            if other.direction != moved.direction {
                return stop_at("two directions", format!("{} and {}", moved.name(), other.name()));
            }
            if self.amount(&other.mention).value != value {
                return stop_at(
                    "two events",
                    format!("{} and {}", self.written(&moved.mention), self.written(&other.mention)),
                );
            }
        }
        if let Some(other) = self
            .with_role(Role::Amount)
            .find(|other| self.amount(other).value != value)
        {
            return stop_at("another amount", self.written(other));
        }
        if moved.event.is_some()
            && self
                .with_role(Role::Amount)
                .any(|other| other.sentence != moved.mention.sentence)
        {
            return stop("an event, and an amount elsewhere");
        }
        if let Some(mention) = self.unexplained() {
            return stop_at("no role for", self.written(mention));
        }
        if value.is_none() {
            return stop("a masked amount");
        }
        Ok(moved)
    }
}

/// Whether free text may hide an event, because a sentence of the institution was taken for free text.
fn tells_of_an_event(words: &[u16]) -> bool {
    let told = |word: &u16| *word == MONEY || in_class(class::EVENT_WORD, *word) || in_class(class::EVENT_NOUN, *word);
    words.iter().any(told)
}

/// Whether the word at a place of a sentence begins with a capital.
fn has_capital(skeleton: &Skeleton, sentence: &Sentence, at: usize) -> bool {
    let token = at.checked_sub(1).and_then(|at| sentence.tokens.get(at));
    token.is_some_and(|token| skeleton.slice(token).starts_with(char::is_uppercase))
}
