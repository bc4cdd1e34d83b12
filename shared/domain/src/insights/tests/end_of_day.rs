use crate::insights::end_of_day::end_of_day;
use crate::insights::window::Window;
use crate::reports::survey::Survey;
use crate::reports::tests::records::{Build, at, currency, loan, record};
use crate::{AccountType, Record};

/// The days of 2021-10-02 to 2021-11-01 with a total: day of the month, total, and `*` if active.
fn days(records: &[Record], kind: AccountType) -> Vec<String> {
    let survey = Survey::of(records.iter(), Some(currency("KES")));
    let window = Window::last(at("2021-11-01T00:00:00"), 30);
    let days = end_of_day(&survey, kind, Some(currency("KES")), window);
    assert_eq!(days.len(), 31);
    let first = at("2021-10-02T00:00:00").days_since(at("1970-01-01T00:00:00"));
    let shown = days.iter().filter(|day| day.total.is_some() || day.active).map(|day| {
        let total = day.total.map_or("-".into(), |total| total.number().to_string());
        format!(
            "{} {total}{}",
            day.number - first + 2,
            if day.active { "*" } else { "" }
        )
    });
    shown.collect()
}

fn balance(institution: &str, at: &str, balance: &str) -> Record {
    record(institution, at).balance(balance)
}

#[test]
fn a_balance_holds_for_ten_days() {
    let days = days(
        &[balance("mpesa", "2021-10-05T08:00:00", "50")],
        AccountType::Depository,
    );
    let mut expected: Vec<String> = (5..=15).map(|day| format!("{day} 50.0")).collect();
    expected[0] = "5 50.0*".into();
    assert_eq!(days, expected);
}

#[test]
fn balances_of_the_ten_days_before_the_window_are_carried_in() {
    let of = |date: &str| days(&[balance("mpesa", date, "50")], AccountType::Depository);
    assert_eq!(of("2021-09-22T23:59:59"), ["2 50.0"]);
    assert_eq!(of("2021-09-22T00:00:00"), ["2 50.0"]);
    assert_eq!(of("2021-09-21T23:59:59"), [""; 0]);
    assert_eq!(of("2021-09-30T08:00:00").len(), 9);
}

#[test]
fn the_last_balance_of_a_date_counts_and_accounts_add_up() {
    let records = [
        balance("mpesa", "2021-10-30T18:00:00", "70"),
        balance("mpesa", "2021-10-30T08:00:00", "50"),
        balance("equitybank", "2021-10-31T08:00:00", "-20"),
        // After the end of the window.
        balance("mpesa", "2021-11-01T00:00:01", "9"),
    ];
    assert_eq!(
        days(&records, AccountType::Depository),
        ["30 70.0*", "31 50.0*", "32 50.0"]
    );
}

#[test]
fn a_date_is_active_by_a_balance_or_a_transaction_of_an_institution_of_the_type() {
    let records = [
        balance("mpesa", "2021-10-30T08:00:00", "70"),
        loan("mpesa", "2021-10-31T08:00:00").credit("5").currency("KES"),
        loan("okash", "2021-11-01T00:00:00").debit("5").currency("KES"),
        record("mpesa", "2021-10-20T08:00:00").credit("5").currency("KES"),
    ];
    assert_eq!(
        days(&records, AccountType::Depository),
        ["20 -*", "30 70.0*", "31 70.0*", "32 70.0"]
    );
    assert_eq!(days(&records, AccountType::Loan), ["20 -*", "31 -*", "32 -*"]);
}

#[test]
fn balances_in_another_currency_are_left_out() {
    let dollars = balance("mpesa", "2021-10-30T08:00:00", "70").currency("USD");
    assert_eq!(days(&[dollars], AccountType::Depository), [""; 0]);
}

#[test]
fn the_totals_of_a_ledger_are_those_worked_out_by_hand() {
    // The mean of the totals of active dates, over the 30 days to November 1.
    let records = [
        balance("equitybank", "2021-09-28T12:00:00", "4000"),
        balance("mpesa", "2021-10-04T18:00:00", "1000"),
        balance("mpesa", "2021-10-10T07:00:00", "100"),
    ];
    let shown = days(&records, AccountType::Depository);
    let expected = [
        "2 4000.0",
        "3 4000.0",
        "4 5000.0*",
        "5 5000.0",
        "6 5000.0",
        "7 5000.0",
        "8 5000.0",
        "9 1000.0",
        "10 100.0*",
    ];
    assert_eq!(shown[..9], expected);
    assert_eq!(shown.last().map(String::as_str), Some("20 100.0"));
}
