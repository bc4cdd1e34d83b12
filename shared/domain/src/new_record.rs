//! A record as a client writes it in JSON.

use crate::kept_text::MAX_KEPT_TEXT_CHARS;
use crate::{
    AccountId, AccountType, Counterparty, CounterpartyKind, CounterpartyToken, Currency, Date, Details, Impact,
    InstitutionId, KeptText, LabelSet, Money, Record, RecordId, Reference, Timestamp,
};
use serde::Deserialize;

/// A record as a client sends it. Nullable members may be left out.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    /// Identifies the record within its account and month.
    id: RecordId,
    /// When it happened, between 1970 and a day from now.
    timestamp: Timestamp,
    /// The institution of the account.
    institution_id: InstitutionId,
    /// The account within the institution; `default` if left out.
    #[serde(default)]
    account_id: Option<AccountId>,
    /// The type of the account.
    account_type: AccountType,
    /// The amount moved. Never negative.
    #[serde(default)]
    amount: Option<Money>,
    /// The balance afterwards; for a loan, the amount owed. May be negative.
    #[serde(default)]
    balance: Option<Money>,
    /// The currency of amount and balance.
    #[serde(default)]
    currency: Option<Currency>,
    /// The direction of the money.
    #[serde(default)]
    impact: Option<Impact>,
    /// The statements of the message, as labels.
    #[serde(default)]
    labels: Option<LabelSet>,
    /// The source text, of at most 1,600 characters and 4,800 bytes. Only allowed for labelled records. Stored without
    /// invisible characters, surrounding white space and long runs of white space. A text without visible characters is
    /// stored as no text.
    #[serde(default)]
    #[schema(extensions(("x-max-length" = json!(MAX_KEPT_TEXT_CHARS))))]
    body: Option<Box<str>>,
    /// The institution's fee for the movement, in addition to the amount; never negative.
    #[serde(default)]
    fee: Option<Money>,
    /// The code that the institution gave the transaction.
    #[serde(default)]
    reference: Option<Reference>,
    /// The counterparty of the movement.
    #[serde(default)]
    counterparty: Option<NewCounterparty>,
    /// Of a loan: the date by which the lender wants the next payment, or wanted the late one.
    #[serde(default)]
    due_date: Option<Date>,
}

/// The counterparty of a movement, as a client sends it.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCounterparty {
    /// A pseudonym of your own making: equal for equal counterparties of one user. Never a name or a number.
    #[serde(default)]
    token: Option<CounterpartyToken>,
    /// The kind of counterparty; `unknown` if left out.
    #[serde(default)]
    kind: Option<CounterpartyKind>,
}

impl NewCounterparty {
    /// `None` if it is empty.
    fn read(self) -> Option<Counterparty> {
        let counterparty = Counterparty {
            token: self.token,
            kind: self.kind.unwrap_or(CounterpartyKind::Unknown),
        };
        Some(counterparty).filter(Counterparty::is_known)
    }
}

impl From<NewRecord> for Record {
    fn from(new: NewRecord) -> Self {
        Self {
            id: new.id,
            timestamp: new.timestamp,
            institution_id: new.institution_id,
            account_id: new.account_id.unwrap_or_default(),
            account_type: new.account_type,
            amount: new.amount,
            balance: new.balance,
            currency: new.currency,
            impact: new.impact,
            labels: new.labels.unwrap_or_default(),
            body: new.body.as_deref().map(KeptText::from).filter(|text| !text.is_empty()),
            details: Details {
                fee: new.fee,
                reference: new.reference,
                counterparty: new.counterparty.and_then(NewCounterparty::read),
                due_date: new.due_date,
            }
            .into(),
        }
    }
}
