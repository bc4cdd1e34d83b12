use proptest::prelude::*;
use serde_json::{Value, json};

use crate::details::{Counterparty, Details};
use crate::reports::pairs::{Leg, Role, pair_off};
use crate::reports::tests::records::{Build, any_ledger, any_subject, at, json, kenyan, loan, record};
use crate::reports::total::Total;
use crate::reports::{DtiReport, dti};
use crate::{AccountType, CounterpartyKind, Currency, Impact, Label, Record, TimeRange};

fn report(records: &[Record]) -> DtiReport {
    dti(records, &kenyan(), TimeRange::ALL, None)
}

/// `ratio status; repayments told_twice income loans_received own_transfers`, each as count×total.
fn figures(records: &[Record]) -> String {
    let report = json(&report(records));
    let flow = |name: &str| {
        let flow = &report["repayment_to_income_evidence"][name];
        format!("{}×{}", flow["count"], flow["total"])
    };
    format!(
        "{} {}; {} {} {} {} {}",
        report["repayment_to_income"],
        report["repayment_to_income_status"].as_str().expect("a word"),
        flow("repayments"),
        flow("repayments_told_twice"),
        flow("income"),
        flow("loans_received"),
        flow("own_transfers")
    )
}

fn wallet(clock: &str) -> Record {
    record("mpesa", &format!("2021-10-08T{clock}")).currency("KES")
}

fn bank(clock: &str) -> Record {
    record("equitybank", &format!("2021-10-08T{clock}")).currency("KES")
}

fn tala(clock: &str) -> Record {
    loan("tala_ke", &format!("2021-10-08T{clock}")).currency("KES")
}

#[test]
fn spending_and_saving_do_not_count_as_repayments() {
    let records = [
        wallet("10:00:00").credit("1000"),
        wallet("11:00:00").debit("600"),
        wallet("12:00:00").debit("50").label(Label::AirtimePurchase),
    ];
    assert_eq!(figures(&records), "0.0 ok; 0×0.0 0×0.0 1×1000.0 0×0.0 0×0.0");
}

#[test]
fn a_credit_from_an_account_that_is_said_to_be_own_is_not_income() {
    let own = Counterparty {
        token: None,
        kind: CounterpartyKind::Own,
    };
    let details = Details {
        counterparty: Some(own),
        ..Details::default()
    };
    let moved = Record {
        details: details.into(),
        ..wallet("10:00:00").credit("1000")
    };
    let records = [moved, wallet("11:00:00").credit("600")];
    assert_eq!(figures(&records), "0.0 ok; 0×0.0 0×0.0 1×600.0 0×0.0 1×1000.0");
}

#[test]
fn salaries_and_winnings_are_income_beside_a_debit_or_a_loan_of_their_sum() {
    for label in [Label::Salary, Label::BettingAndLottery] {
        let records = [
            bank("10:00:00").debit("1000"),
            wallet("10:05:00").credit("1000").label(label),
            tala("09:00:00").debit("500"),
            wallet("09:05:00").credit("500").label(label),
        ];
        assert_eq!(
            figures(&records),
            "0.0 ok; 0×0.0 0×0.0 2×1500.0 0×0.0 0×0.0",
            "{label:?}"
        );
    }
}

#[test]
fn cash_paid_in_is_income_also_after_cash_taken_out() {
    let by_agent = |record: Record| {
        let agent = Counterparty {
            token: None,
            kind: CounterpartyKind::Agent,
        };
        let details = Details {
            counterparty: Some(agent),
            ..Details::default()
        };
        Record {
            details: details.into(),
            ..record
        }
    };
    let records = [
        by_agent(wallet("09:00:00").debit("1000")),
        by_agent(wallet("10:00:00").credit("1000")),
        bank("11:00:00").credit("300").label(Label::Atm),
    ];
    assert_eq!(figures(&records), "0.0 ok; 0×0.0 0×0.0 2×1300.0 0×0.0 0×0.0");
}

