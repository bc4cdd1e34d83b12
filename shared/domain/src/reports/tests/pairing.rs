//! Matching of credits with loans and transfers: as many as possible, independent of record ids.

use proptest::prelude::*;

use crate::reports::dti;
use crate::reports::matching::MAX_LEGS;
use crate::reports::tests::records::{Build, json, kenyan, loan, record};
use crate::{AccountType, Impact, Label, Record, RecordId, TimeRange};

/// Counts of repayments, repayments told twice, income, received loans and own transfers.
fn counts(records: &[Record]) -> [u64; 5] {
    let report = json(&dti(records, &kenyan(), TimeRange::ALL, None));
    let names = [
        "repayments",
        "repayments_told_twice",
        "income",
        "loans_received",
        "own_transfers",
    ];
    names.map(|name| {
        let flow = &report["repayment_to_income_evidence"][name];
        flow["count"].as_u64().expect("a count")
    })
}

fn after(record: Record, seconds: i64) -> Record {
    Record {
        timestamp: record.timestamp.plus_seconds(seconds),
        currency: Some("KES".parse().expect("currency")),
        ..record
    }
}

fn at_bank(bank: &str, seconds: i64) -> Record {
    after(record(bank, "2021-10-08T10:00:00"), seconds)
}

fn named(records: Vec<Record>, ids: &[u8]) -> Vec<Record> {
    let named = records.into_iter().zip(ids).map(|(record, id)| Record {
        id: RecordId::from_bytes([*id; 16]),
        ..record
    });
    named.collect()
}

fn permutations(count: u8) -> Vec<Vec<u8>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(count - 1) {
        for place in 0..=shorter.len() {
            let mut longer = shorter.clone();
            longer.insert(place, count);
            all.push(longer);
        }
    }
    all
}

#[test]
fn a_loan_paid_out_and_saved_in_one_second_does_not_count_as_income() {
    for ids in permutations(4) {
        let lent = after(loan("tala_ke", "2021-10-08T10:00:00"), 0).debit("3940");
        let records = vec![
            lent,
            at_bank("mpesa", 0).credit("3940"),
            at_bank("mpesa", 0).debit("3940"),
            at_bank("equitybank", 0).credit("3940"),
        ];
        assert_eq!(counts(&named(records, &ids)), [0, 0, 0, 1, 1], "{ids:?}");
    }
}

#[test]
fn money_passed_on_through_two_accounts_does_not_count_as_income() {
    for ids in permutations(4) {
        let records = vec![
            at_bank("kcb", 0).debit("5000"),
            at_bank("mpesa", 100).credit("5000"),
            at_bank("mpesa", 90).debit("5000"),
            at_bank("equitybank", 95).credit("5000"),
        ];
        assert_eq!(counts(&named(records, &ids)), [0, 0, 0, 0, 2], "{ids:?}");
    }
}

#[test]
fn a_payment_finds_its_notice_beside_another_payment() {
    // The nearest notice of the first payment is the only candidate of the second.
    for ids in permutations(4) {
        let payment = |hours: i64| at_bank("mpesa", hours * 3_600).debit("200").label(Label::LoanRepayment);
        let notice = |hours: i64| after(loan("tala_ke", "2021-10-08T10:00:00"), hours * 3_600).credit("200");
        let records = vec![notice(-20), payment(0), notice(10), payment(30)];
        assert_eq!(counts(&named(records, &ids)), [2, 2, 0, 0, 0], "{ids:?}");
    }
}

#[test]
fn large_groups_are_paired_greedily_and_each_record_counts_once() {
    let count = i64::try_from(MAX_LEGS).expect("few") + 1;
    let mut records = Vec::new();
    for index in 0..count {
        records.push(after(loan("tala_ke", "2021-10-08T10:00:00"), index * 60).debit("200"));
        records.push(at_bank("mpesa", index * 60 + 1).credit("200"));
        records.push(at_bank("mpesa", index * 60 + 2).debit("200"));
        records.push(at_bank("equitybank", index * 60 + 3).credit("200"));
    }
    for (index, record) in records.iter_mut().enumerate() {
        record.id = format!("r{index}").parse().expect("id");
    }
    let [repaid, told_twice, income, loans, transfers] = counts(&records);
    let count = count.unsigned_abs();
    assert_eq!((repaid, told_twice, income + loans + transfers), (0, 0, 2 * count));
    assert_eq!(loans, count);
}

