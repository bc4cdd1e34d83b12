//! Loans: each sentence makes one statement about a loan, and a table lists the statements that may meet in one
//! message.

use std::collections::BTreeSet;

use daftari_domain::{AccountType, Impact, Label, LabelSet, Money};
use daftari_sms_notation::clause::{END, MONEY, NUMBER, REFERENCE};
use daftari_sms_notation::sender::sender_key;

use super::context::{Context, Mention, is_pocket};
use super::moved::Moved;
use super::outcome::{Outcome, stop, stop_at};
use super::sentences::Sentence;
use super::skeleton::Sign;
use super::tables::{Kind, LOAN_RULES, LoanClass, Role, Row, Strength, class, in_class, is_unknown, pattern, row_of};
use crate::account::as_written;
use crate::draft::Draft;
use crate::tables::INSTITUTIONS;
use crate::text::stands_alone;

use LoanClass::{
    Approved, Declined, Default, Disbursed, FurtherOffer, Missed, Offer, Reminder, Repaid, Repayment, Request, Sent,
    Somebody,
};

/// The combinations of statements that a message may make about a loan, each with its main statement in front. The row
/// that counts is the first one whose main statement the message makes and which lists all statements of the message.
const MEETINGS: &[(LoanClass, &[LoanClass])] = &[
    (Declined, &[Declined, Offer, FurtherOffer]),
    (Disbursed, &[Disbursed, Approved, Reminder, FurtherOffer]),
    (Approved, &[Approved]),
    (Repayment, &[Repayment, Repaid, Reminder, FurtherOffer, Offer]),
    (Repaid, &[Repaid, FurtherOffer, Offer]),
    (Default, &[Default, Missed]),
    (Missed, &[Missed, Reminder]),
    (Reminder, &[Reminder, FurtherOffer]),
    (FurtherOffer, &[FurtherOffer, Offer]),
    (Offer, &[Offer]),
];

/// Roles of amounts in a text about a loan that are neither the amount paid out nor the amount paid back.
const BESIDE_AMOUNT: &[Role] = &[
    Role::Limit,
    Role::Fee,
    Role::Balance,
    Role::OtherBalance,
    Role::Debt,
    Role::Total,
    Role::Due,
    Role::Advertisement,
    Role::Mentioned,
];

