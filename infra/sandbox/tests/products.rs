//! Every persona shows what its name says, on every date.

use daftari_domain::ids::{OrganizationId, UserId};
use daftari_domain::insights::affordability::{AffordabilityStatus, ReasonCode};
use daftari_domain::insights::cash_flow::cash_flow;
use daftari_domain::insights::income::{IncomeStatus, StreamStatus};
use daftari_domain::insights::{
    AffordabilityReport, AffordabilityRequest, Confidence, affordability, income, recurring,
};
use daftari_domain::reports::{CreditReport, LoanStatus, Person, Subject, completeness, credit_report};
use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::phone::PhoneNumber;
use daftari_sandbox::{Persona, mercy, personas};

/// Dates of all seasons of months and years.
fn dates() -> impl Iterator<Item = Timestamp> {
    let first = "2026-01-01T10:00:00Z".parse::<Timestamp>().expect("timestamp");
    (0..30).map(move |step| {
        let days = step * 37;
        Timestamp::from_unix_seconds(first.unix_seconds() + days * 86_400).expect("timestamp")
    })
}

fn persona(key: &str, today: Timestamp) -> Persona {
    let mut people = personas(today).into_iter().chain([mercy(today)]);
    people.find(|persona| persona.key == key).expect("a persona")
}

fn subject(persona: &Persona) -> Subject {
    Subject {
        user_uuid: UserId(uuid::Uuid::nil()),
        client_uuid: OrganizationId(uuid::Uuid::nil()),
        country: PhoneNumber::parse(persona.phone_number).expect("number").country(),
    }
}

fn report(persona: &Persona, today: Timestamp) -> CreditReport {
    credit_report(&persona.records, &subject(persona), Person::default(), today, None)
}