/// Movements of one sum at two banks, a loan and an overdraft, at distances around the limits.
fn movements() -> impl Strategy<Value = Vec<Record>> {
    let time = prop_oneof![
        0_i64..4,
        (0_i64..5).prop_map(|step| step * 300),
        (0_i64..4).prop_map(|step| step * 43_200)
    ];
    let one = (0_u8..6, any::<bool>(), 0_u8..5, time);
    proptest::collection::vec(one, 0..9).prop_map(|movements| {
        let build = |(index, (account, credit, label, seconds)): (usize, (u8, bool, u8, i64))| {
            let made = match account {
                0 => after(loan("tala_ke", "2021-10-08T10:00:00"), seconds),
                1 => after(loan("fuliza", "2021-10-08T10:00:00"), seconds).of_type(AccountType::RevolvingLoan),
                2 | 3 => at_bank("mpesa", seconds),
                _ => at_bank("equitybank", seconds),
            };
            let made = if credit { made.credit("100") } else { made.debit("100") };
            let made = match (label, credit) {
                (0, true) => made.label(Label::LoanDisbursed),
                (0, false) => made.label(Label::LoanRepayment),
                _ => made,
            };
            made.id(&format!("r{}", index * 7 % 10))
        };
        movements.into_iter().enumerate().map(build).collect()
    })
}

/// Brute force over all pairings: most pairs, then most labelled credits, then least distance, then most loans.
fn oracle(records: &[Record]) -> [u64; 5] {
    let of = |impact: Impact, wanted: &dyn Fn(&Record) -> bool| -> Vec<&Record> {
        let found = records
            .iter()
            .filter(|record| record.impact == Some(impact) && wanted(record));
        found.collect()
    };
    let depository = |record: &Record| record.account_type == AccountType::Depository;
    let labelled = |record: &Record| record.labels.contains(Label::LoanDisbursed);
    let payment = |record: &Record| record.labels.contains(Label::LoanRepayment);
    let apart = |a: &Record, b: &Record| (a.timestamp.unix_seconds() - b.timestamp.unix_seconds()).abs();

    let payments = of(Impact::Debit, &|record| depository(record) && payment(record));
    let notices = of(Impact::Credit, &|record| !depository(record));
    let told = best(&payments, &notices, &|debit, credit| {
        (apart(debit, credit) <= 86_400).then_some([-1, 0, 0, 0])
    });
    let debits = of(Impact::Debit, &|record| !(depository(record) && payment(record)));
    let credits = of(Impact::Credit, &depository);
    let paired = best(&debits, &credits, &|debit, credit| {
        let distance = apart(debit, credit);
        let own = depository(debit);
        let limit = match (debit.account_type, labelled(credit)) {
            (AccountType::Depository, true) => return None,
            (AccountType::RevolvingLoan | AccountType::Depository, false) => 600,
            _ => 86_400,
        };
        let fits = distance <= limit && !(own && debit.institution_id == credit.institution_id);
        fits.then(|| [-1, -i64::from(labelled(credit)), distance, i64::from(own)])
    });
    let count = |number: usize| number as u64;
    let all_labelled = count(credits.iter().filter(|credit| labelled(credit)).count());
    let own = paired[3].unsigned_abs();
    let unlabelled = paired[0].unsigned_abs() - paired[1].unsigned_abs();
    let told = told[0].unsigned_abs();
    [
        count(payments.len() + notices.len()) - told,
        told,
        count(credits.len()) - all_labelled - unlabelled,
        all_labelled + unlabelled - own,
        own,
    ]
}

fn best(debits: &[&Record], credits: &[&Record], cost: &dyn Fn(&Record, &Record) -> Option<[i64; 4]>) -> [i64; 4] {
    let Some((debit, others)) = debits.split_first() else {
        return [0; 4];
    };
    let mut found = best(others, credits, cost);
    for (index, credit) in credits.iter().enumerate() {
        if let Some(own) = cost(debit, credit) {
            let mut left = credits.to_vec();
            left.remove(index);
            let rest = best(others, &left, cost);
            found = found.min(std::array::from_fn(|part| own[part] + rest[part]));
        }
    }
    found
}

proptest! {
    #[test]
    fn pairing_equals_the_best_of_all_possible_pairings(records in movements()) {
        prop_assert_eq!(counts(&records), oracle(&records), "{:?}", records);
    }

    #[test]
    fn ids_and_order_change_no_figure((records, ids, order) in movements().prop_flat_map(|records| {
        let ids: Vec<u8> = (0..records.len()).map(|id| u8::try_from(id).expect("few")).collect();
        (Just(records.clone()), Just(ids).prop_shuffle(), Just(records).prop_shuffle())
    })) {
        let renamed = named(records.clone(), &ids);
        prop_assert_eq!(counts(&records), counts(&renamed));
        prop_assert_eq!(counts(&records), counts(&order));
    }
}
