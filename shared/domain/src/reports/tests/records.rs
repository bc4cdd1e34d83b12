//! Builds records and subjects for tests.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde::Serialize;
use uuid::Uuid;

use crate::ids::{OrganizationId, UserId};
use crate::reports::Subject;
use crate::{
    AccountId, AccountType, Currency, Impact, KeptDetails, Label, LabelSet, Money, Record, TimeRange, Timestamp,
};

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("timestamp")
}

pub(crate) fn money(text: &str) -> Money {
    text.parse().expect("money")
}

pub(crate) fn currency(code: &str) -> Currency {
    code.parse().expect("currency")
}

/// A user in the country.
pub(crate) fn subject_in(country: Option<&str>) -> Subject {
    Subject {
        user_uuid: UserId(Uuid::from_u128(0x958a_5ae8_f3a3_41d5_ae48_177f_dc19_e3f4)),
        client_uuid: OrganizationId(Uuid::from_u128(1)),
        country: country.map(|code| code.parse().expect("country")),
    }
}

pub(crate) fn kenyan() -> Subject {
    subject_in(Some("KE"))
}

/// A depository record without content, to be completed with the methods of [`Build`].
pub(crate) fn record(institution: &str, timestamp: &str) -> Record {
    Record {
        id: format!("{institution}@{timestamp}").parse().expect("id"),
        timestamp: at(timestamp),
        institution_id: institution.parse().expect("institution"),
        account_id: AccountId::default(),
        account_type: AccountType::Depository,
        amount: None,
        balance: None,
        currency: None,
        impact: None,
        labels: LabelSet::EMPTY,
        body: None,
        details: KeptDetails::NONE,
    }
}

pub(crate) fn loan(institution: &str, timestamp: &str) -> Record {
    record(institution, timestamp).of_type(AccountType::Loan)
}

pub(crate) trait Build: Sized {
    fn id(self, id: &str) -> Self;
    fn account(self, id: &str) -> Self;
    fn of_type(self, account_type: AccountType) -> Self;
    fn credit(self, amount: &str) -> Self;
    fn debit(self, amount: &str) -> Self;
    fn balance(self, balance: &str) -> Self;
    fn currency(self, code: &str) -> Self;
    fn label(self, label: Label) -> Self;
}

impl Build for Record {
    fn id(mut self, id: &str) -> Self {
        self.id = id.parse().expect("id");
        self
    }

    fn account(mut self, id: &str) -> Self {
        self.account_id = id.parse().expect("account");
        self
    }

    fn of_type(mut self, account_type: AccountType) -> Self {
        self.account_type = account_type;
        self
    }

    fn credit(mut self, amount: &str) -> Self {
        self.impact = Some(Impact::Credit);
        self.amount = Some(money(amount));
        self
    }

    fn debit(mut self, amount: &str) -> Self {
        self.impact = Some(Impact::Debit);
        self.amount = Some(money(amount));
        self
    }

    fn balance(mut self, balance: &str) -> Self {
        self.balance = Some(money(balance));
        self
    }

    fn currency(mut self, code: &str) -> Self {
        self.currency = Some(currency(code));
        self
    }

    fn label(mut self, label: Label) -> Self {
        self.labels = self.labels.with(label);
        self
    }
}

pub(crate) fn json(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).expect("json")
}

/// A record that is valid except for its id. There are few seconds, so many records share one.
fn any_record() -> impl Strategy<Value = Record> {
    let account = (
        select(vec!["mpesa", "okash", "mtn_gh", "nowhere"]),
        select(vec!["default", "0042", "7"]),
        select(AccountType::ALL),
    );
    let money = (
        proptest::option::of((0_i128..5_000_000).prop_map(|cents| Money::from_parts(cents, 2))),
        proptest::option::of((-900_000_i128..900_000).prop_map(|tens| Money::from_parts(tens, 1))),
        proptest::option::of(select(vec!["KES", "GHS", "USD", "TZS"])),
        proptest::option::of(select(Impact::ALL)),
    );
    let seconds = (0_i64..40).prop_map(|step| 1_600_000_000 + step * step * step * 700);
    let labels = subsequence(Label::ALL.to_vec(), 0..3);
    (account, money, seconds, labels).prop_filter_map(
        "a record must say something",
        |((institution, account, account_type), money, seconds, labels)| {
            let (amount, balance, currency, impact) = money;
            let record = Record {
                timestamp: Timestamp::from_unix_seconds(seconds).expect("timestamp"),
                account_id: account.parse().expect("account"),
                account_type,
                amount: amount.map(|amount| amount.expect("money")),
                balance: balance.map(|balance| balance.expect("money")),
                currency: currency.map(|code| code.parse().expect("currency")),
                impact,
                labels: labels.into_iter().collect(),
                ..record(institution, "2021-01-01T00:00:00")
            };
            record.check(at("2100-01-01T00:00:00")).ok().map(|()| record)
        },
    )
}

/// A ledger: records in arbitrary order, with distinct ids.
pub(crate) fn any_ledger() -> impl Strategy<Value = Vec<Record>> {
    proptest::collection::vec(any_record(), 0..60).prop_map(|mut records| {
        for (index, record) in records.iter_mut().enumerate() {
            // Ids that do not follow the time order.
            record.id = format!("r{}", index * 7_919 % 1_000).parse().expect("id");
        }
        records
    })
}

/// A ledger and the same records in another order.
pub(crate) fn any_shuffled_ledger() -> impl Strategy<Value = (Vec<Record>, Vec<Record>)> {
    any_ledger().prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle()))
}

pub(crate) fn any_subject() -> impl Strategy<Value = Subject> {
    let countries = vec![Some("KE"), Some("GH"), Some("ZM"), None];
    select(countries).prop_map(subject_in)
}

pub(crate) fn any_range() -> impl Strategy<Value = TimeRange> {
    let instant = || {
        let seconds = 1_600_000_000_i64..1_650_000_000;
        proptest::option::of(seconds.prop_map(|seconds| Timestamp::from_unix_seconds(seconds).expect("timestamp")))
    };
    (instant(), instant()).prop_map(|(start, end)| TimeRange { start, end })
}
