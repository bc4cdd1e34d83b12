//! A movement becomes a record only if it is the reader's and no remaining word reverses it.

use daftari_domain::{AccountType, Impact, Label, LabelSet, Money};
use daftari_sms_notation::clause::{DATE, END, MONEY, REFERENCE, UNKNOWN};
use daftari_sms_notation::sender::sender_key;

use super::context::{Context, Mention, is_pocket};
use super::counterparty::lends;
use super::guards::Spared;
use super::moved::Moved;
use super::outcome::{Outcome, stop, stop_at};
use super::receipt::carries_foreign_receipt;
use super::sentences::Narration;
use super::tables::{Kind, Role, Strength, WORD_TEXTS, class, flag, in_class, pattern};
use crate::arithmetic::{Check, follows};
use crate::draft::Draft;
use crate::tables::TILLS;
use crate::words::WORDS;

impl Context<'_> {
    /// The record of a movement, if it is the reader's and no remaining word reverses it.
    pub(super) fn record(&mut self, mut moved: Moved) -> Result<Outcome, Outcome> {
        let between = self.sentence_says(moved.mention.sentence, pattern::OWN_TRANSFER);
        let told = self.between_institutions(moved.mention.sentence).filter(|_| between);
        let saved = self.with_savings(&moved);
        moved.direction = saved.or(told).or(moved.direction);
        self.check_lender(&moved)?;
        if self.lists_another_kind() {
            return stop("an account of another kind");
        }
        let sentence = moved.mention.sentence;
        if moved.event.is_none() && self.names_two_accounts() {
            return stop("an alert of two accounts");
        }
        self.check_amount(&moved)?;
        let value = self.amount(&moved.mention).value;
        if self
            .with_role(Role::Advertisement)
            .any(|other| self.amount(other).value == value)
        {
            return stop("an advertisement of the amount that moved");
        }
        let own: Vec<Mention> = self
            .with_role(Role::Balance)
            .filter(|balance| !is_pocket(&balance.about))
            .cloned()
            .collect();
        if saved.is_none() {
            self.check_tie(&moved, !own.is_empty())?;
        }
        let second = self.with_role(Role::Balance).any(|balance| is_pocket(&balance.about));
        if second || self.says(pattern::POCKET_BALANCE) {
            return stop("the balance of a second account");
        }
        // An operator's tills have accounts of their own. Their texts do not always differ from those of the wallets.
        let unclear = |balance: &Mention| balance.about.iter().any(|word| in_class(class::ACCOUNT_NOUN, *word));
        let weak_credit = moved.strength == Strength::Weak && moved.direction == Some(Impact::Credit);
        let credit = moved.direction == Some(Impact::Credit) && !moved.has(flag::NAMED);
        if TILLS.contains(&self.row.id()) && ((credit && own.is_empty()) || (weak_credit && own.iter().any(unclear))) {
            return stop("a balance of the wallet or of a till");
        }
        if (between && told.is_none()) || (saved.is_none() && self.moves_to_pocket(&moved)) {
            return stop("a transfer between two accounts of the reader");
        }
        if self
            .mentions
            .iter()
            .any(|mention| matches!(mention.role, Some(Role::Draw | Role::Debt | Role::Due)))
        {
            return stop("a debt besides");
        }
        let spared = self.spared(&moved);
        if let Some((name, words)) = self.guard(&[], spared) {
            return stop_at(name, words);
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
        let balance = self.balance_after(&moved)?;
        self.check_institution(&moved, balance.is_some())?;
        self.check_words(moved.event, Some(sentence), spared.is_some())?;
        let mut draft = self.draft(Some(&moved.mention), moved.direction, balance.as_ref())?;
        let party = self.party(&moved.mention);
        draft.labels = self.labels(&moved, &party, draft.labels)?;
        self.check_bookmaker(&moved, draft.labels)?;
        let overdrawn = moved.direction == Some(Impact::Debit) && draft.balance.is_some_and(Money::is_negative);
        if overdrawn {
            draft.labels = draft.labels.with(Label::Overdraft);
        }
        self.book_credit_card(sentence, &mut draft)?;
        let stated = self.fee(draft.currency);
        self.check_arithmetic(&draft, stated)?;
        let undoes = spared.is_some();
        let fee = self.whole_fee(draft.currency, &moved);
        let reference = self.code(undoes);
        // The other side of an undone movement is not known to send the money back: the operator may send it.
        let name = if undoes { None } else { self.name(&moved) };
        let mut read = self.told(moved.name(), vec![draft]);
        (read.fee, read.reference, read.name) = (fee, reference, name);
        read.own = saved.is_some() || self.is_with_another(&moved);
        let placed = self.is_place(&moved, &party) && lends(&party.name, self.country.code, false) == Some(true);
        read.party = Some(party.name).filter(|name| !(name.is_empty() || placed));
        Ok(Outcome::Records(Box::new(read)))
    }

    /// Stops at money of a lender that may be lent, and at words of a loan that no rule of loans understood.
    fn check_lender(&mut self, moved: &Moved) -> Result<(), Outcome> {
        if self.row.kind == Kind::Lender && !self.row.depository() {
            return stop("a lender keeps no account");
        }
        if self.row.kind == Kind::Lender
            && self.own_account().is_none()
            && self.with_role(Role::Balance).next().is_none()
        {
            return stop("money of a lender: lent, or of an account");
        }
        if self.loan_context
            && !self.is_with_lender(moved)
            && self.sentence_says(moved.mention.sentence, pattern::LOAN_WORDS)
        {
            return stop("words of a loan that were not understood");
        }
        Ok(())
    }

    /// The balance after the movement. Stops at a balance that may be older, because it stands with its own date in
    /// front of the movement, and at the balance of another account.
    fn balance_after(&mut self, moved: &Moved) -> Result<Option<Mention>, Outcome> {
        let dated = |sentence: usize| self.sentences[sentence].words.contains(&DATE);
        let earlier = |balance: &Mention| balance.sentence < moved.mention.sentence && dated(balance.sentence);
        if self.with_role(Role::Balance).any(earlier) {
            return stop("a balance of another date");
        }
        // A narration with an amount may hold a second message, whose balance this would be.
        let priced = |narration: &Narration| narration.words.contains(&MONEY);
        if self.narrations.iter().any(priced) && self.with_role(Role::Balance).next().is_some() {
            return stop("a narration with an amount, and a balance");
        }
        let own = self.own_account_of(moved.direction);
        let balance = self.own_balance()?;
        // "Your account **071 has been debited. Balance in account **088 is": the balance of another account.
        let other = balance
            .as_ref()
            .filter(|balance| balance.sentence != moved.mention.sentence);
        let shown = other.and_then(|balance| self.account_in(balance.sentence));
        if own.is_some() && shown.is_some() && own != shown {
            return stop("the balance of another account");
        }
        Ok(balance)
    }

    /// Stops unless the money moved on an account that the institution of the message keeps. `stated`: the message
    /// states the balance.
    fn check_institution(&mut self, moved: &Moved, stated: bool) -> Result<(), Outcome> {
        let bank = self.row.kind == Kind::Bank;
        let credit = moved.direction == Some(Impact::Credit);
        if let Some(account) = self.account_at_another(moved) {
            return stop_at(
                "the money moved on an account at another institution, whose own message tells it",
                account,
            );
        }
        if bank && !stated && self.own_account_of(moved.direction).is_none() {
            let named = moved.strength >= Strength::Done && self.says(pattern::FOREIGN_RECEIPT);
            let credited = credit && self.says(pattern::FOREIGN_REFERENCE);
            if named || credited || carries_foreign_receipt(self.skeleton) {
                return stop("another operator's receipt");
            }
        }
        if self.arrives_elsewhere(moved) {
            return stop("somebody else's account");
        }
        self.check_other_side(moved)
    }

    /// Stops if other words of the sentence turn the direction: "your payment … from JOHN", "account … credited … from
    /// your account".
    fn check_other_side(&mut self, moved: &Moved) -> Result<(), Outcome> {
        let sentence = moved.mention.sentence;
        let credit = moved.direction == Some(Impact::Credit);
        let told = if credit {
            pattern::FROM_YOURS
        } else {
            pattern::INTO_YOURS
        };
        if moved.strength >= Strength::Account && self.says_behind(&moved.mention, told) && !self.is_with_another(moved)
        {
            return stop("the reader's account is on the other side");
        }
        let noun = (moved.has(flag::NOUN) && self.sentence_says(sentence, pattern::PAYMENT_SAID))
            || self.sentence_says(sentence, pattern::PAYMENT_NOUN);
        let paid = noun && !credit && !self.sentence_says(sentence, pattern::WITHDRAWAL_SAID);
        if paid
            && (self.goes_on_with(&moved.mention, pattern::FROM_SOMEBODY)
                || self.goes_on_with(&moved.mention, pattern::TO_YOURS))
        {
            return stop("a payment from somebody, or between accounts of the reader");
        }
        // "Depot d'argent. Une transaction … sur votre compte": the previous sentence states the direction.
        if !credit && sentence > 0 && self.sentence_says(sentence - 1, pattern::HEADLINE_IN) {
            return stop("the other direction before the amount");
        }
        if self.names_an_account_twice(sentence) {
            return stop("from an account to itself");
        }
        if credit && self.sentence_says(sentence, pattern::CHEQUE) && !self.says(pattern::CLEARED) {
            return stop("a cheque");
        }
        // If the amount is foreign currency that was bought, the sum that left the account stands elsewhere or is not
        // stated.
        let code = self.amount(&moved.mention).code;
        let foreign = code.is_some_and(|code| !code.is_empty() && Some(code) != self.country.currency);
        let next = self.behind(&moved.mention).first();
        let ends = next.is_none_or(|word| matches!(*word, END | DATE))
            || self.goes_on_with(&moved.mention, pattern::FROM_YOURS);
        if foreign && ends && self.follows(&moved.mention, pattern::BOUGHT_MONEY) {
            return stop("currency that was bought");
        }
        Ok(())
    }

    /// Stops at words of the other direction beside a bookmaker: "your deposit to a bookmaker" leaves the account, and
    /// "withdrawn from a bookmaker" comes in.
    fn check_bookmaker(&mut self, moved: &Moved, labels: LabelSet) -> Result<(), Outcome> {
        let turned = match moved.direction {
            Some(Impact::Credit) => pattern::DEPOSIT_SAID,
            _ => pattern::WITHDRAWAL_SAID,
        };
        if labels.contains(Label::BettingAndLottery) && self.sentence_says(moved.mention.sentence, turned) {
            return stop("a deposit to a bookmaker, or a withdrawal from one");
        }
        Ok(())
    }

    /// Whether the money arrived on somebody else's account: the text reports to the reader that it was sent.
    fn arrives_elsewhere(&mut self, moved: &Moved) -> bool {
        let arrives = moved.direction == Some(Impact::Credit) && moved.strength > Strength::Strong;
        arrives && self.says(pattern::SENT_SUCCESSFULLY)
    }

    /// Books a movement of a credit card as one of a revolving loan, if the institution has such accounts in the
    /// directory. Otherwise it stops.
    fn book_credit_card(&mut self, sentence: usize, draft: &mut Draft) -> Result<(), Outcome> {
        if !self.says(pattern::CREDIT_CARD) && !self.names_credit_card() {
            return Ok(());
        }
        if !self.row.revolving() || self.sentence_says(sentence, pattern::ATM) {
            return stop("a credit card");
        }
        draft.account_type = AccountType::RevolvingLoan;
        // The available sum of a credit card is a limit, not a balance.
        draft.balance = None;
        Ok(())
    }

    /// Whether the text names a credit card by a code with its digits: "CCRD5512".
    fn names_credit_card(&self) -> bool {
        let mut references = self.skeleton.tokens.iter().filter(|token| token.word == REFERENCE);
        references.any(|token| {
            let written = self.skeleton.slice(token).to_ascii_lowercase();
            WORDS.credit_card_codes.iter().any(|code| written.starts_with(code))
        })
    }

    /// Stops if the text states the earlier balance, and that balance, the amount and the fee do not add up to the
    /// balance.
    fn check_arithmetic(&mut self, draft: &Draft, fee: Option<Money>) -> Result<(), Outcome> {
        let earlier: Vec<Money> = self
            .with_role(Role::OtherBalance)
            .filter(|balance| balance.about.iter().any(|word| in_class(class::EARLIER, *word)))
            .filter_map(|balance| self.signed(balance))
            .collect();
        let ([before], Some(amount), Some(impact), Some(after)) =
            (earlier.as_slice(), draft.amount, draft.impact, draft.balance)
        else {
            return Ok(());
        };
        match follows(*before, amount, impact, fee, after) {
            Check::Contradicted | Check::Reversed => {
                stop("the balance before, the amount and the balance do not add up")
            }
            Check::Confirmed => {
                self.note(|| "confirmed by the balance before".into());
                Ok(())
            }
            Check::Uncheckable => Ok(()),
        }
    }

    pub(super) fn check_amount(&mut self, moved: &Moved) -> Result<(), Outcome> {
        if self.goes_on_with(&moved.mention, pattern::INCLUDES_FEE) {
            return stop("the amount holds the fee");
        }
        if moved.has(flag::NOUN)
            && let Some(next) = self.behind(&moved.mention).first()
        {
            let last = moved.mention.sentence + 1 == self.sentences.len();
            if (*next == END && last) || !(in_class(class::BEHIND_NOUN, *next) || *next == END) {
                return stop_at(
                    "unknown words behind the amount",
                    self.sentence_text(moved.mention.sentence),
                );
            }
        }
        Ok(())
    }

    /// Stops unless the money moves on the reader's account.
    pub(super) fn check_tie(&mut self, moved: &Moved, own_balance: bool) -> Result<(), Outcome> {
        let sentence = moved.mention.sentence;
        let bank = self.row.kind == Kind::Bank;
        let account = self.own_account_of(moved.direction);
        let receipt = self.says(pattern::RECEIPT);
        let strength = self.strength_of_sending(moved)?;
        let received = self.sentence_says(sentence, pattern::RECEIVED_WORD);
        match strength {
            Strength::Strong => {}
            Strength::Weak => {
                if moved.direction == Some(Impact::Debit) && !own_balance && received {
                    return stop("sent and received: whose");
                }
                if !(own_balance || receipt || account.is_some()) {
                    return stop_at("an event that is not tied to the reader", moved.name());
                }
                if !own_balance && account.is_none() && bank && self.with_role(Role::Fee).next().is_none() {
                    return stop_at("an event that is not tied to the reader", moved.name());
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
                let greeted =
                    account.is_some() || own_balance || self.says(pattern::GREETING) || self.row.kind == Kind::Wallet;
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
        let unclear = moved.direction == Some(Impact::Credit) || !own_balance;
        if strength == Strength::Account && unclear && self.names_both_accounts(sentence) {
            return stop("from one account to another: whose");
        }
        if moved.has(flag::WHOSE) && !own_balance && !self.says(pattern::GREETING) {
            return stop("whose account");
        }
        let weak_noun = moved.has(flag::NOUN) && moved.strength == Strength::Weak;
        if weak_noun && moved.direction == Some(Impact::Credit) && self.goes_on_with(&moved.mention, pattern::NOT_MINE)
        {
            return stop("a deposit into whose account");
        }
        if moved.has(flag::DEPOSIT)
            && !own_balance
            && (self.says_behind(&moved.mention, pattern::OTHER_ACCOUNT)
                || !self.says_behind(&moved.mention, pattern::DEPOSIT_PLACE))
        {
            return stop("a deposit into whose account");
        }
        Ok(())
    }

    /// The strength of an event such as "sent to". Stops if somebody else may have sent the money, or if the account
    /// may be the reader's own. The event is only `done` if a bank states its fee for it.
    fn strength_of_sending(&mut self, moved: &Moved) -> Result<Strength, Outcome> {
        if !moved.has(flag::SENT) {
            return Ok(moved.strength);
        }
        let bank = self.row.kind == Kind::Bank;
        if self.says_behind(&moved.mention, pattern::OTHER_ACTOR) {
            return stop("sent by somebody");
        }
        if bank && self.goes_on_with(&moved.mention, pattern::SENT_TO_ACCOUNT) {
            return stop("paid to whose account");
        }
        let priced = self.with_role(Role::Fee).next().is_some();
        if bank && priced && self.goes_on_with(&moved.mention, pattern::SENT_TO_THIRD) {
            return Ok(Strength::Done);
        }
        Ok(moved.strength)
    }

    /// Whether the other side is a known lender, whose name has the only words of a loan in the sentence.
    fn is_with_lender(&mut self, moved: &Moved) -> bool {
        let party = self.party(&moved.mention);
        if lends(&party.name, self.country.code, false) != Some(true) {
            return false;
        }
        let sentence = &self.sentences[moved.mention.sentence];
        let mut words = sentence.words.clone();
        words[party.from..party.to].fill(UNKNOWN);
        let told = self.matcher.find(pattern::LOAN_WORDS, &sentence.possible, &words);
        told.is_none()
    }

    pub(super) fn moves_to_pocket(&mut self, moved: &Moved) -> bool {
        self.row.kind == Kind::Wallet && self.sentence_says(moved.mention.sentence, pattern::POCKET_MOVE)
    }

    /// The direction of a transfer between the wallet and savings of the reader, as the wallet sees it: "withdraw from
    /// M-WEKEZA account" comes in. `None` unless the text states the balance by the name of the wallet, because it may
    /// be that of the savings.
    fn with_savings(&mut self, moved: &Moved) -> Option<Impact> {
        if self.row.kind != Kind::Wallet || moved.direction.is_none() || self.receipt().is_none() {
            return None;
        }
        let sentence = moved.mention.sentence;
        let mut says = |patterns| self.sentence_says(sentence, patterns);
        let out = says(pattern::OUT_OF_SAVINGS) && !says(pattern::TO_SOMEBODY);
        let into = says(pattern::INTO_SAVINGS) && !says(pattern::FROM_ANYBODY);
        let mut balances = self.with_role(Role::Balance).peekable();
        let named = balances.peek().is_some()
            && balances.all(|balance| !is_pocket(&balance.about) && self.names_wallet(&balance.about));
        match (named, out, into) {
            (true, true, false) => Some(Impact::Credit),
            (true, false, true) => Some(Impact::Debit),
            _ => None,
        }
    }

    /// Whether one of the words is the wallet's own name.
    fn names_wallet(&self, words: &[u16]) -> bool {
        words
            .iter()
            .filter(|word| in_class(class::OPERATOR, **word))
            .any(|word| {
                let key = sender_key(WORD_TEXTS.get(usize::from(*word)));
                self.row.names().split(' ').any(|name| name == key)
            })
    }

    /// The words of undoing that the event itself explains: those before its amount, "refunded by", or the whole
    /// sentence if the event undoes another one. `None` if there are none.
    pub(super) fn spared(&mut self, moved: &Moved) -> Option<Spared> {
        let sentence = moved.mention.sentence;
        let before = moved.has(flag::UNDO);
        let part = |from, to| {
            Some(Spared {
                sentence,
                from,
                to,
                before,
            })
        };
        if before {
            return part(0, self.sentences[sentence].words.len());
        }
        if moved.strength != Strength::Strong || self.says(pattern::REVERSAL_OPEN) {
            return None;
        }
        if self.sentence_says(sentence, pattern::REVERSAL_SAID) {
            return part(0, moved.mention.at);
        }
        let known = &self.sentences[sentence];
        let (from, to) = self.matcher.find(pattern::REFUND_SAID, &known.possible, &known.words)?;
        if moved.direction == Some(Impact::Credit) {
            part(from, to)
        } else {
            None
        }
    }

    /// Stops at another event in the text. A sentence without an amount may be passed over only if it states no event
    /// of its own.
    pub(super) fn check_residue(&mut self, moved: &Moved) -> Result<(), Outcome> {
        // "Credited to your account and immediately debited."
        let turned = match moved.direction {
            Some(Impact::Credit) => class::RESIDUE_DEBIT,
            _ => class::RESIDUE_CREDIT,
        };
        let behind = self.behind(&moved.mention);
        let turns = behind.iter().filter(|word| in_class(turned, **word)).count();
        // "Debited from your account and credited to the wallet of": the second verb belongs to the same movement.
        let went_on = turns == 1
            && moved.direction == Some(Impact::Debit)
            && moved.strength == Strength::Strong
            && self.says_behind(&moved.mention, pattern::MOVED_ON);
        if turns > 0 && !went_on {
            return stop("the other direction behind the amount");
        }
        for index in 0..self.sentences.len() {
            let sentence = &self.sentences[index];
            let undone_before = moved.has(flag::UNDO) && index < moved.mention.sentence;
            if sentence.has_money || sentence.harmless || undone_before {
                continue;
            }
            if !self.sentence_says(index, pattern::EVENT_TOLD) {
                continue;
            }
            let words = &self.sentences[index].words;
            let credit = words.iter().any(|word| in_class(class::RESIDUE_CREDIT, *word));
            let debit = words.iter().any(|word| in_class(class::RESIDUE_DEBIT, *word));
            let other = match moved.direction {
                Some(Impact::Credit) => debit,
                _ => credit,
            };
            if other || words.iter().any(|word| in_class(class::RESIDUE_NEVER, *word)) {
                return stop_at("another event", self.sentence_text(index));
            }
        }
        Ok(())
    }

    /// The text of a sentence, for `explain`.
    pub(crate) fn sentence_text(&self, index: usize) -> String {
        let tokens = &self.sentences[index].tokens;
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => self.skeleton.text[first.start as usize..last.end as usize].to_owned(),
            _ => String::new(),
        }
    }
}