#[test]
fn a_payment_counts_once_even_if_several_messages_report_it() {
    let income = wallet("08:00:00").credit("1000");
    let paid = wallet("10:00:00").debit("200");
    let labelled = paid.clone().label(Label::LoanRepayment);
    let received = tala("10:03:00").credit("200").label(Label::LoanRepayment);
    let of = |records: &[&Record]| {
        let records: Vec<Record> = records.iter().copied().cloned().collect();
        figures(&records)
    };
    // Only the wallet, only the lender, one message for both, two messages.
    assert_eq!(of(&[&income, &labelled]), "0.2 ok; 1×200.0 0×0.0 1×1000.0 0×0.0 0×0.0");
    assert_eq!(of(&[&income, &received]), "0.2 ok; 1×200.0 0×0.0 1×1000.0 0×0.0 0×0.0");
    assert_eq!(
        of(&[&income, &paid, &received]),
        "0.2 ok; 1×200.0 0×0.0 1×1000.0 0×0.0 0×0.0"
    );
    assert_eq!(
        of(&[&income, &labelled, &received]),
        "0.2 ok; 1×200.0 1×200.0 1×1000.0 0×0.0 0×0.0"
    );
}

#[test]
fn two_payments_of_one_sum_are_two() {
    let payment = |clock: &str| wallet(clock).debit("200").label(Label::LoanRepayment);
    let notice = |clock: &str| tala(clock).credit("200");
    let income = wallet("08:00:00").credit("1000");
    // Two payments, of which the lender confirms one.
    let records = [
        income.clone(),
        payment("10:00:00"),
        payment("10:05:00"),
        notice("10:06:00"),
    ];
    assert_eq!(figures(&records), "0.4 ok; 2×400.0 1×200.0 1×1000.0 0×0.0 0×0.0");
    // One payment, and one that only the lender reports.
    let records = [income, payment("10:00:00"), notice("10:06:00"), notice("11:00:00")];
    assert_eq!(figures(&records), "0.4 ok; 2×400.0 1×200.0 1×1000.0 0×0.0 0×0.0");
}

#[test]
fn a_payment_and_its_notice_are_of_one_sum_and_currency_and_a_day_apart_at_most() {
    let income = record("mpesa", "2021-10-01T08:00:00").credit("1000").currency("KES");
    let payment = |at: &str| {
        let payment = record("mpesa", at).debit("200").currency("KES");
        payment.label(Label::LoanRepayment)
    };
    let notice =
        |amount: &str, currency: &str| loan("tala_ke", "2021-10-08T10:00:00").credit(amount).currency(currency);
    let repaid = |payment: Record, notice: Record| {
        json(&report(&[income.clone(), payment, notice]))["repayment_to_income_evidence"]["repayments"]["count"].clone()
    };
    for (at, count) in [
        ("2021-10-09T10:00:00", 1),
        ("2021-10-09T10:00:01", 2),
        ("2021-10-07T10:00:00", 1),
        ("2021-10-07T09:59:59", 2),
    ] {
        assert_eq!(repaid(payment(at), notice("200", "KES")), json!(count), "{at}");
    }
    let at = "2021-10-08T10:00:00";
    assert_eq!(repaid(payment(at), notice("200.01", "KES")), json!(2));
    assert_eq!(repaid(payment(at), notice("200", "USD")), json!(1), "in shillings");
}

