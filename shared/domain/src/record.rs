//! A ledger record: one financial event of a user with an institution.

use crate::{
    AccountId, AccountType, CounterpartyKind, Currency, Impact, InstitutionId, KeptDetails, KeptText, LabelSet, Money,
    RecordId, Timestamp,
};

pub use crate::kept_text::{MAX_KEPT_TEXT_BYTES, MAX_KEPT_TEXT_CHARS};

/// The content of a record: a transaction (amount and impact), a balance, an alert (labels), or several at once.
/// [`ShownRecord`](crate::ShownRecord) is how the API shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The id of the record in the source it was retrieved from.
    pub id: RecordId,
    /// When the event happened: when the SMS was received on the phone.
    pub timestamp: Timestamp,
    /// The institution the event happened at.
    pub institution_id: InstitutionId,
    /// The account inside the institution.
    pub account_id: AccountId,
    /// The type of the account.
    pub account_type: AccountType,
    /// Money moved; never negative.
    pub amount: Option<Money>,
    /// The balance after the event; of a loan, the amount owed. May be negative.
    pub balance: Option<Money>,
    /// The currency of amount and balance.
    pub currency: Option<Currency>,
    /// The direction of the money.
    pub impact: Option<Impact>,
    /// The labels of the message.
    pub labels: LabelSet,
    /// The text of the message, kept for labelled records only.
    pub body: Option<KeptText>,
    /// Fee, reference, counterparty and due date, if known.
    pub details: KeptDetails,
}

/// A rule that a record breaks. The text is a sentence about [`RecordFault::field`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// A negative amount.
    #[error("must not be negative: `impact` states the direction")]
    NegativeAmount,
    /// A negative fee.
    #[error("must not be negative")]
    NegativeFee,
    /// Neither a transaction, nor a balance, nor an alert.
    #[error("must have `amount` and `impact`, `balance` or `labels`")]
    Empty,
    /// A text without a label.
    #[error("is allowed on labelled records only")]
    BodyWithoutLabel,
    /// A text beyond [`MAX_KEPT_TEXT_CHARS`] or [`MAX_KEPT_TEXT_BYTES`].
    #[error("must be at most {MAX_KEPT_TEXT_CHARS} characters and {MAX_KEPT_TEXT_BYTES} bytes")]
    BodyTooLong,
    /// Control characters other than line breaks and tabs.
    #[error("must not hold control characters other than line breaks and tabs")]
    BodyControlCharacter,
    /// Before 1970.
    #[error("must not be before 1970-01-01T00:00:00+00:00")]
    TooEarly,
    /// After the latest instant accepted.
    #[error("must not be in the future")]
    InFuture,
}

impl RecordFault {
    /// The invalid field; `None` if the record as a whole is invalid.
    pub const fn field(self) -> Option<&'static str> {
        match self {
            Self::NegativeAmount => Some("amount"),
            Self::NegativeFee => Some("fee"),
            Self::Empty => None,
            Self::BodyWithoutLabel | Self::BodyTooLong | Self::BodyControlCharacter => Some("body"),
            Self::TooEarly | Self::InFuture => Some("timestamp"),
        }
    }

    /// Whether the rule depends on its field only.
    pub const fn is_of_one_field(self) -> bool {
        !matches!(self, Self::Empty | Self::BodyWithoutLabel)
    }
}

impl Record {
    /// Checks the rules that the types of the fields do not enforce. `latest` is the last acceptable timestamp. The
    /// error is the first of [`Record::faults`].
    pub fn check(&self, latest: Timestamp) -> Result<(), RecordFault> {
        match self.faults(latest).first() {
            Some(fault) => Err(*fault),
            None => Ok(()),
        }
    }

    /// Every rule that the record breaks.
    pub fn faults(&self, latest: Timestamp) -> Vec<RecordFault> {
        let body = self.body.as_ref();
        let empty = !self.is_transaction() && self.balance.is_none() && self.labels.is_empty();
        let rules = [
            (self.amount.is_some_and(Money::is_negative), RecordFault::NegativeAmount),
            (
                self.details.fee.is_some_and(Money::is_negative),
                RecordFault::NegativeFee,
            ),
            (empty, RecordFault::Empty),
            (body.is_some() && self.labels.is_empty(), RecordFault::BodyWithoutLabel),
            (
                body.is_some_and(|body| !body.is_within_limits()),
                RecordFault::BodyTooLong,
            ),
            (
                body.is_some_and(KeptText::has_control_characters),
                RecordFault::BodyControlCharacter,
            ),
            (self.timestamp < Timestamp::EPOCH, RecordFault::TooEarly),
            (self.timestamp > latest, RecordFault::InFuture),
        ];
        let broken = rules.into_iter().filter(|(broken, _)| *broken);
        broken.map(|(_, fault)| fault).collect()
    }

