//! Records for the tests of this module, all in [`SAMPLE_MONTH`].

use proptest::prelude::*;

use crate::{
    AccountId, AccountType, Counterparty, CounterpartyKind, CounterpartyToken, Date, Details, Impact, KeptDetails,
    Label, LabelSet, Money, Record, Reference, Timestamp,
};

pub(crate) const SAMPLE_MONTH: &str = "2021-10-01T00:00:00Z";

pub(crate) fn record_at(id: &str, seconds: i64) -> Record {
    Record {
        id: id.parse().expect("id"),
        timestamp: SAMPLE_MONTH.parse::<Timestamp>().expect("month").plus_seconds(seconds),
        institution_id: "mpesa".parse().expect("institution"),
        account_id: AccountId::default(),
        account_type: AccountType::Depository,
        amount: Some(Money::from_parts(i128::from(seconds) * 100, 2).expect("money")),
        balance: None,
        currency: Some("KES".parse().expect("currency")),
        impact: Some(Impact::Credit),
        labels: LabelSet::EMPTY,
        body: None,
        details: KeptDetails::NONE,
    }
}

/// A record with a text of about a kilobyte that does not compress well.
pub(crate) fn bulky_record(n: u32, seconds: i64) -> Record {
    let mut state = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let body: String = (0..1_000)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(b'!' + u8::try_from((state >> 33) % 90).expect("below 90"))
        })
        .collect();
    Record {
        labels: LabelSet::EMPTY.with(Label::LoanApproved),
        body: Some(body.into()),
        ..record_at(&format!("bulky-{n:06}"), seconds)
    }
}

pub(crate) fn money() -> impl Strategy<Value = Money> {
    let mantissa = prop_oneof![
        0_i128..10_000,
        -1_000_000_i128..100_000_000,
        -9_999_999_999_999_999_999_i128..=9_999_999_999_999_999_999,
    ];
    (mantissa, prop_oneof![Just(2_u32), Just(4)]).prop_filter_map("within limits", |(mantissa, scale)| {
        Money::from_parts(mantissa, scale).ok()
    })
}

/// Any details, including empty ones.
pub(crate) fn details() -> impl Strategy<Value = Details> {
    let reference = prop_oneof!["[0-9A-Z]{1,13}", "[A-Z]{2}[0-9A-Z]{8}", "[!-~]{1,64}"];
    let token = prop::option::of(prop_oneof![any::<[u8; 8]>(), Just([7; 8])]);
    let counterparty = (token, prop::sample::select(CounterpartyKind::ALL)).prop_map(|(token, kind)| Counterparty {
        token: token.map(CounterpartyToken),
        kind,
    });
    (
        prop::option::of(money()),
        prop::option::of(reference),
        prop::option::of(counterparty),
        prop::option::of((0_i64..=2_932_896).prop_map(|day| Date::utc(Timestamp::EPOCH).plus_days(day))),
    )
        .prop_map(|(fee, reference, counterparty, due_date)| Details {
            fee,
            reference: reference.map(|text| Reference::stored(&text).expect("reference")),
            counterparty,
            due_date,
        })
}

pub(crate) fn record() -> impl Strategy<Value = Record> {
    let id = prop_oneof![
        "[0-9a-f]{32}",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "[!-~]{1,20}",
    ];
    let who = (
        "mpesa|equitybank|[a-z]{1,3}",
        "default|[0-9]{4}",
        prop::sample::select(AccountType::ALL),
    );
    let sums = (
        prop::option::of(money()),
        prop::option::of(money()),
        prop::option::of(prop::sample::select(Impact::ALL)),
        prop::option::of("KES|UGX|NGN"),
    );
    let labels = prop::collection::vec(prop::sample::select(Label::ALL), 0..3);
    let text = prop::option::of(".{0,60}");
    (id, 0_i64..2_678_400, who, sums, labels, text, details()).prop_map(
        |(id, seconds, who, sums, labels, body, details)| Record {
            institution_id: who.0.parse().expect("institution"),
            account_id: who.1.parse().expect("account"),
            account_type: who.2,
            amount: sums.0,
            balance: sums.1,
            impact: sums.2,
            currency: sums.3.map(|code| code.parse().expect("currency")),
            labels: labels.into_iter().collect(),
            body: body.map(Into::into),
            details: details.into(),
            ..record_at(&id, seconds)
        },
    )
}

/// Records with distinct identities.
pub(crate) fn distinct_records(most: usize) -> impl Strategy<Value = Vec<Record>> {
    prop::collection::vec(record(), 0..most).prop_map(|mut records| {
        records.sort_by(|a, b| a.identity().cmp(&b.identity()));
        records.dedup_by(|a, b| a.identity() == b.identity());
        records
    })
}