impl Context<'_> {
    /// The outcome for a loan of the reader; `None` if the message is not about such a loan.
    pub(crate) fn loan(&mut self) -> Option<Outcome> {
        let lender = self.lends();
        if !lender && !self.loan_context {
            return None;
        }
        let said = self.loan_classes();
        self.note(|| format!("loan: {said:?}"));
        let offers_only = said.iter().all(|class| matches!(class, Offer | FurtherOffer));
        let silent = said.is_empty() && (!lender || (self.row.depository() && !self.loan_context));
        if silent || (!lender && offers_only) {
            return None;
        }
        Some(self.try_loan(&said).unwrap_or_else(|outcome| outcome))
    }

    fn loan_classes(&mut self) -> BTreeSet<LoanClass> {
        let mut said = BTreeSet::new();
        let mut sentences: Vec<BTreeSet<LoanClass>> = Vec::new();
        let mut only_dated = true;
        for index in 0..self.sentences.len() {
            let sentence = &self.sentences[index];
            if sentence.harmless || (sentence.opener && !sentence.has_money && index > 0) {
                continue;
            }
            let mut here = BTreeSet::new();
            for rule in LOAN_RULES {
                let sentence = &self.sentences[index];
                if self
                    .matcher
                    .find(rule.patterns, &sentence.possible, &sentence.words)
                    .is_some()
                    && self
                        .matcher
                        .find(rule.except, &sentence.possible, &sentence.words)
                        .is_none()
                {
                    here.insert(rule.class);
                }
            }
            only_dated &= !here.contains(&Reminder)
                || (said.contains(&Approved) && self.sentence_says(index, pattern::DUE_DATE_ALONE));
            said.extend(here.iter().copied());
            sentences.push(here);
        }
        // "Your loan has been approved. Due date: 05-Dec-2026": the date of a new loan reminds of nothing.
        if only_dated && said.len() == 2 && said.contains(&Approved) {
            said.remove(&Reminder);
        }
        // A reminder in one sentence and a missed payment in another belong to two instalments, or to two messages.
        let apart = sentences
            .iter()
            .any(|here| here.contains(&Reminder) && !here.contains(&Missed));
        if (said.contains(&Missed) && apart) || !self.is_payment_before_its_news(&said, &sentences) {
            said.insert(Request);
        }
        if said.remove(&Sent) && self.lends() && (self.loan_context || self.is_lent_to_be_repaid()) {
            said.insert(Disbursed);
        }
        said
    }

    /// Whether a text without the word for a loan states one: "UGX 500,000 has been sent to your mobile money. Please
    /// repay UGX 575,000 by …". The sums to repay stand behind, and are the amount or up to twice as much. A gift
    /// beside another loan is smaller.
    fn is_lent_to_be_repaid(&mut self) -> bool {
        let sent = (0..self.sentences.len()).find(|index| self.sentence_says(*index, pattern::SENT_ALONE));
        let Some(sent) = sent else {
            return false;
        };
        let value = |mention: &Mention| Some(self.amount(mention).value?.decimal());
        let amount = self
            .mentions
            .iter()
            .find(|mention| mention.sentence == sent)
            .and_then(value);
        let dues: Option<Vec<_>> = self.with_role(Role::Due).map(value).collect();
        let behind = self.with_role(Role::Due).all(|due| due.sentence > sent);
        let sum = dues.and_then(|dues| dues.into_iter().reduce(|sum, due| sum + due));
        let (Some(amount), Some(sum)) = (amount, sum) else {
            return false;
        };
        behind && amount <= sum && sum <= amount + amount
    }

    /// Whether a payment comes before its news: the next due date, or the end of the loan. A due date before the
    /// payment, or in its sentence, may ask for the payment. Or the text consists of two messages.
    fn is_payment_before_its_news(&mut self, said: &BTreeSet<LoanClass>, sentences: &[BTreeSet<LoanClass>]) -> bool {
        let Some(paid) = sentences.iter().position(|here| here.contains(&Repayment)) else {
            return true;
        };
        // "Your loan is repaid. Amount debited: KES 500": the amount is a field of the news.
        let field = self.says(pattern::PAID_FIELD);
        let news = |here: &BTreeSet<LoanClass>| here.contains(&Reminder) || (here.contains(&Repaid) && !field);
        let due = said.contains(&Reminder);
        !sentences[..paid].iter().any(news)
            && !sentences[paid].contains(&Reminder)
            && (!due || said.contains(&Disbursed) || self.says(pattern::PAID_ALREADY))
    }

    fn try_loan(&mut self, said: &BTreeSet<LoanClass>) -> Result<Outcome, Outcome> {
        if said.contains(&Somebody) {
            return stop("somebody else's loan");
        }
        if said.is_empty() {
            return if self.mentions.is_empty() {
                stop("no statement about a loan")
            } else {
                stop("a lender's words that were not understood")
            };
        }
        if said.contains(&Request) {
            return stop("a request for a loan");
        }
        if !self.lends() && self.may_name_a_company_by_a_loan() {
            return stop("a loan, or a name");
        }
        let names_loan = self.loan_context || self.with_role(Role::Debt).next().is_some();
        if said.contains(&Repayment) && self.lends() && self.row.depository() && !names_loan {
            return stop("a payment towards the loan, or from an account");
        }
        if let Some(mention) = self.mentions.iter().find(|mention| self.amount(mention).bad) {
            return stop_at("a malformed number", self.written(mention));
        }
        let asks = |sentence: &Sentence| sentence.asks && !sentence.opener;
        if let Some(index) = self.sentences.iter().position(asks) {
            return stop_at("a question", self.sentence_text(index));
        }
        let meeting = MEETINGS
            .iter()
            .find(|(main, with)| said.contains(main) && said.iter().all(|class| with.contains(class)));
        let Some((main, _)) = meeting else {
            return stop_at("statements that contradict each other", format!("{said:?}"));
        };
        let allowed: &[&str] = match main {
            Declined | Missed | Default => &["refused", "not yet", "due", "asked for", "paid back"],
            Disbursed | Repayment | Repaid if said.contains(&Reminder) => &["due", "asked for", "paid back"],
            Disbursed | Repayment | Repaid => &["asked for", "paid back"],
            _ => &["asked for", "not yet", "due", "paid back"],
        };
        if let Some((name, words)) = self.guard(allowed, None) {
            return stop_at(name, words);
        }
        if !(self.row.kind == Kind::Lender
            || self.says(pattern::GREETING)
            || self.all.iter().any(|word| in_class(class::READER, *word)))
        {
            return stop("whose loan");
        }
        self.check_words_of_loan()?;
        match main {
            Disbursed => self.disbursed(said),
            Repayment | Repaid => self.repaid(said),
            Declined => self.alert_of_loan(LabelSet::from_iter([Label::LoanDeclined]), None),
            Approved => self.alert_of_loan(LabelSet::from_iter([Label::LoanApproved]), None),
            Reminder => self.reminder(),
            Missed | Default => {
                let mut labels = LabelSet::EMPTY;
                if said.contains(&Missed) {
                    labels = labels.with(Label::LoanMissedPayment);
                }
                if said.contains(&Default) {
                    labels = labels.with(Label::LoanDefaulted);
                }
                let owed = self.owed(false)?;
                self.alert_of_loan(labels, owed)
            }
            FurtherOffer => self.offer(Label::OtherLoanOffer),
            _ => self.offer(Label::NewLoanOffer),
        }
    }

    /// Whether the word for a loan may be a part of the name of the other side: "paid to LOAN STAR HARDWARE".
    fn may_name_a_company_by_a_loan(&self) -> bool {
        self.sentences.iter().any(|sentence| {
            let written = |at: usize| {
                sentence
                    .tokens
                    .get(at - 1)
                    .map_or("", |token| self.skeleton.slice(token))
            };
            let is_capital = |at: usize| written(at).starts_with(char::is_uppercase);
            (2..sentence.words.len() - 1).any(|at| {
                in_class(class::LOAN_NOUN, sentence.words[at])
                    && in_class(class::PARTY_OUT, sentence.words[at - 1])
                    && is_capital(at)
                    && (written(at + 1) == "-" || (is_unknown(sentence.words[at + 1]) && is_capital(at + 1)))
            })
        })
    }

    fn offer(&mut self, label: Label) -> Result<Outcome, Outcome> {
        if !self.lends() {
            return stop("an offer beside something else");
        }
        self.alert_of_loan(LabelSet::from_iter([label]), None)
    }

    fn reminder(&mut self) -> Result<Outcome, Outcome> {
        let owed = self.owed(false)?;
        self.alert_of_loan(LabelSet::from_iter([Label::LoanRepaymentReminder]), owed)
    }

    /// A record of labels, perhaps with the amount owed.
    fn alert_of_loan(&mut self, labels: LabelSet, owed: Option<Mention>) -> Result<Outcome, Outcome> {
        let alert = |mention: &Mention| {
            let amount = self.amount(mention);
            let signed = amount.marked.is_some() || amount.sign != Sign::None;
            match mention.role {
                Some(Role::Amount) => signed || self.row.kind != Kind::Lender,
                Some(Role::Event) => {
                    self.row.kind != Kind::Lender
                        && mention.event.is_some_and(|event| event.strength <= Strength::Account)
                }
                _ => false,
            }
        };
        if self.with_role(Role::Draw).next().is_some()
            || self.all.iter().any(|word| in_class(class::OVERDRAFT, *word)) && !self.row.revolving() && self.lends()
        {
            return stop("an overdraft beside a notice of a loan");
        }
        if self.mentions.iter().any(alert) {
            return stop("a movement beside a notice of a loan");
        }
        let told: Vec<Mention> = self
            .mentions
            .iter()
            .filter(|mention| mention.event.is_some_and(|event| event.direction.is_some()))
            .cloned()
            .collect();
        if told.iter().any(|mention| self.tells_of_money(mention)) {
            return stop("a movement beside a notice of a loan");
        }
        self.check_open_end()?;
        let draft = self.loan_draft(None, None, owed.as_ref(), labels)?;
        Ok(self.read("clauses/loan_notice", vec![draft]))
    }

    /// Stops at a notice that may have been cut before words that would change its statement.
    fn check_open_end(&mut self) -> Result<(), Outcome> {
        let closed = self
            .skeleton
            .text
            .trim_end()
            .ends_with(|c: char| !c.is_alphanumeric() && !matches!(c, ',' | '-' | ':' | '('));
        let last = self.sentences.len() - 1;
        let plain = self
            .skeleton
            .tokens
            .last()
            .is_some_and(|last| in_class(class::NOTICE_END, last.word));
        // An earlier sentence made the statement about the loan.
        let said_before = last > 0 && (self.only_states_a_balance(last) || !self.says_of_loan(last));
        if closed || plain || said_before {
            Ok(())
        } else {
            stop("cut short")
        }
    }

    /// Whether a sentence states a balance and nothing else: "Balance: KES 7,000.00". [`Context::check_cut`] checks the
    /// end of the number.
    fn only_states_a_balance(&mut self, index: usize) -> bool {
        let mut here = self
            .mentions
            .iter()
            .filter(|mention| mention.sentence == index)
            .peekable();
        here.peek().is_some()
            && here.all(|mention| mention.role == Some(Role::Balance))
            && !LOAN_RULES.iter().any(|rule| self.sentence_says(index, rule.patterns))
    }

    /// Whether a sentence may belong to the statement about the loan.
    fn says_of_loan(&mut self, index: usize) -> bool {
        LOAN_RULES.iter().any(|rule| self.sentence_says(index, rule.patterns))
            || self.sentences[index]
                .words
                .iter()
                .any(|word| matches!(*word, MONEY | REFERENCE) || in_class(class::LOAN_NOUN, *word))
    }

    /// Whether the amount moves money of an account, not of the loan.
    fn tells_of_money(&mut self, mention: &Mention) -> bool {
        !self.follows(mention, pattern::LEFT_PRINCIPAL)
    }

    /// Whether the institution is a lender. A balance in its texts is the amount owed.
    fn lends(&self) -> bool {
        self.row.kind == Kind::Lender
    }

    /// The amount that is still owed: a debt, or the amount in brackets behind a loan. `balances`: the message tells of
    /// a payment, so a balance of a lender counts too.
    fn owed(&mut self, balances: bool) -> Result<Option<Mention>, Outcome> {
        let mut found: Vec<Mention> = self.with_role(Role::Debt).cloned().collect();
        if !balances {
            // A notice states the owed amount itself; a debt elsewhere may belong to another loan, unless the text is
            // about one loan and the sentence states nothing else.
            let several = self.says(pattern::SEVERAL_LOANS);
            found.retain(|mention| {
                let sentence = &self.sentences[mention.sentence];
                sentence.words.iter().any(|word| in_class(class::LOAN_NOUN, *word))
                    || (!several && self.sentence_says(mention.sentence, pattern::OWED_ALONE))
            });
        }
        if balances && !self.lends() && self.with_role(Role::Balance).any(is_left_over) {
            return stop("what is left, of the account or of the loan");
        }
        if balances && self.lends() {
            found.extend(
                self.with_role(Role::Balance)
                    .filter(|balance| !is_of_wallet(balance))
                    .cloned(),
            );
        }
        for mention in self.mentions.clone() {
            let sentence = &self.sentences[mention.sentence];
            let bracketed = {
                let start = sentence.words[..mention.at]
                    .iter()
                    .rposition(|word| *word == MONEY)
                    .map_or(0, |at| at + 1);
                self.matcher.before(
                    pattern::LEFT_OWED,
                    &sentence.possible,
                    &sentence.words[start..mention.at],
                ) && self.matcher.behind(
                    pattern::RIGHT_OWED,
                    &sentence.possible,
                    &sentence.words[mention.at + 1..],
                )
            };
            if bracketed {
                found.push(mention);
            }
        }
        let Some(first) = found.first().cloned() else {
            return Ok(None);
        };
        if found
            .iter()
            .any(|other| self.amount(other).value != self.amount(&first).value)
        {
            return stop("two sums owed");
        }
        Ok(Some(first))
    }

    /// The one amount that `left` or `right` finds. Amounts with a role of [`BESIDE_AMOUNT`] do not count.
    fn one_amount(&mut self, left: &[u16], right: &[u16]) -> Result<Option<Mention>, Outcome> {
        let mut found: Vec<Mention> = Vec::new();
        let mut rest: Vec<Mention> = Vec::new();
        for mention in self.mentions.clone() {
            if matches!(mention.role, Some(role) if BESIDE_AMOUNT.contains(&role)) {
                continue;
            }
            let sentence = &self.sentences[mention.sentence];
            let start = sentence.words[..mention.at]
                .iter()
                .rposition(|word| *word == MONEY)
                .map_or(0, |at| at + 1);
            let fits = self
                .matcher
                .before(left, &sentence.possible, &sentence.words[start..mention.at])
                || self
                    .matcher
                    .behind(right, &sentence.possible, &sentence.words[mention.at + 1..]);
            if fits {
                found.push(mention);
            } else {
                rest.push(mention);
            }
        }
        let Some(first) = found.first().cloned() else {
            return if rest.is_empty() {
                Ok(None)
            } else {
                stop("an amount without a role in a loan")
            };
        };
        let value = self.amount(&first).value;
        if found.iter().chain(&rest).any(|other| self.amount(other).value != value) {
            return stop("several amounts in a loan");
        }
        Ok(Some(first))
    }

    fn disbursed(&mut self, said: &BTreeSet<LoanClass>) -> Result<Outcome, Outcome> {
        let Some(amount) = self.one_amount(pattern::LEFT_PRINCIPAL, pattern::RIGHT_PRINCIPAL)? else {
            return stop("no amount was handed over");
        };
        if amount.event.is_some_and(|event| event.direction == Some(Impact::Debit)) {
            return stop("money out beside a loan that comes in");
        }
        let owed = self.owed_beside_balance()?;
        let mut labels = LabelSet::from_iter([Label::LoanDisbursed]);
        if said.contains(&Approved) {
            labels = labels.with(Label::LoanApproved);
        }
        let mut drafts = Vec::new();
        if self.row.kind != Kind::Lender {
            if !self.row.loan() && self.product_row().is_some() {
                return stop("a loan with an account of its own");
            }
            let balance = self.own_balance()?;
            let apart = self.loan_row().is_none();
            let elsewhere = self.moves_elsewhere(&amount, Impact::Credit);
            if elsewhere && balance.is_some() {
                return stop("a loan paid out to another institution, beside a balance");
            }
            let named = balance.is_some() || (!elsewhere && self.own_account().is_some());
            let came = apart && self.came_to_wallet(&amount);
            // The account's own alert tells of the money, so a notice of the loan would count it twice. A notice with
            // the account's balance is that alert too.
            if balance.is_some() || came {
                drafts.push(self.draft(Some(&amount), Some(Impact::Credit), balance.as_ref())?);
            } else if !named && !self.row.loan() {
                return stop("no account of the reader is named");
            }
            // The loan has no account that is known. The money that came states its purpose.
            if came && let Some(draft) = drafts.first_mut() {
                self.check_open_end()?;
                draft.labels = draft.labels.with(Label::LoanDisbursed);
                return Ok(self.read("clauses/loan_disbursed", drafts));
            }
        }
        self.check_open_end()?;
        drafts.push(self.loan_draft(Some(&amount), Some(Impact::Debit), owed.as_ref(), labels)?);
        Ok(self.read("clauses/loan_disbursed", drafts))
    }

    /// Whether the words name the wallet that the money of a loan came to: "into your Airtel Money account".
    fn came_to_wallet(&mut self, amount: &Mention) -> bool {
        let Some(event) = amount.event.filter(|event| event.strength == Strength::Strong) else {
            return false;
        };
        let moved = Moved {
            mention: amount.clone(),
            event: Some(event),
            direction: event.direction,
            strength: event.strength,
        };
        // "Your KCB M-PESA loan" has an account of its own.
        self.row.kind == Kind::Wallet
            && self.sentence_says(amount.sentence, pattern::UNNAMED_LOAN)
            && event.direction == Some(Impact::Credit)
            && self.account_at_another(&moved).is_none()
    }

    /// Whether the money of a loan came to an account of the reader at another institution, or was paid from one: "to
    /// your MoMo wallet 0244…" in a text of a bank.
    fn moves_elsewhere(&self, amount: &Mention, direction: Impact) -> bool {
        let moved = Moved {
            mention: amount.clone(),
            event: amount.event,
            direction: Some(direction),
            strength: Strength::Strong,
        };
        self.is_elsewhere(&moved)
    }

    fn owed_beside_balance(&mut self) -> Result<Option<Mention>, Outcome> {
        let debts: Vec<Mention> = self.with_role(Role::Debt).cloned().collect();
        match debts.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            _ => stop("two sums owed"),
        }
    }

    fn repaid(&mut self, said: &BTreeSet<LoanClass>) -> Result<Outcome, Outcome> {
        let fully = said.contains(&Repaid);
        // "Your loan of Ksh 500 is fully repaid" states the borrowed amount.
        let amount = if said.contains(&Repayment) {
            let found = self.one_amount(pattern::LEFT_PAID, pattern::RIGHT_PAID)?;
            if found.is_none() {
                return stop("no amount was paid");
            }
            found
        } else {
            self.one_amount(pattern::LEFT_PRINCIPAL, &[])?;
            None
        };
        let lender = self.lends();
        let comes_in = |mention: &Mention| {
            mention
                .event
                .is_some_and(|event| event.direction == Some(Impact::Credit))
        };
        if !lender && amount.as_ref().is_some_and(comes_in) {
            return stop("money in beside a repayment");
        }
        let owed = self.owed(true)?;
        let mut labels = LabelSet::EMPTY;
        if amount.is_some() {
            labels = labels.with(Label::LoanRepayment);
        }
        if fully {
            labels = labels.with(Label::LoanRepaid);
        }
        let mut drafts = Vec::new();
        if self.row.kind != Kind::Lender {
            let balance = self.own_balance()?;
            let strong = amount.as_ref().is_some_and(|mention| {
                let event = mention.event;
                event.is_some_and(|event| event.strength == Strength::Strong && event.direction == Some(Impact::Debit))
            });
            let elsewhere = amount
                .as_ref()
                .is_some_and(|amount| self.moves_elsewhere(amount, Impact::Debit));
            if elsewhere && balance.is_some() {
                return stop("a loan paid from another institution, beside a balance");
            }
            let named = balance.is_some() || strong || self.own_account().is_some();
            if named
                && !elsewhere
                && let Some(amount) = &amount
            {
                drafts.push(self.draft(Some(amount), Some(Impact::Debit), balance.as_ref())?);
            } else if !self.row.loan() {
                return stop("no account of the reader is named");
            }
            // The wallet's own receipt tells of the payment too.
            if !self.row.loan() && self.all.iter().any(|word| in_class(class::PRODUCT, *word)) {
                return stop("a loan with an account of its own");
            }
            // Only lenders write "We have received your payment". In another institution's text it belongs to a second
            // message.
            if self.loan_row().is_none()
                && let Some(amount) = &amount
                && self.sentence_says(amount.sentence, pattern::RECEIVED_WORD)
            {
                return stop("a payment received by an institution that lends nothing");
            }
            // If the loan has no account of its own, the payment states its purpose.
            if self.loan_row().is_none()
                && let Some(draft) = drafts.first_mut()
            {
                self.check_open_end()?;
                draft.labels = draft.labels.with(Label::LoanRepayment);
                return Ok(self.read("clauses/loan_repaid", drafts));
            }
        }
        self.check_open_end()?;
        let mut loan = self.loan_draft(
            amount.as_ref(),
            amount.as_ref().map(|_| Impact::Credit),
            owed.as_ref(),
            labels,
        )?;
        if fully && amount.is_some() && loan.balance.is_none() {
            loan.balance = Some(Money::ZERO);
        }
        if loan.balance == Some(Money::ZERO) {
            loan.labels = loan.labels.with(Label::LoanRepaid);
        } else if fully && loan.balance.is_some() {
            return stop("fully repaid, and something is owed");
        }
        drafts.push(loan);
        Ok(self.read("clauses/loan_repaid", drafts))
    }

    /// The row of the directory that a loan of this institution belongs to.
    fn loan_row(&mut self) -> Option<&'static Row> {
        if let Some(row) = self.product_row() {
            return Some(row);
        }
        if self.row.loan() || self.row.revolving() {
            return Some(self.row);
        }
        let id = format!("{}_loans", self.row.id());
        row_of(&id)
    }

    /// The row of a loan product of this institution that the text names: "NMB Mshiko Fasta". The product's name is its
    /// name in the directory without the names of the institution.
    fn product_row(&mut self) -> Option<&'static Row> {
        // Texts about the product of a wallet have templates, apart from notices of an overdraft.
        let institution = INSTITUTIONS.iter().find(|known| known.id == self.row.id())?;
        let overdraft = |kind| kind == AccountType::RevolvingLoan;
        let products = institution
            .accounts
            .iter()
            .filter(|account| account.kind.is_debt() && (self.row.loan() || overdraft(account.kind)));
        let mut rows =
            products.filter_map(|account| row_of(account.institution_id).filter(|row| row.id() != self.row.id()));
        // An advertisement behind the notice may name a product too.
        let mut text = String::new();
        for index in 0..self.sentences.len() {
            let sentence = &self.sentences[index];
            let offers = !sentence.has_money && (sentence.opener || self.sentence_says(index, pattern::ADVERT));
            if !sentence.harmless && !offers {
                text.push_str(&self.sentence_text(index).to_ascii_lowercase());
                text.push(' ');
            }
        }
        rows.find(|row| {
            let own = |word: &&str| !self.row.names().split(' ').any(|name| name == sender_key(word));
            let name: Vec<&str> = row.display_name().split(' ').filter(own).collect();
            let name = name.join(" ").to_ascii_lowercase();
            let mut places = text.match_indices(&name);
            !name.is_empty() && places.any(|(at, _)| stands_alone(text.as_bytes(), at, at + name.len()))
        })
    }

    /// A record of the loan. It belongs to the lender, or to the loans of the bank.
    fn loan_draft(
        &mut self,
        amount: Option<&Mention>,
        impact: Option<Impact>,
        owed: Option<&Mention>,
        labels: LabelSet,
    ) -> Result<Draft, Outcome> {
        let Some(row) = self.loan_row() else {
            return stop("the institution lends nothing that is known");
        };
        if row.loan() && row.revolving() {
            return stop("which of the institution's loans");
        }
        let mut draft = self.draft(amount, impact, None)?;
        draft.institution_id = row.id();
        draft.account_type = if row.loan() {
            AccountType::Loan
        } else {
            AccountType::RevolvingLoan
        };
        let code = self.currency(owed)?;
        draft.balance = match owed {
            Some(owed) if code.is_none_or(|code| Some(code) == draft.currency) => self.amount(owed).value,
            _ => None,
        };
        draft.account_id = self.loan_id();
        draft.labels = labels;
        Ok(draft)
    }

    /// The number of the loan: `loan LN-2044`, `application (LN-2044)`.
    fn loan_id(&mut self) -> Option<String> {
        for index in 0..self.sentences.len() {
            for at in 1..self.sentences[index].words.len() - 1 {
                let sentence = &self.sentences[index];
                if !matches!(sentence.words[at], REFERENCE | NUMBER)
                    || sentence.words[at + 1] == END && sentence.words[at] == NUMBER
                {
                    continue;
                }
                if self
                    .matcher
                    .before(pattern::LEFT_LOAN_ID, &sentence.possible, &sentence.words[..at])
                {
                    return as_written(self.skeleton.slice(&sentence.tokens[at - 1]));
                }
            }
        }
        None
    }
}

/// Whether a balance is called a rest: "Remaining balance". Beside a payment towards a loan, it may be the amount that
/// is still owed.
fn is_left_over(balance: &Mention) -> bool {
    balance.about.iter().any(|word| in_class(class::LEFT_OVER, *word))
}

/// Whether a balance beside a notice of a loan is that of a wallet or of savings, as its name says.
fn is_of_wallet(balance: &Mention) -> bool {
    is_pocket(&balance.about) || balance.about.iter().any(|word| in_class(class::OPERATOR, *word))
}
