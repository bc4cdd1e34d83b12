use rust_decimal::Decimal;

use crate::Currency;
use crate::insights::AffordabilityRequest;
use crate::insights::affordability::request::{FIELDS, Fault};
use crate::insights::affordability::{IncomeBasis, Policy, RateType, TermUnit};

fn read(json: &str) -> Result<AffordabilityRequest, Vec<String>> {
    let faults = |faults: Vec<crate::insights::affordability::FieldFault>| {
        faults
            .into_iter()
            .map(|fault| format!("{}: {}", fault.field, said(fault.fault)))
            .collect()
    };
    AffordabilityRequest::read(json).map_err(faults)
}

fn said(fault: Fault) -> String {
    match fault {
        Fault::NoObject => "is not an object".to_owned(),
        Fault::Missing => "is required".to_owned(),
        Fault::Repeated => "is given twice".to_owned(),
        Fault::Unknown(known) => format!("is none of {}", known.join(", ")),
        Fault::Value(rule) => rule,
    }
}

/// A valid request with one field replaced.
fn with(field: &str, value: &str) -> Result<AffordabilityRequest, Vec<String>> {
    let mut fields = vec![("principal", "30000"), ("interest_rate", "0.6"), ("term", "6")];
    fields.retain(|(name, _)| *name != field);
    fields.push((field, value));
    let members: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    read(&format!("{{{}}}", members.join(",")))
}

#[test]
fn missing_and_null_fields_have_their_defaults() {
    let short = read(r#"{"principal":30000,"interest_rate":0.60,"term":6}"#).expect("valid");
    assert_eq!(short.policy, Policy::default());
    assert_eq!(
        (short.rate_type, short.term_unit, short.fees_financed),
        (RateType::Reducing, TermUnit::Month, true)
    );
    assert_eq!(
        (short.currency, short.utc_time, short.fees.is_negative()),
        (None, None, false)
    );
    for field in FIELDS
        .iter()
        .filter(|field| !["principal", "interest_rate", "term"].contains(field))
    {
        assert_eq!(with(field, "null"), Ok(short), "{field}");
    }
}

#[test]
fn every_field_is_read() {
    let request = read(
        r#"{"principal":30000.5,"currency":"UGX","interest_rate":1e0,"rate_type":"flat","fees":7,"fees_financed":false,
            "term":10000,"term_unit":"day","utc_time":"2026-11-20T12:00:00+03:00","max_instalment_to_income":1,
            "disposable_share":0.000001,"income_haircut":0,"min_history_days":0,"max_age_days":365,"income_basis":"all"}"#,
    )
    .expect("valid");
    assert_eq!(request.principal.to_string(), "30000.5");
    assert_eq!(request.currency.map(Currency::code), Some("UGX"));
    assert_eq!(request.interest_rate, Decimal::ONE);
    assert_eq!(
        (request.rate_type, request.term, request.term_unit),
        (RateType::Flat, 10_000, TermUnit::Day)
    );
    assert_eq!((request.fees.to_string(), request.fees_financed), ("7.0".into(), false));
    assert_eq!(
        request.utc_time.map(|at| at.to_string()),
        Some("2026-11-20T09:00:00+00:00".into())
    );
    let expected = Policy {
        max_instalment_to_income: Decimal::ONE,
        disposable_share: Decimal::new(1, 6),
        income_haircut: Decimal::ZERO,
        min_history_days: 0,
        max_age_days: 365,
        income_basis: IncomeBasis::All,
    };
    assert_eq!(request.policy, expected);
}

