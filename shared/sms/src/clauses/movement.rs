//! Movements of a wallet or a bank account, balances, and payments that failed for lack of funds.

use daftari_domain::{AccountType, Currency, Impact, Label, LabelSet, Money};
use daftari_sms_notation::clause::{
    BEGIN, DATE, END, LINK, LONG, MASK, MONEY, NUMBER, QUANTITY, REFERENCE, UNKNOWN,
};

use super::context::{Context, Mention};
use super::guards::Spared;
use super::skeleton::Sign;
use super::tables::{
    Event, INTERNATIONAL, Kind, PARTY_ENDS, PARTY_MARKS, Role, SOMETIMES, Strength, class, flag,
    in_class, pattern,
};
use super::{Outcome, Read};
use crate::counterparty::{labels_of_name, labels_of_narration};
use crate::records::Draft;
use crate::tables::TILLS;

/// An event with the amount it moves.
#[derive(Clone)]
struct Moved {
    mention: Mention,
    /// The rule that told it; none for an alert, whose amount and direction stand apart.
    event: Option<&'static Event>,
    direction: Option<Impact>,
    strength: Strength,
}

impl Moved {
    fn has(&self, flag: u16) -> bool {
        self.event.is_some_and(|event| event.flags & flag != 0)
    }

    fn name(&self) -> &'static str {
        self.event.map_or("clauses/alert", |event| event.name)
    }
}

fn stop<T>(why: impl Into<String>) -> Result<T, Outcome> {
    Err(Outcome::Stopped(why.into()))
}