#[test]
fn a_received_loan_does_not_count_as_income() {
    let income = wallet("08:00:00").credit("1000");
    for credit in [
        wallet("10:00:00").credit("500").label(Label::LoanDisbursed),
        wallet("10:00:00").credit("500").label(Label::LoanApproved),
        wallet("10:00:00").credit("500").label(Label::Overdraft),
    ] {
        let records = [income.clone(), credit];
        assert_eq!(figures(&records), "0.0 ok; 0×0.0 0×0.0 1×1000.0 1×500.0 0×0.0");
    }
    // The wallet's message does not mention a loan. The lender's message has the time of the disbursement.
    let lent = tala("10:00:00").debit("500").label(Label::LoanDisbursed);
    let of = |lent: &Record, at: &str| {
        let paid_in = record("mpesa", at).currency("KES").credit("500");
        figures(&[income.clone(), lent.clone(), paid_in])
    };
    let loan = "0.0 ok; 0×0.0 0×0.0 1×1000.0 1×500.0 0×0.0";
    let income_too = "0.0 ok; 0×0.0 0×0.0 2×1500.0 0×0.0 0×0.0";
    assert_eq!(of(&lent, "2021-10-09T10:00:00"), loan);
    assert_eq!(of(&lent, "2021-10-09T10:00:01"), income_too);
    // Most draws of an overdraft are not paid into an account.
    let draw = lent.clone().of_type(AccountType::RevolvingLoan);
    assert_eq!(of(&draw, "2021-10-08T10:10:00"), loan);
    assert_eq!(of(&draw, "2021-10-08T10:10:01"), income_too);
    // A labelled credit matches the loan, so the other credit is income.
    let both = [
        income,
        lent,
        wallet("09:00:00").credit("500").label(Label::LoanDisbursed),
        bank("10:01:00").credit("500"),
    ];
    assert_eq!(figures(&both), "0.0 ok; 0×0.0 0×0.0 2×1500.0 1×500.0 0×0.0");
}

#[test]
fn a_transfer_between_own_accounts_does_not_count_as_income() {
    let income = wallet("08:00:00").credit("1000");
    let sent = wallet("10:00:00").debit("300");
    let of = |sent: Record, received: Record| figures(&[income.clone(), sent, received]);
    let own = "0.0 ok; 0×0.0 0×0.0 1×1000.0 0×0.0 1×300.0";
    assert_eq!(of(sent.clone(), bank("10:00:00").credit("300")), own);
    assert_eq!(of(sent.clone(), bank("10:10:00").credit("300")), own);
    assert_eq!(of(sent.clone(), bank("09:50:00").credit("300")), own);
    let other = "0.0 ok; 0×0.0 0×0.0 2×1300.0 0×0.0 0×0.0";
    assert_eq!(of(sent.clone(), bank("10:10:01").credit("300")), other);
    assert_eq!(of(sent.clone(), wallet("10:01:00").credit("300")), other, "one account");
    // A payment to a lender does not go to an account of the user.
    assert_eq!(
        of(sent.label(Label::LoanRepayment), bank("10:01:00").credit("300")),
        "0.230769 ok; 1×300.0 0×0.0 2×1300.0 0×0.0 0×0.0"
    );
}

#[test]
fn each_debit_explains_one_credit() {
    let records = [
        wallet("10:00:00").debit("300"),
        bank("10:01:00").credit("300"),
        bank("10:02:00").id("again").credit("300"),
    ];
    assert_eq!(figures(&records), "0.0 ok; 0×0.0 0×0.0 1×300.0 0×0.0 1×300.0");
}

#[test]
fn without_income_there_is_no_quotient() {
    let repaid = tala("10:00:00").credit("200");
    assert_eq!(
        figures(std::slice::from_ref(&repaid)),
        "null no_income; 1×200.0 0×0.0 0×0.0 0×0.0 0×0.0"
    );
    let borrowed = wallet("09:00:00").credit("500").label(Label::LoanDisbursed);
    assert_eq!(
        figures(&[repaid, borrowed]),
        "null no_income; 1×200.0 0×0.0 0×0.0 1×500.0 0×0.0"
    );
    assert_eq!(figures(&[]), "null no_data; 0×0.0 0×0.0 0×0.0 0×0.0 0×0.0");
    let airtime = record("safaricom", "2021-10-08T10:00:00")
        .of_type(AccountType::Airtime)
        .currency("KES")
        .credit("50");
    assert_eq!(figures(&[airtime]), "null no_income; 0×0.0 0×0.0 0×0.0 0×0.0 0×0.0");
}

