//! The record of a reading: balance, currency, account, fee.

use daftari_domain::money::MAX_SCALE;
use daftari_domain::{AccountType, Currency, Impact, LabelSet, Money};
use daftari_sms_notation::clause::{LONG, MASK, MONEY, NUMBER, REFERENCE};

use super::context::{Context, Mention, is_pocket};
use super::moved::Moved;
use super::outcome::{Outcome, Read, stop};
use super::tables::{INTERNATIONAL, Kind, Role, class, in_class, pattern};
use crate::account::visible_digits;
use crate::draft::Draft;
use crate::number::has_two_decimals;
use crate::text::goes_on;
use crate::words::WORDS;

impl Context<'_> {
    /// The reader's balance: the only figure, or of several the one that is called actual.
    pub(crate) fn own_balance(&mut self) -> Result<Option<Mention>, Outcome> {
        if self.row.kind == Kind::Bank && self.says(pattern::FOREIGN_BALANCE) {
            return stop("the balance of another operator");
        }
        let own: Vec<Mention> = self
            .with_role(Role::Balance)
            .filter(|balance| !is_pocket(&balance.about))
            .cloned()
            .collect();
        if own.iter().any(|balance| self.is_bracketed(balance)) {
            return stop("a balance in brackets");
        }
        let seen: Vec<&Mention> = own.iter().filter(|balance| !self.amount(balance).masked).collect();
        let Some(first) = seen.first() else {
            return Ok(own.first().cloned());
        };
        if seen.len() < own.len() {
            return stop("a masked balance and another");
        }
        let chosen = if seen.iter().all(|balance| self.signed(balance) == self.signed(first)) {
            (*first).clone()
        } else {
            let actual: Vec<&&Mention> = seen
                .iter()
                .filter(|balance| balance.about.iter().any(|word| in_class(class::ACTUAL, *word)))
                .collect();
            match actual.as_slice() {
                [one] => (**one).clone(),
                _ => return stop("two balances"),
            }
        };
        Ok(Some(chosen))
    }

    /// Whether a sentence names one account twice and no other: "From account **8841 to account **8841".
    pub(super) fn names_an_account_twice(&self, sentence: usize) -> bool {
        let tokens = &self.sentences[sentence].tokens;
        let masks: Vec<&str> = tokens
            .iter()
            .filter(|token| token.word == MASK)
            .map(|token| self.skeleton.slice(token))
            .collect();
        masks.len() == 2 && masks[0] == masks[1]
    }

    /// The digits of the only masked account in a sentence.
    pub(super) fn account_in(&self, sentence: usize) -> Option<String> {
        let sentence = &self.sentences[sentence];
        let mut masks = sentence.tokens.iter().filter(|token| token.word == MASK);
        let first = masks.next().filter(|_| masks.next().is_none())?;
        visible_digits(self.skeleton.slice(first))
    }

    /// Whether a balance stands in brackets behind its key: `Bal:(1,250.40)`. Accountants write negative sums in
    /// brackets.
    fn is_bracketed(&self, mention: &Mention) -> bool {
        let token = &self.sentences[mention.sentence].tokens[mention.at - 1];
        let before = self.skeleton.text[..token.start as usize].strip_suffix('(');
        let keyed = before.is_some_and(|before| before.trim_end().ends_with([':', '=']));
        keyed && self.skeleton.text[token.end as usize..].starts_with(')')
    }

    /// A record of the reader's account. Stops if the institution keeps no such account, if the text may have been cut,
    /// if the currency is not known, or if the institution does not use it.
    pub(crate) fn draft(
        &mut self,
        moved: Option<&Mention>,
        impact: Option<Impact>,
        balance: Option<&Mention>,
    ) -> Result<Draft, Outcome> {
        if !self.row.depository() && self.row.kind != Kind::Lender {
            return stop("the institution keeps no such account");
        }
        let uncertain = self.check_cut()?;
        self.check_end()?;
        let code = self.currency(moved)?;
        let balance_code = self.currency(balance)?;
        let code = code.or(balance_code).or(self.only_currency());
        if code.is_none() && (moved.is_some() || balance.is_some()) {
            return stop("no currency");
        }
        // "USD 18.16 … available balance is 1,276.10": a balance without a currency is in the account's currency.
        let home = self.row.currencies().next().and_then(|home| home.parse().ok());
        let balance_fits = balance_code.map_or(code.is_none() || code == home, |other| Some(other) == code);
        let balance = balance
            .filter(|_| balance_fits && !uncertain)
            .and_then(|balance| self.signed(balance));
        Ok(Draft {
            institution_id: self.row.id(),
            account_id: self.own_account_of(impact),
            account_type: AccountType::Depository,
            amount: moved.and_then(|mention| self.amount(mention).value),
            impact,
            balance,
            currency: code,
            labels: LabelSet::EMPTY,
        })
    }

    pub(super) fn only_currency(&self) -> Option<Currency> {
        let mut currencies = self.row.currencies();
        let only = currencies.next().filter(|_| currencies.next().is_none());
        only.and_then(|code| code.parse().ok())
    }

    /// The currency of an amount; `None` if the text states none. Stops at a currency that neither the institution nor
    /// the country uses.
    pub(crate) fn currency(&self, mention: Option<&Mention>) -> Result<Option<Currency>, Outcome> {
        let Some(code) = mention.and_then(|mention| self.amount(mention).code) else {
            return Ok(None);
        };
        let known = self.country.also.iter().chain(INTERNATIONAL).copied();
        if !self.row.currencies().chain(known).any(|known| known == code) {
            return stop("a currency of another country");
        }
        Ok(code.parse().ok())
    }

    /// The visible digits of an account that the text names as the reader's.
    pub(crate) fn own_account(&mut self) -> Option<String> {
        self.own_account_of(None)
    }

    /// Like [`own_account`](Self::own_account), for a movement of a direction: an account that money comes from is not
    /// the account that it goes into.
    pub(super) fn own_account_of(&mut self, impact: Option<Impact>) -> Option<String> {
        // "Your account" is clearer than "account", and an account is clearer than the card that paid from it.
        self.account_in_a_list()
            .or_else(|| self.account_by(true, impact))
            .or_else(|| self.account_by(false, impact))
            .or_else(|| self.paying_card(impact))
    }

    /// The account in one word at the head of a list: `CHEQ4242` in `Absa: CHEQ4242, Pur, …`.
    fn head_of_list(&mut self) -> Option<&str> {
        for sentence in self.sentences {
            let codes = (1..sentence.words.len() - 1).filter(|at| sentence.words[*at] == REFERENCE);
            for at in codes {
                let before = &sentence.words[..at];
                if self
                    .matcher
                    .before(pattern::LEFT_ACCOUNT_IN_A_LIST, &sentence.possible, before)
                {
                    return Some(self.skeleton.slice(&sentence.tokens[at - 1]));
                }
            }
        }
        None
    }

    /// The account at the head of a list, if its kind is known.
    fn account_in_a_list(&mut self) -> Option<String> {
        let (kind, digits) = kind_and_digits(self.head_of_list()?);
        is_listed(kind).then(|| visible_digits(digits))?
    }

    /// Whether a list is of an account of another kind, such as a loan.
    pub(super) fn lists_another_kind(&mut self) -> bool {
        self.head_of_list()
            .is_some_and(|head| !is_listed(kind_and_digits(head).0))
    }

    /// Whether an alert names two accounts. Such a text may be two alerts.
    pub(super) fn names_two_accounts(&mut self) -> bool {
        let mut seen: Vec<String> = Vec::new();
        for index in 0..self.sentences.len() {
            for at in 1..self.sentences[index].words.len() - 1 {
                let sentence = &self.sentences[index];
                if sentence.words[at] == MASK
                    && self
                        .matcher
                        .before(pattern::LEFT_ACCOUNT, &sentence.possible, &sentence.words[..at])
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

    /// Whether a sentence names an account on both sides: "From account **4410 to account **9921". Either may be the
    /// reader's.
    pub(super) fn names_both_accounts(&mut self, sentence: usize) -> bool {
        let sentence = &self.sentences[sentence];
        let matcher = &mut self.matcher;
        let mut names = |side: &[u16]| {
            (1..sentence.words.len() - 1).any(|at| {
                matches!(sentence.words[at], MASK | NUMBER | LONG)
                    && matcher.before(side, &sentence.possible, &sentence.words[..at])
            })
        };
        names(pattern::LEFT_FROM_ACCOUNT) && names(pattern::LEFT_TO_ACCOUNT)
    }

    pub(super) fn account_by(&mut self, yours: bool, impact: Option<Impact>) -> Option<String> {
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
                // The card of a wallet spends the wallet's own balance, so its digits do not distinguish accounts.
                if self.row.kind == Kind::Wallet && self.matcher.before(pattern::LEFT_CARD, &sentence.possible, before)
                {
                    continue;
                }
                // "Credited to A/C ending 9935".
                let ending = word == NUMBER && self.matcher.before(pattern::LEFT_ENDING, &sentence.possible, before);
                let wrong_way = match impact {
                    Some(Impact::Credit) => pattern::LEFT_FROM_ACCOUNT,
                    Some(Impact::Debit) => pattern::LEFT_TO_ACCOUNT,
                    None => &[],
                };
                // "You have received KES 500 from your bank account ***4477."
                if impact == Some(Impact::Credit)
                    && self
                        .matcher
                        .before(pattern::LEFT_FROM_YOURS, &sentence.possible, before)
                {
                    continue;
                }
                let named = if yours {
                    // A number in a wallet's text may be the reader's telephone number, which does not distinguish
                    // accounts. So only masked numbers count there.
                    (word == MASK || self.row.kind != Kind::Wallet)
                        // "Credited to your account from JANE DOE account ending 4421".
                        && !self.matcher.before(wrong_way, &sentence.possible, before)
                        && self
                            .matcher
                            .before(pattern::LEFT_OWN_ACCOUNT, &sentence.possible, before)
                } else if word == MASK || (ending && self.row.kind != Kind::Wallet) {
                    !self.matcher.before(wrong_way, &sentence.possible, before)
                        && self.matcher.before(pattern::LEFT_ACCOUNT, &sentence.possible, before)
                } else if self.row.kind == Kind::Wallet {
                    // "You have paid UGX 500 for ZUKU. Account No.: 4410007": the other side's.
                    impact != Some(Impact::Debit)
                        && self
                            .matcher
                            .before(pattern::LEFT_ALERT_ACCOUNT, &sentence.possible, before)
                } else {
                    self.matcher
                        .before(pattern::LEFT_OWN_ACCOUNT, &sentence.possible, before)
                };
                // An account that a credit goes into is the reader's: "Cash deposit of … to A/C ***771".
                let arrives = impact == Some(Impact::Credit)
                    && self
                        .matcher
                        .before(pattern::LEFT_TO_ACCOUNT, &sentence.possible, before);
                let other = !yours
                    && !arrives
                    && self
                        .matcher
                        .before(pattern::LEFT_OTHER_ACCOUNT, &sentence.possible, before);
                if !named || other {
                    continue;
                }
                return visible_digits(self.skeleton.slice(&sentence.tokens[at - 1]));
            }
        }
        None
    }

    /// The last digits of the card that paid. `None` for a wallet, because its card spends the wallet's own balance.
    fn paying_card(&mut self, impact: Option<Impact>) -> Option<String> {
        if impact != Some(Impact::Debit) || self.row.kind == Kind::Wallet {
            return None;
        }
        for sentence in self.sentences.iter().filter(|sentence| !sentence.harmless) {
            for at in 1..sentence.words.len() - 1 {
                let paid = matches!(sentence.words[at], MASK | NUMBER)
                    && self
                        .matcher
                        .before(pattern::LEFT_PAYING_CARD, &sentence.possible, &sentence.words[..at]);
                if paid {
                    return visible_digits(self.skeleton.slice(&sentence.tokens[at - 1]));
                }
            }
        }
        None
    }

    /// The sum of all fees; `None` if a fee is in another currency, or if there is none.
    pub(super) fn fee(&self, currency: Option<Currency>) -> Option<Money> {
        let mut sum = None;
        for fee in self.with_role(Role::Fee) {
            let amount = self.amount(fee);
            if amount.code.is_some_and(|code| code.parse().ok() != currency) {
                return None;
            }
            let value = amount.value?.decimal();
            sum = Some(sum.map_or(value, |sum| sum + value));
        }
        Money::new(sum?).ok()
    }

    /// The fee with its taxes, in the currency of the movement. It is the only figure for a fee, or the figure that is
    /// the sum of the others, or the sum of all figures if the text says that they add up. If the text states a total,
    /// the total decides: the fee is the total less the amount, and it must be one of these figures.
    pub(super) fn whole_fee(&mut self, currency: Option<Currency>, moved: &Moved) -> Option<Money> {
        // "Fee UGX 880. Tax": the text may have been cut before a second charge.
        let begun = self
            .sentences
            .last()
            .is_some_and(|last| !last.has_money && in_class(class::FEE, last.words[1]));
        if begun {
            return None;
        }
        let mut fees = Vec::new();
        let mut sentences = Vec::new();
        let stated: Vec<Mention> = self.with_role(Role::Fee).cloned().collect();
        for fee in &stated {
            let value = self
                .whole_value(fee, currency)
                .filter(|_| self.is_ended(fee.sentence))?;
            if !(self.follows(fee, pattern::LEFT_VAT) && self.is_vat_within(value, &fees)) {
                fees.push(value);
                sentences.push(fee.sentence);
            }
        }
        let largest = fees.iter().copied().max()?;
        let sum = fees.iter().map(|fee| fee.decimal()).reduce(|sum, fee| sum + fee)?;
        let others = sum - largest.decimal();
        let apart = self.are_of_movement_and_notice(&stated);
        // Two equal figures are one that the text repeats, if their keys are equal too.
        let repeated = match stated.as_slice() {
            [one, other] => self.before(one) == self.before(other),
            _ => true,
        };
        let single = !apart && (others.is_zero() || (others == largest.decimal() && repeated));
        let single = single.then_some(largest);
        let sum = Money::new(sum).ok()?;
        let totals: Vec<Mention> = self.with_role(Role::Total).cloned().collect();
        if let [total] = totals.as_slice() {
            let amount = self.amount(&moved.mention).value?;
            let rest = self.whole_value(total, currency)?.decimal() - amount.decimal();
            return [Some(sum), single]
                .into_iter()
                .flatten()
                .find(|fee| fee.decimal() == rest);
        }
        if !totals.is_empty() {
            return None;
        }
        let together = sentences.iter().all(|sentence| *sentence == sentences[0]);
        let adds = apart || (single.is_none() && together && self.sentence_says(sentences[0], pattern::FEES_ADD));
        single.or_else(|| Some(sum).filter(|_| adds))
    }

    /// Whether there are two charges, one for the movement and one for the message about it: "Transaction Charge: RWF
    /// 20. Notification Charge: RWF 20". Neither is a part of the other, so they add up.
    fn are_of_movement_and_notice(&mut self, fees: &[Mention]) -> bool {
        let [one, other] = fees else {
            return false;
        };
        let mut are = |of: &Mention, about: &Mention| {
            self.follows(of, pattern::LEFT_FEE_OF_MOVEMENT) && self.follows(about, pattern::LEFT_FEE_OF_NOTICE)
        };
        are(one, other) || are(other, one)
    }

    /// Whether a stated tax is a part of a charge before it: "Charges TSh 540. VAT TSh 82". Only the rate shows it. A
    /// tax that comes in addition is larger than one that is a part by more than the rounding.
    fn is_vat_within(&self, vat: Money, charges: &[Money]) -> bool {
        let Some(percent) = self.country.vat_within_percent.map(i128::from) else {
            return false;
        };
        let units = |money: &Money| {
            let (mantissa, scale) = money.parts();
            mantissa * 10_i128.pow(MAX_SCALE - scale)
        };
        let (vat, one) = (units(&vat), 10_i128.pow(MAX_SCALE));
        charges.iter().map(units).any(|charge| {
            let is_near = |of: i128| (charge * percent - vat * of).abs() <= one * of;
            is_near(100 + percent) && !is_near(100)
        })
    }

    /// Whether a mark ends a sentence. Without one the text may have been cut, and another charge may have followed.
    fn is_ended(&self, sentence: usize) -> bool {
        let last = self.sentences[sentence].tokens.last();
        let rest = last.and_then(|last| self.skeleton.text.get(last.end as usize..));
        rest.is_some_and(|rest| rest.contains(['.', '!', '?', ';', '|', '*', '\n']))
    }

    /// The value of an amount; `None` if it may be cut off, or if it is in another currency than the movement.
    fn whole_value(&self, mention: &Mention, currency: Option<Currency>) -> Option<Money> {
        let amount = self.amount(mention);
        let foreign = amount.code.is_some_and(|code| code.parse().ok() != currency);
        let token = &self.sentences[mention.sentence].tokens[mention.at - 1];
        let whole = goes_on(&self.skeleton.text, token.end as usize) || has_two_decimals(self.skeleton.slice(token));
        amount.value.filter(|_| whole && !foreign)
    }

    pub(crate) fn told(&self, rule: &'static str, drafts: Vec<Draft>) -> Read {
        Read {
            institution: self.row.id(),
            rule,
            drafts,
            fee: None,
            reference: self.receipt(),
            party: None,
            name: None,
            own: false,
        }
    }

    pub(crate) fn read(&self, rule: &'static str, drafts: Vec<Draft>) -> Outcome {
        Outcome::Records(Box::new(self.told(rule, drafts)))
    }
}

/// The letters at the beginning of a word, and the rest.
fn kind_and_digits(word: &str) -> (&str, &str) {
    word.split_at(word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len()))
}

/// Whether the kind is that of an account that holds money.
fn is_listed(kind: &str) -> bool {
    WORDS
        .listed_accounts
        .iter()
        .any(|known| kind.eq_ignore_ascii_case(known))
}