    /// Whether the record moves money: it has an amount and an impact.
    pub const fn is_transaction(&self) -> bool {
        self.amount.is_some() && self.impact.is_some()
    }

    /// The kind of the counterparty, if the institution states it.
    pub(crate) fn counterparty_kind(&self) -> Option<CounterpartyKind> {
        self.details.counterparty.map(|counterparty| counterparty.kind)
    }

    /// The identity: records of one month with equal identities are the same record.
    pub fn identity(&self) -> (&RecordId, &InstitutionId, &AccountId) {
        (&self.id, &self.institution_id, &self.account_id)
    }

    /// The position of the record in its ledger, oldest first. Total within a month: no two records share it.
    pub fn position(&self) -> (Timestamp, &RecordId, &InstitutionId, &AccountId) {
        (self.timestamp, &self.id, &self.institution_id, &self.account_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Label;

    fn record() -> Record {
        Record {
            id: "dd9bfad8a88f838d53f63b85c109dcf1".parse().expect("id"),
            timestamp: "2021-10-08T10:41:25+00:00".parse().expect("timestamp"),
            institution_id: "mpesa".parse().expect("institution"),
            account_id: AccountId::default(),
            account_type: AccountType::Depository,
            amount: Some("6800".parse().expect("amount")),
            balance: Some("6324.13".parse().expect("balance")),
            currency: Some("KES".parse().expect("currency")),
            impact: Some(Impact::Debit),
            labels: LabelSet::EMPTY,
            body: None,
            details: KeptDetails::NONE,
        }
    }

    fn latest() -> Timestamp {
        "2022-01-01T00:00:00Z".parse().expect("timestamp")
    }

    #[test]
    fn a_record_must_say_something() {
        let empty = Record {
            amount: None,
            balance: None,
            ..record()
        };
        assert_eq!(empty.check(latest()), Err(RecordFault::Empty));
        let no_impact = Record {
            impact: None,
            balance: None,
            ..record()
        };
        assert_eq!(no_impact.check(latest()), Err(RecordFault::Empty));
        let balance_only = Record {
            amount: None,
            impact: None,
            ..record()
        };
        assert_eq!(balance_only.check(latest()), Ok(()));
        let label_only = Record {
            labels: LabelSet::EMPTY.with(Label::Atm),
            ..empty
        };
        assert_eq!(label_only.check(latest()), Ok(()));
    }

    #[test]
    fn amounts_are_never_negative_but_balances_may_be() {
        let minus = Some("-1".parse().expect("money"));
        assert_eq!(
            Record {
                amount: minus,
                ..record()
            }
            .check(latest()),
            Err(RecordFault::NegativeAmount)
        );
        assert_eq!(
            Record {
                balance: minus,
                ..record()
            }
            .check(latest()),
            Ok(())
        );
    }

    #[test]
    fn only_labelled_records_carry_a_bounded_text() {
        let with = |labels, body: &str| Record {
            labels,
            body: Some(body.into()),
            ..record()
        };
        let labelled = LabelSet::EMPTY.with(Label::Pos);
        assert_eq!(
            with(LabelSet::EMPTY, "x").check(latest()),
            Err(RecordFault::BodyWithoutLabel)
        );
        assert_eq!(with(labelled, &"é".repeat(1_600)).check(latest()), Ok(()));
        assert_eq!(
            with(labelled, &"é".repeat(1_601)).check(latest()),
            Err(RecordFault::BodyTooLong)
        );
        assert_eq!(
            with(labelled, &"𝒜".repeat(1_201)).check(latest()),
            Err(RecordFault::BodyTooLong)
        );
        assert_eq!(with(labelled, "a\nb").check(latest()), Ok(()));
        assert_eq!(
            with(labelled, "a\0b").check(latest()),
            Err(RecordFault::BodyControlCharacter)
        );
    }

    #[test]
    fn timestamps_lie_between_1970_and_the_limit() {
        let at = |seconds| Record {
            timestamp: Timestamp::from_unix_seconds(seconds).expect("timestamp"),
            ..record()
        };
        assert_eq!(at(-1).check(latest()), Err(RecordFault::TooEarly));
        assert_eq!(at(0).check(latest()), Ok(()));
        assert_eq!(at(latest().unix_seconds()).check(latest()), Ok(()));
        assert_eq!(
            at(latest().unix_seconds() + 1).check(latest()),
            Err(RecordFault::InFuture)
        );
    }
}