#[test]
fn every_currency_has_its_own_figures() {
    let records = [
        wallet("08:00:00").credit("1000"),
        wallet("10:00:00").debit("200").label(Label::LoanRepayment),
        bank("11:00:00").account("usd").currency("USD").credit("40"),
        tala("12:00:00").currency("USD").credit("10"),
    ];
    let report = json(&report(&records));
    let rows = report["by_currency"].as_array().expect("rows");
    let ratios: Vec<&Value> = rows.iter().map(|row| &row["repayment_to_income"]).collect();
    assert_eq!(ratios, [&json!(0.2), &json!(0.25)]);
    assert_eq!(report["repayment_to_income"], json!(0.2));
    assert_eq!(
        rows[1]["repayment_to_income_evidence"],
        json!({
            "repayments": {"count": 1, "total": 10.0}, "repayments_told_twice": {"count": 0, "total": 0.0},
            "income": {"count": 1, "total": 40.0}, "loans_received": {"count": 0, "total": 0.0},
            "own_transfers": {"count": 0, "total": 0.0},
        })
    );
}

/// The documentation warns of this: in the public quotient a loan is money paid out, and its repayment is income.
#[test]
fn loans_distort_the_public_quotient_but_not_repayments_to_income() {
    let income = wallet("08:00:00").credit("1000");
    let quotient = |records: &[Record]| json(&report(records))["dti"].clone();
    assert_eq!(quotient(&[income.clone(), tala("10:00:00").debit("500")]), json!(0.5));
    assert_eq!(
        quotient(&[
            income.clone(),
            wallet("09:00:00").debit("500"),
            tala("10:00:00").credit("500")
        ]),
        // 500 ÷ (1000 + 500)
        json!(0.333_333)
    );
    // A transfer between own accounts counts on both sides.
    assert_eq!(
        quotient(&[
            income.clone(),
            wallet("10:00:00").debit("500"),
            bank("10:00:00").credit("500")
        ]),
        json!(0.333_333)
    );
    // Airtime: bought from the wallet, and used up on the operator's account.
    let airtime = |clock: &str| {
        let account = record("safaricom", &format!("2021-10-08T{clock}"));
        account.of_type(AccountType::Airtime).currency("KES")
    };
    assert_eq!(
        quotient(&[
            income,
            wallet("10:00:00").debit("100"),
            airtime("10:00:00").credit("100"),
            airtime("11:00:00").debit("100"),
        ]),
        // (100 + 100) ÷ (1000 + 100)
        json!(0.181_818)
    );
}

fn legs(records: &[Record], impact: Impact) -> Vec<Leg<'_>> {
    let wanted = records.iter().filter(|record| record.impact == Some(impact));
    wanted
        .filter_map(|record| {
            Some(Leg {
                record,
                role: if impact == Impact::Debit {
                    Role::Sent
                } else {
                    Role::Received
                },
                account: usize::from(record.institution_id.as_str() == "mpesa"),
                currency: record.currency,
                amount: record.amount?.into(),
            })
        })
        .collect()
}

/// Many movements of few sums, close to one another.
fn crowded() -> impl Strategy<Value = Vec<Record>> {
    let one = (0_i64..60, 0_u8..2, any::<bool>(), any::<bool>());
    proptest::collection::vec(one, 0..40).prop_map(|movements| {
        let build = |(index, (step, sum, credit, wallet)): (usize, (i64, u8, bool, bool))| {
            let institution = if wallet { "mpesa" } else { "equitybank" };
            let made = record(institution, "2021-10-08T08:00:00").id(&format!("r{}", index * 7_919 % 1_000));
            let made = Record {
                timestamp: made.timestamp.plus_seconds(step * 97),
                ..made
            };
            let sum = if sum == 0 { "100" } else { "250" };
            if credit { made.credit(sum) } else { made.debit(sum) }
        };
        movements.into_iter().enumerate().map(build).collect()
    })
}