impl Context<'_> {
    pub(crate) fn movement(&mut self) -> Outcome {
        self.try_movement().unwrap_or_else(|outcome| outcome)
    }

    fn try_movement(&mut self) -> Result<Outcome, Outcome> {
        if self.mentions.iter().any(|mention| self.amount(mention).bad) {
            return stop("a number that is none");
        }
        if let Some(mention) = self.mentions.iter().find(|mention| mention.ambiguous) {
            return stop(format!(
                "two events fit the amount {}",
                self.written(mention)
            ));
        }
        if self
            .sentences
            .iter()
            .any(|sentence| sentence.asks && sentence.has_money)
        {
            return stop("a question");
        }
        if let Some(outcome) = self.lack_of_funds()? {
            return Ok(outcome);
        }
        let failed = self.says(pattern::FAILED);
        let mut events = self.events();
        if events.iter().any(|event| event.direction.is_none()) {
            if events.iter().all(|event| event.direction.is_none()) && self.unexplained().is_none()
            {
                return Ok(Outcome::Nothing("airtime given to the reader"));
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

    fn written(&self, mention: &Mention) -> String {
        let token = &self.sentences[mention.sentence].tokens[mention.at - 1];
        self.skeleton.slice(token).to_owned()
    }

    /// The first amount without a role.
    pub(crate) fn unexplained(&self) -> Option<&Mention> {
        self.mentions.iter().find(|mention| mention.role.is_none())
    }

    fn events(&self) -> Vec<Moved> {
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

    /// `Amt: NGN500 DR`: a keyed amount, and one direction in signs or words.
    fn alert(&mut self) -> Result<Option<Moved>, Outcome> {
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

    /// Which directions the words tell. "Credit card" tells none.
    fn directions(&self, credit: u16, debit: u16) -> Vec<Impact> {
        let mut found = Vec::new();
        for (at, word) in self.all.iter().enumerate() {
            let next = self.all.get(at + 1).copied().unwrap_or(END);
            let before = at.checked_sub(1).map_or(BEGIN, |at| self.all[at]);
            if in_class(class::NO_DIRECTION_AFTER, next)
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

    fn fee_as_event(&mut self) -> Option<Moved> {
        if self.unexplained().is_some() || self.with_role(Role::Amount).next().is_some() {
            return None;
        }
        let fees: Vec<Mention> = self.with_role(Role::Fee).cloned().collect();
        let (mention, event) = fees
            .iter()
            .find_map(|fee| Some((fee, self.fee_event(fee)?)))?;
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
    fn lack_of_funds(&mut self) -> Result<Option<Outcome>, Outcome> {
        if !self.says(pattern::INSUFFICIENT) || self.says(pattern::INSUFFICIENT_ADVICE) {
            return Ok(None);
        }
        if self.row.kind == Kind::Lender {
            return stop("lack of funds at a lender");
        }
        // What could not be paid stands in the sentence that says so; an event in another one is another event.
        let elsewhere: Vec<usize> = self
            .mentions
            .iter()
            .filter(|mention| mention.event.is_some() || mention.role == Some(Role::Amount))
            .map(|mention| mention.sentence)
            .collect();
        let told = self.says(pattern::RECEIPT_BEGINS)
            || elsewhere.into_iter().any(|sentence| {
                !self.sentence_says(sentence, pattern::INSUFFICIENT)
                    && !self.sentence_says(sentence, pattern::FAILED)
            });
        let marked = self.mentions.iter().any(|mention| {
            mention.role != Some(Role::Balance) && self.amount(mention).marked.is_some()
        });
        if told || marked {
            return stop("an event and lack of funds");
        }
        if let Some((_, words)) = self.guard(
            &["refused", "undone", "not yet", "asked for", "conditional"],
            None,
        ) {
            return stop(format!("somebody else's: {words}"));
        }
        let balance = self.own_balance()?;
        let mut draft = self.draft(None, None, balance.as_ref())?;
        draft.labels = draft.labels.with(Label::InsufficientFunds);
        Ok(Some(self.read("clauses/insufficient_funds", vec![draft])))
    }

    /// A failure for another reason moves nothing; a balance that it states is one.
    fn failure(&mut self, events: &[Moved]) -> Result<Option<Outcome>, Outcome> {
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
            &["refused", "undone", "not yet", "asked for", "conditional"],
            None,
        ) {
            return stop(format!("somebody else's: {words}"));
        }
        if self.with_role(Role::Balance).next().is_some() {
            if !events.is_empty() {
                return stop("an event beside a failure");
            }
            let balance = self.own_balance()?;
            let draft = self.draft(None, None, balance.as_ref())?;
            if draft.balance.is_some() {
                return Ok(Some(self.read("clauses/failed", vec![draft])));
            }
            return stop("a failure with a balance that cannot be read");
        }
        Ok(Some(Outcome::Nothing("a failure")))
    }

    fn balance_only(&mut self, failed: bool) -> Result<Outcome, Outcome> {
        if let Some(mention) = self.unexplained() {
            return stop(format!("no role for {}", self.written(mention)));
        }
        if self.with_role(Role::Amount).next().is_some() {
            return stop("an amount without a direction");
        }
        if self
            .with_role(Role::Debt)
            .chain(self.with_role(Role::Draw))
            .chain(self.with_role(Role::Due))
            .next()
            .is_some()
        {
            return stop("a debt without an event");
        }
        if self.with_role(Role::Balance).next().is_none() {
            return if failed {
                Ok(Outcome::Nothing("a failure"))
            } else {
                stop("no event")
            };
        }
        let lost = |word: &u16| in_class(class::EVENT_WORD, *word);
        let reversed = self.says(pattern::REVERSED_ALONE);
        if self.all.iter().any(lost) && !reversed {
            return stop("a balance, and words of an event that was not understood");
        }
        if self
            .all
            .iter()
            .any(|word| in_class(class::EVENT_NOUN, *word))
            && !self.says(pattern::INQUIRY)
        {
            return stop("a balance, and words of an event that was not understood");
        }
        let addressed = self.sentences.iter().any(|sentence| {
            let told = sentence
                .words
                .iter()
                .any(|word| in_class(class::READER, *word));
            !sentence.has_money && !sentence.harmless && !sentence.opener && told
        });
        if addressed && !reversed {
            return stop("a balance, and words to the reader that were not understood");
        }
        if self.says(pattern::AIRTIME) || self.all.contains(&QUANTITY) {
            return stop("a balance, perhaps of airtime");
        }
        if self.says(pattern::BALANCE_CONDITION) {
            return stop("a balance under a condition");
        }
        if let Some((name, words)) = self.guard(if reversed { &["undone"] } else { &[] }, None) {
            return stop(format!("{name}: {words}"));
        }
        let balance = self.own_balance()?;
        let draft = self.draft(None, None, balance.as_ref())?;
        if draft.balance.is_none() {
            return stop("a balance that is masked");
        }
        Ok(self.read("clauses/balance", vec![draft]))
    }

    /// One value and one direction; the best tied of those that say the same.
    fn one_event(&mut self, mut events: Vec<Moved>) -> Result<Moved, Outcome> {
        events.sort_by_key(|event| event.strength);
        let moved = events[0].clone();
        let value = self.amount(&moved.mention).value;
        for other in &events[1..] {
            if other.direction != moved.direction {
                return stop(format!(
                    "two directions: {} and {}",
                    moved.name(),
                    other.name()
                ));
            }
            if self.amount(&other.mention).value != value {
                return stop(format!(
                    "two events: {} and {}",
                    self.written(&moved.mention),
                    self.written(&other.mention)
                ));
            }
        }
        if let Some(other) = self
            .with_role(Role::Amount)
            .find(|other| self.amount(other).value != value)
        {
            return stop(format!("another amount: {}", self.written(other)));
        }
        if moved.event.is_some()
            && self
                .with_role(Role::Amount)
                .any(|other| other.sentence != moved.mention.sentence)
        {
            return stop("an event, and an amount elsewhere");
        }
        if let Some(mention) = self.unexplained() {
            return stop(format!("no role for {}", self.written(mention)));
        }
        if value.is_none() {
            return stop("a masked amount");
        }
        Ok(moved)
    }

    fn record(&mut self, moved: Moved) -> Result<Outcome, Outcome> {
        if self.row.kind == Kind::Lender && !self.row.depository {
            return stop("a lender keeps no account");
        }
        if self.row.kind == Kind::Lender
            && self.own_account().is_none()
            && self.with_role(Role::Balance).next().is_none()
        {
            return stop("money of a lender: lent, or of an account");
        }
        if self.loan_context && self.sentence_says(moved.mention.sentence, pattern::LOAN_WORDS) {
            return stop("words of a loan that were not understood");
        }
        let sentence = moved.mention.sentence;
        if moved.event.is_none() && self.names_two_accounts() {
            return stop("an alert of two accounts");
        }
        self.check_amount(&moved)?;
        let own: Vec<Mention> = self
            .with_role(Role::Balance)
            .filter(|balance| !is_pocket(&balance.about))
            .cloned()
            .collect();
        self.check_tie(&moved, !own.is_empty())?;
        if self
            .with_role(Role::Balance)
            .any(|balance| is_pocket(&balance.about))
        {
            return stop("the balance of a second account");
        }
        // An operator's tills have accounts of their own, and say so less clearly than its wallets.
        let unclear = |balance: &Mention| {
            balance
                .about
                .iter()
                .any(|word| in_class(class::ACCOUNT_NOUN, *word))
        };
        let weak_credit =
            moved.strength == Strength::Weak && moved.direction == Some(Impact::Credit);
        let credit =
            moved.direction == Some(Impact::Credit) && moved.name() != "clauses/came_to_your";
        if TILLS.contains(&self.row.id)
            && ((credit && own.is_empty()) || (weak_credit && own.iter().any(unclear)))
        {
            return stop("a balance of the wallet or of a till");
        }
        if self.sentence_says(sentence, pattern::OWN_TRANSFER) || self.moves_to_pocket(&moved) {
            return stop("a transfer between two accounts of the reader");
        }
        if self
            .with_role(Role::Draw)
            .chain(self.with_role(Role::Debt))
            .chain(self.with_role(Role::Due))
            .next()
            .is_some()
        {
            return stop("a debt besides");
        }
        let spared = self.spared(&moved);
        if let Some((name, words)) = self.guard(&[], spared) {
            return stop(format!("{name}: {words}"));
        }
        self.check_residue(&moved)?;
        if self.sentence_says(sentence, pattern::PROMOTION)
            && own.is_empty()
            && !self.says(pattern::RECEIPT)
            && !self.says(pattern::ACCOUNT_NAMED)
        {
            return stop("a promotion");
        }
        if self.is_half_a_payment(&moved) {
            return stop("a payment to a till or to a company");
        }
        let balance = self.own_balance()?;
        let account = self.own_account();
        if self.row.kind == Kind::Bank && account.is_none() && balance.is_none() {
            let named = moved.strength >= Strength::Done && self.says(pattern::FOREIGN_RECEIPT);
            if named || super::carries_foreign_receipt(&self.skeleton.text, self.country.code) {
                return stop("another operator's receipt");
            }
        }
        let mut draft = self.draft(Some(&moved.mention), moved.direction, balance.as_ref())?;
        let party = self.party(&moved.mention);
        draft.labels = self.labels(&moved, &party, draft.labels)?;
        let overdrawn =
            moved.direction == Some(Impact::Debit) && draft.balance.is_some_and(Money::is_negative);
        if overdrawn {
            draft.labels = draft.labels.with(Label::Overdraft);
        }
        if self.says(pattern::CREDIT_CARD) {
            if !self.row.revolving || self.sentence_says(sentence, pattern::ATM) {
                return stop("a credit card");
            }
            draft.account_type = AccountType::RevolvingLoan;
        }
        let fee = self.fee(draft.currency);
        let mut read = self.told(moved.name(), vec![draft]);
        read.fee = fee;
        read.party = Some(party.name).filter(|name| !name.is_empty());
        Ok(Outcome::Records(read))
    }

    fn check_amount(&mut self, moved: &Moved) -> Result<(), Outcome> {
        let behind: Vec<u16> = self.behind(&moved.mention).to_vec();
        if self.matcher.behind(
            pattern::INCLUDES_FEE,
            &self.sentences[moved.mention.sentence].possible,
            &behind,
        ) {
            return stop("the amount holds the fee");
        }
        if moved.has(flag::NOUN)
            && let Some(next) = behind.first()
        {
            let last = moved.mention.sentence + 1 == self.sentences.len();
            if (*next == END && last) || !(in_class(class::BEHIND_NOUN, *next) || *next == END) {
                return stop("unknown words behind the amount");
            }
        }
        Ok(())
    }

    /// The money moves on the reader's account.
    fn check_tie(&mut self, moved: &Moved, own_balance: bool) -> Result<(), Outcome> {
        let sentence = moved.mention.sentence;
        let bank = self.row.kind == Kind::Bank;
        let account = self.own_account();
        let receipt = self.says(pattern::RECEIPT);
        let behind: Vec<u16> = self.behind(&moved.mention).to_vec();
        let possible = self.sentences[sentence].possible.clone();
        let mut strength = moved.strength;
        if moved.name() == "clauses/was_sent" {
            if self
                .matcher
                .find(pattern::OTHER_ACTOR, &possible, &behind)
                .is_some()
            {
                return stop("sent by somebody");
            }
            if bank
                && self
                    .matcher
                    .behind(pattern::SENT_TO_ACCOUNT, &possible, &behind)
            {
                return stop("paid to whose account");
            }
            if bank
                && self
                    .matcher
                    .behind(pattern::SENT_TO_THIRD, &possible, &behind)
                && self.with_role(Role::Fee).next().is_some()
            {
                strength = Strength::Done;
            }
        }
        let received = self.sentence_says(sentence, pattern::RECEIVED_WORD);
        match strength {
            Strength::Strong => {}
            Strength::Weak => {
                if moved.direction == Some(Impact::Debit) && !own_balance && received {
                    return stop("sent and received: whose");
                }
                if !(own_balance || receipt || account.is_some()) {
                    return stop(format!("{} is not tied to the reader", moved.name()));
                }
                if !own_balance
                    && account.is_none()
                    && bank
                    && self.with_role(Role::Fee).next().is_none()
                {
                    return stop(format!("{} is not tied to the reader", moved.name()));
                }
            }
            Strength::Account => {
                let named = account.is_some()
                    || own_balance
                    || self.says(pattern::ACCOUNT_NAMED)
                    || (moved.event.is_none() && receipt);
                if !named {
                    return stop("no account of the reader is named");
                }
            }
            Strength::Known => {
                let greeted = account.is_some()
                    || own_balance
                    || self.says(pattern::GREETING)
                    || self.row.kind == Kind::Wallet;
                if !greeted || self.sentence_says(sentence, pattern::TO_ACCOUNT) {
                    return stop("whose account");
                }
            }
            Strength::Done => {
                if received && !self.all.iter().any(|word| in_class(class::DONE, *word)) {
                    return stop("a payment received: whose");
                }
                if !(own_balance || self.all.iter().any(|word| in_class(class::DONE, *word))) {
                    return stop("not said to be done");
                }
            }
        }
        if moved.name() == "clauses/came_to_account"
            && !own_balance
            && !self.says(pattern::GREETING)
        {
            return stop("whose account");
        }
        let weak_noun = moved.has(flag::NOUN) && moved.strength == Strength::Weak;
        if weak_noun
            && moved.direction == Some(Impact::Credit)
            && self.matcher.behind(pattern::NOT_MINE, &possible, &behind)
        {
            return stop("a deposit into whose account");
        }
        if moved.has(flag::DEPOSIT) && !own_balance {
            if self
                .matcher
                .find(pattern::OTHER_ACCOUNT, &possible, &behind)
                .is_some()
                || self
                    .matcher
                    .find(pattern::DEPOSIT_PLACE, &possible, &behind)
                    .is_none()
            {
                return stop("a deposit into whose account");
            }
        }
        Ok(())
    }

    fn moves_to_pocket(&mut self, moved: &Moved) -> bool {
        self.row.kind == Kind::Wallet
            && self.sentence_says(moved.mention.sentence, pattern::POCKET_MOVE)
    }

    /// The words of undoing that the event itself tells: what stands before its amount, or "refunded by" behind it.
    fn spared(&mut self, moved: &Moved) -> Option<Spared> {
        let sentence = moved.mention.sentence;
        let part = |from, to| Some(Spared { sentence, from, to });
        if moved.has(flag::UNDO) {
            return part(0, self.sentences[sentence].words.len());
        }
        if moved.strength != Strength::Strong || self.says(pattern::REVERSAL_OPEN) {
            return None;
        }
        if self.sentence_says(sentence, pattern::REVERSAL_SAID) {
            return part(0, moved.mention.at);
        }
        let known = &self.sentences[sentence];
        let (from, to) = self
            .matcher
            .find(pattern::REFUND_SAID, &known.possible, &known.words)?;
        if moved.direction == Some(Impact::Credit) {
            part(from, to)
        } else {
            None
        }
    }

    /// Sentences without a role may be passed over only if they tell no event of their own.
    fn check_residue(&mut self, moved: &Moved) -> Result<(), Outcome> {
        for index in 0..self.sentences.len() {
            let sentence = &self.sentences[index];
            if sentence.has_money || sentence.harmless {
                continue;
            }
            if !self.sentence_says(index, pattern::EVENT_TOLD) {
                continue;
            }
            let words = &self.sentences[index].words;
            let credit = words
                .iter()
                .any(|word| in_class(class::RESIDUE_CREDIT, *word));
            let debit = words
                .iter()
                .any(|word| in_class(class::RESIDUE_DEBIT, *word));
            let other = match moved.direction {
                Some(Impact::Credit) => debit,
                _ => credit,
            };
            if other
                || words
                    .iter()
                    .any(|word| in_class(class::RESIDUE_NEVER, *word))
            {
                return stop(format!("another event: {}", self.sentence_text(index)));
            }
        }
        Ok(())
    }

    pub(crate) fn sentence_text(&self, index: usize) -> String {
        let tokens = &self.sentences[index].tokens;
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => {
                self.skeleton.text[first.start as usize..last.end as usize].to_owned()
            }
            _ => String::new(),
        }
    }

    /// The reader's balance: one figure, or the one called actual.
    pub(crate) fn own_balance(&mut self) -> Result<Option<Mention>, Outcome> {
        if self.row.kind == Kind::Bank && self.says(pattern::FOREIGN_BALANCE) {
            return stop("the balance of another operator");
        }
        let own: Vec<Mention> = self
            .with_role(Role::Balance)
            .filter(|balance| !is_pocket(&balance.about))
            .cloned()
            .collect();
        let seen: Vec<&Mention> = own
            .iter()
            .filter(|balance| !self.amount(balance).masked)
            .collect();
        let Some(first) = seen.first() else {
            return Ok(own.first().cloned());
        };
        if seen.len() < own.len() {
            return stop("a masked balance and another");
        }
        let chosen = if seen
            .iter()
            .all(|balance| self.signed(balance) == self.signed(first))
        {
            (*first).clone()
        } else {
            let actual: Vec<&&Mention> = seen
                .iter()
                .filter(|balance| {
                    balance
                        .about
                        .iter()
                        .any(|word| in_class(class::ACTUAL, *word))
                })
                .collect();
            match actual.as_slice() {
                [one] => (**one).clone(),
                _ => return stop("two balances"),
            }
        };
        Ok(Some(chosen))
    }

    /// A record of the reader's account. Fails where the text may have been cut in its last number, and where the currency
    /// is none of the institution's.
    pub(crate) fn draft(
        &mut self,
        moved: Option<&Mention>,
        impact: Option<Impact>,
        balance: Option<&Mention>,
    ) -> Result<Draft, Outcome> {
        if !self.row.depository && self.row.kind != Kind::Lender {
            return stop("the institution keeps no such account");
        }
        self.check_cut()?;
        self.check_end()?;
        let code = self.currency(moved)?;
        let balance_code = self.currency(balance)?;
        let code = code.or(balance_code).or(self.only_currency());
        if code.is_none() && (moved.is_some() || balance.is_some()) {
            return stop("no currency");
        }
        let balance_fits = balance_code.is_none() || balance_code == code;
        let balance = balance
            .filter(|_| balance_fits)
            .and_then(|balance| self.signed(balance));
        Ok(Draft {
            institution_id: self.row.id,
            account_id: self.own_account_of(impact),
            account_type: AccountType::Depository,
            amount: moved.and_then(|mention| self.amount(mention).value),
            impact,
            balance,
            currency: code,
            labels: LabelSet::EMPTY,
        })
    }

    fn only_currency(&self) -> Option<Currency> {
        match self.row.currencies {
            [code] => code.parse().ok(),
            _ => None,
        }
    }

    /// The currency that is stated; none where none is.
    pub(crate) fn currency(&self, mention: Option<&Mention>) -> Result<Option<Currency>, Outcome> {
        let Some(code) = mention.and_then(|mention| self.amount(mention).code) else {
            return Ok(None);
        };
        if !(self.row.currencies.contains(&code)
            || self.country.also.contains(&code)
            || INTERNATIONAL.contains(&code))
        {
            return stop("a currency of another country");
        }
        Ok(code.parse().ok())
    }

    /// A text that ends within a sentence may have been cut there: then that sentence may tell nothing that counts, nor
    /// begin to name an account that the record would be of.
    pub(crate) fn check_end(&mut self) -> Result<(), Outcome> {
        let text = self.skeleton.text.trim_end();
        let closed_by_mark = text.ends_with(|c: char| {
            !c.is_alphanumeric() && !matches!(c, ',' | '-' | '/' | '(' | ':' | '*' | '&' | '\'')
        });
        let last_word = self
            .skeleton
            .tokens
            .last()
            .map_or(UNKNOWN, |token| token.word);
        let Some(last) = self.sentences.len().checked_sub(1) else {
            return Ok(());
        };
        // A wallet that has told its balance has told whose account it is.
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
            && self.mentions.last().is_some_and(|mention| {
                !matches!(mention.role, None | Some(Role::Event | Role::Amount))
            });
        if closed_by_mark || last_word == LINK || ends_in_balance || self.sentences[last].harmless {
            return Ok(());
        }
        // A date ends a sentence that has said whose account it is.
        if last_word == DATE
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
        let sentence = &self.sentences[last];
        let names_account = sentence.words.iter().any(|word| {
            in_class(class::ACCOUNT_NOUN, *word)
                || in_class(class::POCKET, *word)
                || matches!(*word, MASK | LONG)
        });
        let begun = self.sentence_says(last, pattern::BEGUN);
        if told || names_account || begun {
            stop("cut short")
        } else {
            Ok(())
        }
    }

    /// The last number of a message must be closed by something that ends it.
    pub(crate) fn check_cut(&mut self) -> Result<(), Outcome> {
        if let Some(last) = self.sentences.len().checked_sub(1)
            && self.sentence_says(last, pattern::CUT_BALANCE)
        {
            return stop("cut short before a balance");
        }
        let Some(last) = self.mentions.last() else {
            return Ok(());
        };
        let amount = self.amount(last);
        let unimportant = matches!(
            last.role,
            Some(
                Role::Fee
                    | Role::Limit
                    | Role::Advertisement
                    | Role::Due
                    | Role::Total
                    | Role::OtherBalance
            )
        );
        if amount.masked || unimportant {
            return Ok(());
        }
        let text = self.skeleton.text.trim_end();
        let tail = text.get(amount.end..).unwrap_or_default();
        let after = tail.trim_start();
        let after = after
            .strip_prefix("DR")
            .or(after.strip_prefix("CR"))
            .unwrap_or(after);
        if after.contains(|c: char| c.is_alphanumeric()) {
            return Ok(());
        }
        if matches!(after, "," | "-" | "/" | "+") {
            return stop("cut short");
        }
        if !after.is_empty() && !after.starts_with('.') {
            return Ok(());
        }
        let dot = after.starts_with('.');
        if amount.marked.is_some() {
            return Ok(());
        }
        // A currency behind the number closes it.
        let digits_end = text[..amount.end].ends_with(|c: char| c.is_ascii_digit());
        if !digits_end {
            return Ok(());
        }
        let others: Vec<_> = self.mentions[..self.mentions.len() - 1]
            .iter()
            .map(|mention| self.amount(mention))
            .filter(|amount| amount.value.is_some() && amount.code.is_some())
            .collect();
        let decimals = text[..amount.end]
            .rsplit(['.', ','])
            .next()
            .map_or(0, str::len);
        let closed = if amount.cents {
            let like_others = others
                .iter()
                .any(|other| other.cents && other.comma == amount.comma);
            match (dot, amount.comma) {
                (true, false) => decimals == 2 || !self.country.comma,
                (true, true) => true,
                (false, true) => decimals == 2 && like_others,
                (false, false) => {
                    decimals == 2
                        && (!self.country.comma
                            || amount.grouped
                            || like_others
                            || amount.end >= 6
                                && !text[..amount.end - 3].ends_with(|c: char| c.is_ascii_digit())
                            || like_others)
                }
            }
        } else {
            let code = amount
                .code
                .filter(|code| !code.is_empty())
                .or(self.country.currency)
                .unwrap_or_default();
            let all_whole = !others.is_empty() && others.iter().all(|other| !other.cents);
            let whole = super::money::is_whole(code);
            let sometimes = SOMETIMES.contains(&code);
            if dot && sometimes && amount.grouped && !all_whole && !others.is_empty() {
                false
            } else if dot {
                (all_whole && (others.len() >= 2 || amount.grouped || whole))
                    || (others.is_empty() && whole && !sometimes)
            } else {
                all_whole && text.contains('\n') && amount.grouped
            }
        };
        if closed {
            Ok(())
        } else {
            stop("cut short in its last number")
        }
    }

    /// The digits behind the mask of an account that is named as the reader's.
    pub(crate) fn own_account(&mut self) -> Option<String> {
        self.own_account_of(None)
    }

    /// The same of a movement: money does not come from the account it comes to.
    fn own_account_of(&mut self, impact: Option<Impact>) -> Option<String> {
        // "Your account" names it better than "account".
        self.account_by(true, impact)
            .or_else(|| self.account_by(false, impact))
    }

    /// Whether an alert names two accounts: it may be two alerts.
    fn names_two_accounts(&mut self) -> bool {
        let mut seen: Vec<String> = Vec::new();
        for index in 0..self.sentences.len() {
            for at in 1..self.sentences[index].words.len() - 1 {
                let sentence = &self.sentences[index];
                if sentence.words[at] == MASK
                    && self.matcher.before(
                        pattern::LEFT_ACCOUNT,
                        &sentence.possible,
                        &sentence.words[..at],
                    )
                {
                    let shown = self.skeleton.slice(&sentence.tokens[at - 1]).to_owned();
                    if !seen.contains(&shown) {
                        seen.push(shown);
                    }
                }
            }
        }
        seen.len() > 1
    }

    fn account_by(&mut self, yours: bool, impact: Option<Impact>) -> Option<String> {
        for index in 0..self.sentences.len() {
            if self.sentences[index].harmless {
                continue;
            }
            for at in 1..self.sentences[index].words.len() - 1 {
                let sentence = &self.sentences[index];
                let word = sentence.words[at];
                if !matches!(word, MASK | LONG | NUMBER) {
                    continue;
                }
                let start = sentence.words[..at]
                    .iter()
                    .rposition(|word| *word == MONEY)
                    .map_or(0, |place| place + 1);
                let before = &sentence.words[start..at];
                // Wallets show the reader's telephone number, which is no account of several.
                let named = if yours {
                    (word == MASK || self.row.kind != Kind::Wallet)
                        && self.matcher.before(
                            pattern::LEFT_OWN_ACCOUNT,
                            &sentence.possible,
                            before,
                        )
                } else if word == MASK {
                    let wrong_way = match impact {
                        Some(Impact::Credit) => pattern::LEFT_FROM_ACCOUNT,
                        Some(Impact::Debit) => pattern::LEFT_TO_ACCOUNT,
                        None => &[],
                    };
                    !self.matcher.before(wrong_way, &sentence.possible, before)
                        && self
                            .matcher
                            .before(pattern::LEFT_ACCOUNT, &sentence.possible, before)
                } else if self.row.kind == Kind::Wallet {
                    self.matcher
                        .before(pattern::LEFT_ALERT_ACCOUNT, &sentence.possible, before)
                } else {
                    self.matcher
                        .before(pattern::LEFT_OWN_ACCOUNT, &sentence.possible, before)
                };
                if !named
                    || !yours
                        && self.matcher.before(
                            pattern::LEFT_OTHER_ACCOUNT,
                            &sentence.possible,
                            before,
                        )
                {
                    continue;
                }
                return crate::account::visible_digits(
                    self.skeleton.slice(&sentence.tokens[at - 1]),
                );
            }
        }
        None
    }

    fn fee(&self, currency: Option<Currency>) -> Option<Money> {
        let mut sum = None;
        for fee in self.with_role(Role::Fee) {
            let amount = self.amount(fee);
            if amount
                .code
                .is_some_and(|code| code.parse().ok() != currency)
            {
                return None;
            }
            let value = amount.value?.decimal();
            sum = Some(sum.map_or(value, |sum| sum + value));
        }
        Money::new(sum?).ok()
    }

    fn labels(
        &mut self,
        moved: &Moved,
        party: &Party,
        mut labels: LabelSet,
    ) -> Result<LabelSet, Outcome> {
        let country = self.country.code;
        for label in labels_of_name(&party.name, country, moved.direction).iter() {
            labels = labels.with(label);
        }
        for narration in &self.narrations {
            for label in labels_of_narration(&narration.text, country, moved.direction).iter() {
                labels = labels.with(label);
            }
        }
        // The words of the sentence without the name of the other side; words in small letters are no names.
        let index = moved.mention.sentence;
        let sentence = &self.sentences[index];
        let mut words = sentence.words.clone();
        for place in party.from..party.to {
            let written = self.skeleton.slice(&sentence.tokens[place - 1]);
            if !written.bytes().all(|byte| byte.is_ascii_lowercase()) {
                words[place] = UNKNOWN;
            }
        }
        let whole = sentence.words.clone();
        let possible = sentence.possible.clone();
        let mut says = |patterns: &[u16], words: &[u16]| {
            self.matcher.find(patterns, &possible, words).is_some()
        };
        // In a text of capitals alone names cannot be told from words.
        let capitals = !self
            .skeleton
            .text
            .bytes()
            .any(|byte| byte.is_ascii_lowercase());
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
        if debit && (moved.has(flag::AIRTIME) || says(pattern::AIRTIME, &words)) {
            labels = labels.with(Label::AirtimePurchase);
        }
        let at_machine =
            self.row.kind == Kind::Bank && party.name.to_ascii_lowercase().ends_with(" atm");
        if says(pattern::ATM, &whole) && (cash || at_machine || says(pattern::ATM, &words)) {
            labels = labels.with(Label::Atm);
        }
        let card = moved.has(flag::CARD)
            || says(pattern::CARD, &words)
            || says(pattern::CARD_MEANS, &whole);
        if card && !cash && !labels.contains(Label::Atm) {
            labels = labels.with(Label::Pos);
        }
        let behind: Vec<u16> = self.behind(&moved.mention).to_vec();
        let till =
            TILLS.contains(&self.row.id) && self.matcher.behind(pattern::TILL, &possible, &behind);
        if till && debit && !self.says(pattern::FOR_ACCOUNT) {
            labels = labels.with(Label::Pos);
        }
        Ok(labels)
    }

    /// A payment of which only what follows tells whether a till or a company was paid.
    fn is_half_a_payment(&mut self, moved: &Moved) -> bool {
        let behind: Vec<u16> = self.behind(&moved.mention).to_vec();
        let possible = self.sentences[moved.mention.sentence].possible.clone();
        TILLS.contains(&self.row.id)
            && self.with_role(Role::Balance).next().is_none()
            && self.matcher.behind(pattern::TILL, &possible, &behind)
    }

    /// The other side: the words behind "to", "from" and the like, up to the next date, amount or key.
    fn party(&self, mention: &Mention) -> Party {
        let sentence = &self.sentences[mention.sentence];
        let (words, tokens) = (&sentence.words, &sentence.tokens);
        let own = |classes: &[Option<u16>], all: u16| {
            mention
                .event
                .and_then(|event| classes[event.language])
                .unwrap_or(all)
        };
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
        let Some(start) = places.into_iter().find(|at| names(*at)) else {
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

    pub(crate) fn reference(&self) -> Option<String> {
        let token = self
            .skeleton
            .tokens
            .iter()
            .find(|token| token.word == REFERENCE)?;
        Some(self.skeleton.slice(token).to_owned()).filter(|code| (4..=32).contains(&code.len()))
    }

    pub(crate) fn told(&self, rule: &'static str, drafts: Vec<Draft>) -> Read {
        Read {
            institution: self.row.id,
            rule,
            drafts,
            fee: None,
            reference: self.reference(),
            party: None,
        }
    }

    pub(crate) fn read(&self, rule: &'static str, drafts: Vec<Draft>) -> Outcome {
        Outcome::Records(self.told(rule, drafts))
    }
}

/// The other side of a movement, and its place in the sentence.
#[derive(Default)]
struct Party {
    name: String,
    from: usize,
    to: usize,
}

/// Whether a balance is that of a pocket beside the account.
fn is_pocket(about: &[u16]) -> bool {
    about.iter().any(|word| in_class(class::POCKET, *word))
}
