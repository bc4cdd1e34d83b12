//! The data files as static tables, written by the build.

use daftari_domain::vocabulary::NotFinancialCode;
use daftari_domain::{AccountType, CounterpartyKind, Impact, Label, LabelSet};
use daftari_sms_notation::kind::{CurrencyRule, Decimals, FieldKind, MoneyLayout, Style};

use crate::parts::{Part, Text};

/// An institution that sends messages, and the layouts of its texts.
#[derive(Debug)]
pub(crate) struct Institution {
    pub(crate) id: &'static str,
    pub(crate) country: &'static str,
    /// The currency of amounts whose layout states no currency.
    pub(crate) currency: &'static str,
    /// Spellings in lower case, and the currencies they mean.
    pub(crate) currencies: &'static [(&'static str, &'static str)],
    /// Senders by their letters and digits, in lower case.
    pub(crate) sender_keys: &'static [&'static str],
    pub(crate) accounts: &'static [Account],
    pub(crate) templates: &'static [Template],
}

/// An account that messages are about.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) institution_id: &'static str,
    pub(crate) kind: AccountType,
}

/// A layout of a whole message.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: Text,
    /// Texts in lower case that rule the template out if they stand in the message as words: a part of
    /// [`WORDS_OF_UNLESS`].
    pub(crate) unless: Part,
    /// The last piece is a tail behind a field with a fixed end. It takes the rest of the text without a search.
    pub(crate) open_end: bool,
    /// The pattern in the notation of `daftari_sms_notation::template`.
    pub(crate) pattern: Text,
    /// A part of [`FIELDS`].
    pub(crate) fields: Part,
    /// A part of [`RECORDS`].
    pub(crate) records: Part,
    /// Why a layout has no records; `None` if it has records.
    pub(crate) nothing: Option<NotFinancialCode>,
    pub(crate) details: DetailsRule,
}

impl Template {
    /// One per field of the pattern, in order.
    pub(crate) fn fields(&self) -> &'static [Field] {
        self.fields.of(FIELDS)
    }

    pub(crate) fn records(&self) -> &'static [RecordRule] {
        self.records.of(RECORDS)
    }

    pub(crate) fn unless(&self) -> &'static [Text] {
        self.unless.of(WORDS_OF_UNLESS)
    }
}

/// The id of a field within a template; the names themselves are in the pattern.
pub(crate) type FieldId = u8;

/// A part of a message that varies.
#[derive(Debug)]
pub(crate) struct Field {
    /// The same for all fields of one name in a template.
    pub(crate) id: FieldId,
    pub(crate) kind: FieldKind,
}

/// The details of the movement that a layout states.
#[derive(Debug)]
pub(crate) struct DetailsRule {
    pub(crate) fee: FeeRule,
    /// Fields with further charges. The fee is unknown if the text states one of them and it is not zero.
    pub(crate) charges: Charges,
    /// The field with the code of the transaction.
    pub(crate) reference: Option<FieldId>,
    /// The field with the other side's name.
    pub(crate) party: Option<FieldId>,
    /// The kind of the other side.
    pub(crate) kind: Option<CounterpartyKind>,
}

/// Fields with charges: a part of [`CHARGES`].
#[derive(Debug)]
pub(crate) struct Charges(pub(crate) Part);

impl Charges {
    pub(crate) fn fields(&self) -> &'static [FieldId] {
        self.0.of(CHARGES)
    }
}

/// How a layout states the fee with its taxes.
#[derive(Debug)]
pub(crate) enum FeeRule {
    None,
    Field(FieldId),
    /// The sum of these.
    Sum(Charges),
    /// The total less the amount `of`. It must be at least the stated charge `least`, if there is one.
    Rest {
        total: FieldId,
        of: FieldId,
        least: Option<FieldId>,
    },
}

/// How one record is made from a matched message.
#[derive(Debug)]
pub(crate) struct RecordRule {
    /// Index into the institution's accounts.
    pub(crate) account: u8,
    pub(crate) impact: ImpactRule,
    pub(crate) amount: Option<FieldId>,
    pub(crate) balance: BalanceRule,
    /// The field with the account's number.
    pub(crate) number: Option<FieldId>,
    pub(crate) labels: LabelSet,
    /// The field with the counterparty's name.
    pub(crate) counterparty: Option<FieldId>,
    /// The field with a bank's narration.
    pub(crate) narration: Option<FieldId>,
}

/// The source of a movement's direction.
#[derive(Debug)]
pub(crate) enum ImpactRule {
    None,
    Always(Impact),
    Field(FieldId),
}

/// The source of a balance.
#[derive(Debug)]
pub(crate) enum BalanceRule {
    None,
    /// The wording implies it: a loan fully paid owes 0.
    Always(&'static str),
    Field(FieldId),
}

/// Where words stand in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The words are the whole name, except for numbers and words that companies add.
    Whole,
    /// The words end the name, except for the same.
    End,
}

/// Companies whose names make a movement carry a label.
#[derive(Debug)]
pub(crate) struct Counterparty {
    /// In lower case, with `|` between them. A pointer to each name would need more space than the name.
    pub(crate) names: &'static str,
    /// The countries where the names mean the companies; everywhere if empty.
    pub(crate) countries: &'static [&'static str],
    /// Where the words stand in a name; anywhere if `None`.
    pub(crate) place: Option<Place>,
    /// Searched in the names of payers and payees.
    pub(crate) in_names: bool,
    /// Searched in the narrations of banks.
    pub(crate) in_narrations: bool,
    pub(crate) debit: Option<Label>,
    pub(crate) credit: Option<Label>,
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));