proptest! {
    #[test]
    fn every_credit_and_every_repayment_is_in_exactly_one_sum(records in any_ledger(), subject in any_subject()) {
        let report = dti(&records, &subject, TimeRange::ALL, None);
        let sum_of = |wanted: &dyn Fn(&Record) -> bool, currency: Option<Currency>| -> (u64, Total) {
            // Only accounts whose records all have a currency are added up by hand.
            let found = records.iter().filter(|record| record.currency == currency && record.is_transaction() && wanted(record));
            found.fold((0, Total::ZERO), |(count, sum), record| (count + 1, sum + record.amount.expect("an amount").into()))
        };
        if records.iter().all(|record| record.currency.is_some()) {
            for row in &report.by_currency {
                let evidence = row.repayment_to_income_evidence;
                let (count, sum) = sum_of(&|record| record.account_type == AccountType::Depository && record.impact == Some(Impact::Credit), row.currency);
                let parts = [evidence.income, evidence.loans_received, evidence.own_transfers];
                prop_assert_eq!(parts.iter().map(|flow| flow.count).sum::<u64>(), count);
                prop_assert_eq!(parts.iter().map(|flow| flow.total.0).sum::<rust_decimal::Decimal>(), sum.number().0);
                let (count, sum) = sum_of(&|record| match record.account_type {
                    AccountType::Loan | AccountType::RevolvingLoan => record.impact == Some(Impact::Credit),
                    AccountType::Depository => record.impact == Some(Impact::Debit) && record.labels.contains(Label::LoanRepayment),
                    AccountType::Airtime => false,
                }, row.currency);
                let parts = [evidence.repayments, evidence.repayments_told_twice];
                prop_assert_eq!(parts.iter().map(|flow| flow.count).sum::<u64>(), count);
                prop_assert_eq!(parts.iter().map(|flow| flow.total.0).sum::<rust_decimal::Decimal>(), sum.number().0);
            }
        }
    }

    #[test]
    fn movements_pair_off_as_the_rule_says(records in crowded(), seconds in 0_i64..2_000) {
        let (mut ones, mut others) = (legs(&records, Impact::Debit), legs(&records, Impact::Credit));
        let (mut left, mut free) = (ones.clone(), others.clone());
        let pairs = pair_off(&mut ones, &mut others, seconds);
        let paired: Vec<Leg<'_>> = pairs.into_iter().map(|(_, credit)| credit).collect();
        // A direct implementation of the rule.
        left.sort_by_key(|leg| leg.record.position());
        free.sort_by_key(|leg| leg.record.position());
        let mut expected = Vec::new();
        left.retain(|one| {
            let apart = |other: &Leg<'_>| (other.record.timestamp.unix_seconds() - one.record.timestamp.unix_seconds()).abs();
            let fits = |other: &Leg<'_>| other.amount == one.amount && other.account != one.account && apart(other) <= seconds;
            let rank = |at: &usize| {
                let later = free[*at].record.timestamp >= one.record.timestamp;
                let place = i64::try_from(*at).expect("few");
                (apart(&free[*at]), later, if later { place } else { -place })
            };
            let nearest = (0..free.len()).filter(|at| fits(&free[*at])).min_by_key(rank);
            expected.extend(nearest.map(|at| free.remove(at).record.id.clone()));
            nearest.is_none()
        });
        let ids = |legs: &[Leg<'_>]| -> std::collections::BTreeSet<_> { legs.iter().map(|leg| leg.record.id.clone()).collect() };
        prop_assert_eq!(ids(&paired), expected.into_iter().collect());
        prop_assert_eq!(ids(&ones), ids(&left));
        prop_assert_eq!(ids(&others), ids(&free));
    }
}

#[test]
fn a_sides_time_may_be_at_the_ends_of_time() {
    let first = Record {
        timestamp: at("0001-01-01T00:00:00"),
        ..wallet("10:00:00").debit("1")
    };
    let last = Record {
        timestamp: at("9999-12-31T23:59:59"),
        ..bank("10:00:00").credit("1")
    };
    assert_eq!(figures(&[first, last]), "0.0 ok; 0×0.0 0×0.0 1×1.0 0×0.0 0×0.0");
}
