use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

use super::paid;
use crate::insights::affordability::loan::Terms;
use crate::insights::{AffordabilityRequest, affordability};
use crate::reports::tests::records::{Build, at, currency, json, kenyan, loan, record};
use crate::unrecognized::UnrecognizedMessages;
use crate::{AccountType, Currency, Label, Record};

pub(super) const T: &str = "2026-11-20T12:00:00";

pub(super) fn request(members: &str) -> AffordabilityRequest {
    let usual = r#""principal":30000,"currency":"KES","interest_rate":0.60,"term":6"#;
    AffordabilityRequest::read(&format!("{{{usual}{members}}}")).expect("valid")
}

pub(super) fn report(records: &[Record], members: &str) -> Value {
    json(&affordability(
        records,
        &kenyan(),
        at(T),
        &request(members),
        &UnrecognizedMessages::default(),
    ))
}

/// A salary of 45,000, spending of 36,000 and a repayment of 9,900 in each period of 30 days.
pub(super) fn borrower() -> Vec<Record> {
    let mut records: Vec<Record> = ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-30"]
        .map(|date| paid(date, "45000"))
        .into();
    for month in ["09", "10", "11"] {
        let day = |day: &str| format!("2026-{month}-{day}T08:00:00");
        records.push(record("mpesa", &day("05")).debit("36000").currency("KES"));
        let paid = record("mpesa", &day("10")).debit("9900").currency("KES");
        records.push(paid.label(Label::LoanRepayment));
        records.push(
            loan("okash", &format!("2026-{month}-10T08:03:00"))
                .credit("9900")
                .currency("KES"),
        );
    }
    records
}

/// The lender's own messages may be missing: the payment is debt service all the same.
#[test]
fn a_repayment_that_only_the_wallet_tells_of_is_debt_service() {
    let told_twice = report(&borrower(), "");
    let mut records = borrower();
    records.retain(|record| record.account_type == AccountType::Depository);
    let told_once = report(&records, "");
    for figure in ["room", "can_afford", "max_principal", "instalment"] {
        assert_eq!(told_once[figure], told_twice[figure], "{figure}");
    }
    assert_eq!(told_once["debt_service"]["monthly"], 9900.0);
    assert_eq!(told_once["debt_service"]["record_ids"][0], "mpesa@2026-11-10T08:00:00");
    assert_eq!(told_once["disposable"], told_twice["disposable"]);
}