/// Six instalments, each of a sixth of the principal.
fn request(principal: i64) -> AffordabilityRequest {
    let json = format!(r#"{{"principal":{principal},"interest_rate":0,"term":6}}"#);
    AffordabilityRequest::read(&json).expect("valid")
}

fn answer(persona: &Persona, today: Timestamp, principal: i64) -> AffordabilityReport {
    affordability(&persona.records, &subject(persona), today, &request(principal))
}

fn codes(answer: &AffordabilityReport) -> Vec<ReasonCode> {
    answer.reasons.iter().map(|reason| reason.code).collect()
}

#[test]
fn the_salaried_have_a_salary_and_can_afford_a_loan() {
    for today in dates() {
        let salaried = persona("salaried", today);
        let found = income(&salaried.records, &subject(&salaried), today, None, Confidence::High);
        assert_eq!(found.status, IncomeStatus::Ok, "{today}");
        let salary = &found.streams[0];
        assert_eq!(salary.status, StreamStatus::Mature, "{today}");
        assert!(salary.is_active, "{today}");
        // A month's instalment of a tenth of the salary.
        let answer = answer(&salaried, today, 6 * 180_000);
        assert_eq!(
            answer.can_afford,
            Some(true),
            "{today} {:?} {:?}",
            answer.room,
            answer.disposable
        );
        assert_eq!(report(&salaried, today).loan.accounts.len(), 0, "{today}");
    }
}

#[test]
fn the_late_payer_has_a_late_loan_a_loan_history_and_two_currencies() {
    for today in dates() {
        let late_payer = persona("late-payer", today);
        let report = report(&late_payer, today);
        let late: Vec<_> = report
            .loan
            .accounts
            .iter()
            .filter(|loan| loan.status == LoanStatus::Nonperforming)
            .collect();
        assert!(!late.is_empty(), "{today}");
        for loan in late {
            assert!(loan.days_late.is_some_and(|days| days > 0), "{today} {loan:?}");
            assert!(
                loan.balance.is_some_and(|balance| !balance.0.is_zero()),
                "{today} {loan:?}"
            );
        }
        assert_eq!(report.totals_by_currency.len(), 2, "{today}");
        assert!(
            codes(&answer(&late_payer, today, 60_000)).contains(&ReasonCode::DelinquencyRecent),
            "{today}"
        );
    }
}

#[test]
fn the_stacker_has_loans_at_several_lenders_and_cannot_afford_another() {
    for today in dates() {
        let stacker = persona("loan-stacker", today);
        let report = report(&stacker, today);
        assert!(report.loan.open_accounts >= 3, "{today} {}", report.loan.open_accounts);
        let answer = answer(&stacker, today, 60_000);
        assert_eq!(
            answer.can_afford,
            Some(false),
            "{today} {:?} {:?}",
            answer.room,
            answer.disposable
        );
        let codes = codes(&answer);
        assert!(codes.contains(&ReasonCode::LoanStacking), "{today} {codes:?}");
        assert!(codes.contains(&ReasonCode::ObligationsHigh), "{today} {codes:?}");
    }
}

#[test]
fn the_traders_income_has_no_rhythm_so_the_answer_is_unsure() {
    for today in dates() {
        let trader = persona("trader", today);
        let found = income(&trader.records, &subject(&trader), today, None, Confidence::Low);
        assert_eq!(found.status, IncomeStatus::Ok, "{today}");
        let answer = answer(&trader, today, 600);
        assert_eq!(
            answer.status,
            AffordabilityStatus::NoIncome,
            "{today} {:?} {:?}",
            answer.room,
            answer.disposable
        );
        assert_eq!(answer.can_afford, None, "{today}");
        assert!(codes(&answer).contains(&ReasonCode::IncomeIrregular), "{today}");
        // Stock is bought every Monday.
        let paid = recurring(&trader.records, &subject(&trader), today, None, None);
        assert!(
            paid.streams.iter().any(|stream| stream.status == StreamStatus::Mature),
            "{today}"
        );
    }
}

#[test]
fn the_gambler_bets_a_large_share_of_the_outflow() {
    for today in dates() {
        let gambler = persona("gambler", today);
        let codes = codes(&answer(&gambler, today, 6 * 400_000));
        assert!(codes.contains(&ReasonCode::GamblingHigh), "{today} {codes:?}");
    }
}

#[test]
fn of_the_empty_nothing_is_known() {
    for today in dates() {
        let empty = persona("empty", today);
        assert_eq!(empty.records, []);
        let answer = answer(&empty, today, 60_000);
        assert_eq!(
            (answer.status, answer.can_afford),
            (AffordabilityStatus::NoData, None),
            "{today}"
        );
        let found = income(&empty.records, &subject(&empty), today, None, Confidence::Low);
        assert_eq!(found.status, IncomeStatus::NoData, "{today}");
    }
}

/// What she has and owes, what came in last month, which loan is late and why, whether she can carry 5,000 a month, and how
/// sure that is.
#[test]
fn mercy_answers_the_questions_of_a_credit_analyst() {
    for today in dates() {
        let mercy = persona("mercy", today);
        let report = report(&mercy, today);
        assert!(report.depository.total_balances.0.is_sign_positive(), "{today}");
        let late: Vec<_> = report
            .loan
            .accounts
            .iter()
            .filter(|loan| loan.status == LoanStatus::Nonperforming)
            .collect();
        assert!((1..=2).contains(&late.len()), "{today}");
        let reason = &late[0].status_reason.record_id;
        let told = mercy
            .records
            .iter()
            .find(|record| record.id == *reason)
            .expect("the record");
        assert!(told.body.is_some(), "{today}");
        let flow = cash_flow(&mercy.records, &subject(&mercy), today, None, None);
        let last = flow
            .flow
            .months
            .iter()
            .rev()
            .find(|month| !month.partial)
            .expect("a whole month");
        assert!(!last.inflow.0.is_zero(), "{today}");
        let answer = answer(&mercy, today, 30_000);
        assert_eq!(
            answer.can_afford,
            Some(true),
            "{today} {:?} {:?}",
            answer.room,
            answer.disposable
        );
        assert!(codes(&answer).contains(&ReasonCode::DelinquencyRecent), "{today}");
        let told = completeness(&mercy.records, &subject(&mercy), TimeRange::up_to(today))
            .completeness
            .expect("steps")
            .0;
        assert!(told > "0.95".parse().expect("number"), "{today} {told}");
    }
}