#[test]
fn every_bad_value_has_a_fault_that_names_its_field() {
    let ratio = "must be a number above 0 and up to 1 with at most 6 decimals";
    let haircut = "must be a number from 0 to below 1 with at most 6 decimals";
    let rate = "must be a number from 0 to 10 with at most 6 decimals: 0.6 means 60 % a year";
    let days = "must be a whole number from 0 to 365";
    let term = "must be a whole number from 1 to 10000";
    for (field, values, message) in [
        ("principal", ["0", "-0", "0.0000"].as_slice(), "must be above 0"),
        ("principal", &["-1"], "must be above 0"),
        (
            "principal",
            &["1000000000000000", "1e15", "1e300"],
            "has more than 15 digits before the decimal point",
        ),
        ("principal", &["0.00001"], "has more than 4 decimals"),
        ("principal", &["\"30000\"", "true", "[]", "{}"], "must be a number"),
        ("principal", &["null"], "is required"),
        (
            "currency",
            &["\"KSH\"", "\"ksh\"", "\"\""],
            "is not an ISO 4217 currency code: three letters, such as KES",
        ),
        ("currency", &["7"], "must be a string"),
        (
            "interest_rate",
            &["-0.01", "10.000001", "60", "1e9", "0.0000001", "\"0.6\"", "1e-30"],
            rate,
        ),
        ("interest_rate", &["null"], "is required"),
        ("rate_type", &["\"Flat\"", "1"], "must be one of: reducing, flat"),
        ("fees", &["-0.01"], "must not be negative"),
        ("fees_financed", &["\"true\"", "1"], "must be one of: true, false"),
        (
            "term",
            &["0", "10001", "-1", "1.5", "6.0", "\"6\"", "1e1", "99999999999999999999"],
            term,
        ),
        ("term_unit", &["\"year\"", "12"], "must be one of: month, week, day"),
        (
            "utc_time",
            &["\"yesterday\""],
            "must be a date and time such as 2021-10-08T10:41:25+00:00",
        ),
        (
            "max_instalment_to_income",
            &["0", "1.000001", "-1", "0.0000001", "\"1\"", "[]"],
            ratio,
        ),
        ("disposable_share", &["0", "1.1", "true"], ratio),
        ("income_haircut", &["1", "-0.1", "0.9999999"], haircut),
        ("min_history_days", &["366", "-1", "1.5"], days),
        ("max_age_days", &["366", "-1", "\"1\""], days),
        ("income_basis", &["\"ALL\"", "0"], "must be one of: regular, all"),
    ] {
        for value in values {
            assert_eq!(
                with(field, value),
                Err(vec![format!("{field}: {message}")]),
                "{field} {value}"
            );
        }
    }
}

#[test]
fn a_field_that_is_stated_twice_is_faulty() {
    let usual = r#""principal":30000,"interest_rate":0.6,"term":6"#;
    for (more, field) in [
        (r#""principal":90000"#, "principal"),
        (r#""principal":30000"#, "principal"),
        (r#""term":null"#, "term"),
        (r#""t\u0065rm":12"#, "term"),
        (r#""fees":1,"fees":-1"#, "fees"),
    ] {
        let expected = vec![format!("{field}: is given twice")];
        assert_eq!(read(&format!("{{{usual},{more}}}")), Err(expected), "{more}");
    }
    let unknown = read(&format!(r#"{{{usual},"tenor":1,"tenor":2}}"#)).expect_err("unknown");
    assert_eq!(unknown.len(), 1);
}

#[test]
fn every_faulty_field_has_one_fault() {
    let faults = read(r#"{"principal":0,"term":0,"income_haircut":2,"tenor":6}"#).expect_err("faulty");
    let fields: Vec<&str> = faults.iter().filter_map(|fault| fault.split(": ").next()).collect();
    assert_eq!(
        fields,
        ["principal", "interest_rate", "term", "income_haircut", "tenor"]
    );
}

#[test]
fn a_body_other_than_an_object_has_one_fault() {
    for json in ["", "[]", "7", "{", "{\"principal\":}", "null"] {
        assert_eq!(read(json), Err(vec![": is not an object".into()]), "{json}");
    }
}

#[test]
fn faults_are_limited() {
    let members: Vec<String> = (0..500)
        .map(|index| format!("\"{}{index}\":1", "x".repeat(300)))
        .collect();
    let faults = AffordabilityRequest::read(&format!("{{{}}}", members.join(","))).expect_err("faulty");
    assert_eq!(faults.len(), 3 + 15);
    assert!(faults.iter().all(|fault| fault.field.len() <= 64));
}