#[test]
fn the_worked_example_comes_out() {
    let report = report(&borrower(), "");
    assert_eq!(report["status"], "ok");
    assert_eq!(report["can_afford"], false);
    assert_eq!(report["instalment"], 5910.53);
    assert_eq!(report["room"], 4500.0);
    assert_eq!(report["max_principal"], 22_840.61);
    assert_eq!(report["total_cost_of_credit"], 5463.18);
    assert_eq!(
        (&report["income"]["monthly"], &report["income"]["stressed"]),
        (&45_000.0.into(), &36_000.0.into())
    );
    assert_eq!(report["income"]["stream_ids"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["debt_service"]["monthly"], 9900.0);
    assert_eq!(report["debt_service"]["record_ids"][0], "okash@2026-11-10T08:03:00");
    assert_eq!(report["disposable"]["monthly"], 9000.0);
    assert_eq!(report["disposable"]["periods"].as_array().map(Vec::len), Some(3));
    assert_eq!(report["disposable"]["periods"][0]["from"], "2026-10-21T12:00:00+00:00");
    let reason = &report["reasons"][0];
    assert_eq!(
        (&reason["code"], &reason["value"], &reason["limit"]),
        (&"OBLIGATIONS_HIGH".into(), &0.275.into(), &0.2.into())
    );
    assert_eq!(reason["effect"], "limits_room");
    assert_eq!(report["policy"]["max_instalment_to_income"], 0.4);
}

#[test]
fn the_largest_principal_is_affordable_and_the_next_is_not() {
    let with = |principal: &str| {
        let json = format!(r#"{{"principal":{principal},"currency":"KES","interest_rate":0.60,"term":6}}"#);
        let request = AffordabilityRequest::read(&json).expect("valid");
        affordability(
            &borrower(),
            &kenyan(),
            at(T),
            &request,
            &UnrecognizedMessages::default(),
        )
        .can_afford
    };
    assert_eq!(with("22840.61"), Some(true));
    assert_eq!(with("22840.62"), Some(false));
}

#[test]
fn room_is_a_sum_a_term_unit() {
    assert_eq!(report(&borrower(), r#","term_unit":"week""#)["room"], 1038.46);
    assert_eq!(report(&borrower(), r#","term_unit":"day""#)["room"], 147.94);
    // At most everything.
    assert_eq!(report(&borrower(), r#","max_instalment_to_income":0.1"#)["room"], 0.0);
    assert_eq!(
        report(&borrower(), r#","max_instalment_to_income":0.1"#)["max_principal"],
        0.0
    );
}

#[test]
fn fees_are_lent_or_paid_besides() {
    let financed = report(&borrower(), r#","fees":1000"#);
    assert_eq!(
        (&financed["instalment"], &financed["total_cost_of_credit"]),
        (&6107.55.into(), &6645.3.into())
    );
    assert_eq!(financed["max_principal"], 21_840.61);
    let besides = report(&borrower(), r#","fees":1000,"fees_financed":false"#);
    assert_eq!(
        (&besides["instalment"], &besides["total_cost_of_credit"]),
        (&5910.53.into(), &6463.18.into())
    );
    assert_eq!(besides["max_principal"], 22_840.61);
}

#[test]
fn a_repayment_that_left_no_account_is_not_added_to_the_disposable_money() {
    let mut records = borrower();
    records.retain(|record| !record.labels.contains(Label::LoanRepayment));
    let report = report(&records, "");
    assert_eq!(report["disposable"]["monthly"], 9000.0);
    assert_eq!(report["debt_service"]["monthly"], 9900.0);
}

#[test]
fn loans_received_and_own_transfers_are_not_disposable() {
    let mut records = borrower();
    for month in ["09", "10", "11"] {
        let day = |time: &str| format!("2026-{month}-12T{time}");
        records.push(
            record("mpesa", &day("08:00:00"))
                .credit("70000")
                .currency("KES")
                .label(Label::LoanDisbursed),
        );
        records.push(record("mpesa", &day("09:00:00")).debit("5000").currency("KES"));
        records.push(record("equitybank", &day("09:05:00")).credit("5000").currency("KES"));
    }
    let report = report(&records, "");
    assert_eq!(report["disposable"]["monthly"], 9000.0);
    assert_eq!(report["income"]["monthly"], 45_000.0);
}

#[test]
fn debt_service_is_an_average_over_the_history_up_to_90_days() {
    let records = [
        paid("2026-10-15", "100"),
        loan("okash", "2026-11-10T08:00:00").credit("30").currency("KES"),
        loan("fuliza", "2026-11-11T08:00:00")
            .of_type(AccountType::RevolvingLoan)
            .credit("60")
            .currency("KES"),
        loan("okash", "2026-11-12T08:00:00").debit("500").currency("KES"),
    ];
    assert_eq!(report(&records, "")["debt_service"]["monthly"], 90.0);
    let mut longer = records.to_vec();
    longer.push(paid("2026-09-15", "100"));
    assert_eq!(report(&longer, "")["debt_service"]["monthly"], 45.0);
    longer.push(paid("2026-01-15", "100"));
    assert_eq!(report(&longer, "")["debt_service"]["monthly"], 30.0);
}

#[test]
fn the_basis_decides_which_income_counts() {
    let mut records = borrower();
    records.push(record("mpesa", "2026-11-01T09:00:00").credit("3000").currency("KES"));
    assert_eq!(report(&records, "")["income"]["monthly"], 45_000.0);
    let all = report(&records, r#","income_basis":"all""#);
    assert_eq!(all["income"]["monthly"], 46_000.0);
    assert_eq!(all["income"]["stream_ids"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_status_says_what_the_data_lack() {
    let status = |records: &[Record], members: &str| {
        let report = report(records, members);
        assert_eq!(report["can_afford"].is_null(), report["status"] != "ok", "{report}");
        assert_eq!(report["instalment"], 5910.53);
        let known = !matches!(report["status"].as_str(), Some("no_data" | "mixed_currency"));
        assert_eq!(
            (report["room"].is_null(), report["max_principal"].is_null()),
            (!known, !known)
        );
        report["status"].as_str().expect("a word").to_owned()
    };
    assert_eq!(status(&[], ""), "no_data");
    assert_eq!(
        status(
            &[record("mtn_ug", "2026-11-01T08:00:00").credit("5").currency("UGX")],
            ""
        ),
        "mixed_currency"
    );
    assert_eq!(status(&borrower(), ""), "ok");
    assert_eq!(status(&borrower(), r#","min_history_days":112"#), "ok");
    assert_eq!(status(&borrower(), r#","min_history_days":113"#), "short_history");
    assert_eq!(status(&borrower(), r#","max_age_days":11"#), "ok");
    // The newest record is 21 days and some hours old.
    assert_eq!(status(&borrower()[..4], r#","max_age_days":22"#), "ok");
    assert_eq!(status(&borrower()[..4], r#","max_age_days":21"#), "stale");
    let spender: Vec<Record> = borrower()
        .into_iter()
        .filter(|record| record.impact != Some(crate::Impact::Credit))
        .collect();
    assert_eq!(status(&spender, ""), "no_income");
}

#[test]
fn a_day_of_history_and_one_record_are_defined() {
    let report = report(&[paid("2026-11-20", "100")], "");
    assert_eq!(
        (&report["status"], &report["room"], &report["can_afford"]),
        (&"short_history".into(), &0.0.into(), &Value::Null)
    );
    let lent = self::report(&[loan("okash", "2026-11-10T08:00:00").debit("30").currency("KES")], "");
    assert_eq!(lent["status"], "short_history");
}

#[test]
fn instalments_are_those_of_the_table() {
    let table = include_str!("affordability_terms.txt");
    let mut count = 0;
    for case in table.lines().filter(|line| !line.starts_with('#')) {
        let (input, expected) = case.split_once(" -> ").expect("a case");
        let words: Vec<&str> = input.split(' ').collect();
        let [kind, rate, unit, term, principal, fees, code] = words[..] else {
            panic!("{case}");
        };
        let json = format!(
            r#"{{"principal":{principal},"currency":"{code}","interest_rate":{rate},"rate_type":"{kind}","fees":{fees},
                "term":{term},"term_unit":"{unit}"}}"#
        );
        let request = AffordabilityRequest::read(&json).expect("valid");
        let report = affordability(&[], &kenyan(), at(T), &request, &UnrecognizedMessages::default());
        let found = format!("{} {}", report.instalment, report.total_cost_of_credit);
        assert_eq!(found, expected, "{case}");
        count += 1;
    }
    assert_eq!(count, 27);
}

#[test]
fn interest_alone_pays_no_loan_back() {
    let of = |room: &str, fees: &str| {
        let json = format!(r#"{{"principal":1,"currency":"KES","interest_rate":0.60,"term":10000,"fees":{fees}}}"#);
        let terms = Terms::new(
            &AffordabilityRequest::read(&json).expect("valid"),
            Some(currency("KES")),
        );
        terms.principal_of(room.parse().expect("room")).to_string()
    };
    // 1,500 are the interest of 30,000.
    assert_eq!(of("1500", "0"), "29999.99");
    assert_eq!(of("1500", "0.0001"), "29999.99");
    assert_eq!(of("1500", "0.005"), "29999.99");
    assert_eq!(of("1500.01", "0"), "30000.19");
    assert_eq!(of("0", "0"), "0");
}

fn any_request() -> impl Strategy<Value = AffordabilityRequest> {
    let units = ["month", "week", "day"];
    (
        1_u64..100_000_000,
        0_u32..5_000_000,
        1_u32..400,
        0_usize..3,
        0_u64..100_000,
        any::<bool>(),
    )
        .prop_map(move |(cents, rate, term, unit, fees, financed)| {
            let json = format!(
                r#"{{"principal":{}.{:02},"currency":"KES","interest_rate":{}e-6,"term":{term},"term_unit":"{}",
                    "fees":{fees},"fees_financed":{financed}}}"#,
                cents / 100,
                cents % 100,
                rate,
                units[unit]
            );
            AffordabilityRequest::read(&json).expect("valid")
        })
}

proptest! {
    /// Pays the loan back, one instalment after the other.
    #[test]
    fn an_instalment_is_the_least_that_pays_the_loan_back(request in any_request()) {
        let terms = Terms::new(&request, Some(currency("KES")));
        let interest = request.interest_rate / Decimal::from(request.term_unit.a_year());
        let fees = if request.fees_financed { request.fees.decimal() } else { Decimal::ZERO };
        let rest = |instalment: Decimal| {
            let mut owed = request.principal.decimal() + fees;
            for _ in 0..request.term {
                // Beyond this, the debt grows for ever.
                if owed > Decimal::from(10_u64.pow(15)) { break; }
                owed += owed * interest - instalment;
            }
            owed
        };
        let tolerance = Decimal::new(1, 3);
        let instalment = terms.instalment();
        prop_assert_eq!(instalment.normalize().scale().max(2), 2);
        let growth = Decimal::from(request.term) * interest;
        // Where interest outgrows 28 digits, the recurrence cannot check it.
        prop_assume!(growth < Decimal::from(20));
        prop_assert!(rest(instalment) <= tolerance, "{}", rest(instalment));
        prop_assert!(rest(instalment - Decimal::new(1, 2)) > -tolerance);
    }

    #[test]
    fn a_principal_is_affordable_if_it_is_at_most_the_largest(request in any_request(), room in 0_i64..10_000_000) {
        let terms = Terms::new(&request, Some(currency("KES")));
        let room = Decimal::new(room, 2);
        let fits = terms.instalment() <= room;
        prop_assert_eq!(fits, request.principal.decimal() <= terms.principal_of(room));
        let most: Option<crate::Money> = crate::Money::new(terms.principal_of(room)).ok().filter(|most| *most > crate::Money::ZERO);
        if let Some(principal) = most {
            let largest = AffordabilityRequest { principal, ..request };
            prop_assert!(Terms::new(&largest, Some(currency("KES"))).instalment() <= room);
        }
    }

    #[test]
    fn every_valid_loan_has_an_instalment(
        principal in 1_i128..=9_999_999_999_999_999_999, fees in 0_i128..=9_999_999_999_999_999_999,
        rate in 0_u32..=10_000_000, term in 1_u32..=10_000, unit in 0_usize..3, flat in any::<bool>(),
    ) {
        let mut request = request("");
        request.principal = crate::Money::from_parts(principal, 4).expect("money");
        request.fees = crate::Money::from_parts(fees, 4).expect("money");
        request.interest_rate = Decimal::new(rate.into(), 6);
        request.term = term;
        request.term_unit = [crate::insights::affordability::TermUnit::Month, crate::insights::affordability::TermUnit::Week, crate::insights::affordability::TermUnit::Day][unit];
        if flat { request.rate_type = crate::insights::affordability::RateType::Flat; }
        let codes: [Currency; 2] = [currency("KES"), currency("UGX")];
        for code in codes {
            let terms = Terms::new(&request, Some(code));
            let paid = terms.instalment() * Decimal::from(term);
            let tolerance = Decimal::new(1, 9) * Decimal::from(term);
            prop_assert!(paid + tolerance >= request.principal.decimal() + request.fees.decimal());
            prop_assert!(terms.instalment() > Decimal::ZERO);
            prop_assert!(terms.principal_of(terms.instalment()) >= Decimal::ZERO);
        }
    }
}

/// 1,000 a week is 4,333.333333 a month. Shares of it are exact all the same.
#[test]
fn room_loses_nothing_to_the_decimals_of_monthly_figures() {
    let fridays = [
        "2026-09-04",
        "2026-09-11",
        "2026-09-18",
        "2026-09-25",
        "2026-10-02",
        "2026-10-09",
        "2026-10-16",
        "2026-10-23",
        "2026-10-30",
        "2026-11-06",
        "2026-11-13",
    ];
    let wages = fridays.map(|date| paid(date, "1000"));
    let json_of = |body: &str| {
        let request = AffordabilityRequest::read(body).expect("valid");
        json(&affordability(
            &wages,
            &kenyan(),
            at(T),
            &request,
            &UnrecognizedMessages::default(),
        ))
    };
    let weekly = json_of(r#"{"principal":3200,"currency":"KES","interest_rate":0,"term":10,"term_unit":"week"}"#);
    assert_eq!((&weekly["room"], &weekly["can_afford"]), (&320.0.into(), &true.into()));
    assert_eq!(weekly["max_principal"], 3200.0);
    let codes: Vec<&Value> = weekly["reasons"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["code"])
        .collect();
    assert!(!codes.contains(&&"INCOME_LOW".into()), "{codes:?}");
    let monthly =
        json_of(r#"{"principal":1000,"currency":"KES","interest_rate":0,"term":10,"max_instalment_to_income":0.3}"#);
    assert_eq!(monthly["room"], 1040.0);
}
