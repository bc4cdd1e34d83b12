//! Every persona shows the scenario of its name, on every date.

use daftari_domain::ids::{OrganizationId, UserId};
use daftari_domain::insights::affordability::{AffordabilityStatus, ReasonCode};
use daftari_domain::insights::cash_flow::cash_flow;
use daftari_domain::insights::income::{IncomeReport, IncomeStatus, StreamStatus};
use daftari_domain::insights::{
    AffordabilityReport, AffordabilityRequest, Confidence, affordability, income, recurring,
};
use daftari_domain::reports::{CreditReport, LoanStatus, Person, Subject, completeness, credit_report};
use daftari_domain::unrecognized::UnrecognizedMessages;
use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::phone::PhoneNumber;
use daftari_sandbox::{Persona, person};

/// A persona as of a date.
struct Seen {
    persona: Persona,
    subject: Subject,
    today: Timestamp,
}

/// Checks a persona on dates of all seasons of months and years.
fn on_every_date(key: &str, check: impl Fn(&Seen)) {
    let first = "2026-01-01T10:00:00Z".parse::<Timestamp>().expect("timestamp");
    for step in 0..30 {
        let today = Timestamp::from_unix_seconds(first.unix_seconds() + step * 37 * 86_400).expect("timestamp");
        let persona = person(key, today).expect("a persona");
        let subject = Subject {
            user_uuid: UserId(uuid::Uuid::nil()),
            client_uuid: OrganizationId(uuid::Uuid::nil()),
            country: PhoneNumber::parse(persona.phone_number).expect("number").country(),
        };
        let seen = Seen {
            persona,
            subject,
            today,
        };
        // Shown when the test fails: the last line is the date of the failure.
        println!("{key} as of {today}");
        check(&seen);
    }
}

impl Seen {
    fn report(&self) -> CreditReport {
        credit_report(
            &self.persona.records,
            &self.subject,
            Person::default(),
            self.today,
            None,
        )
    }

    fn income(&self, confidence: Confidence) -> IncomeReport {
        income(&self.persona.records, &self.subject, self.today, None, confidence)
    }

    /// Affordability of a loan of six instalments, each of a sixth of the principal. Checks that these reasons are
    /// among those of the answer.
    fn answer(&self, principal: i64, reasons: &[ReasonCode]) -> AffordabilityReport {
        let json = format!(r#"{{"principal":{principal},"interest_rate":0,"term":6}}"#);
        let request = AffordabilityRequest::read(&json).expect("valid");
        let answer = affordability(
            &self.persona.records,
            &self.subject,
            self.today,
            &request,
            &UnrecognizedMessages::default(),
        );
        let codes: Vec<_> = answer.reasons.iter().map(|reason| reason.code).collect();
        for reason in reasons {
            assert!(codes.contains(reason), "{reason:?} is not among {codes:?}");
        }
        answer
    }

    /// Like `answer`, and checks whether the person can afford the loan.
    fn affords(&self, principal: i64, can_afford: Option<bool>, reasons: &[ReasonCode]) -> AffordabilityReport {
        let answer = self.answer(principal, reasons);
        assert_eq!(
            answer.can_afford, can_afford,
            "{:?} {:?}",
            answer.room, answer.disposable
        );
        answer
    }
}

#[test]
fn the_salaried_have_a_salary_and_can_afford_a_loan() {
    on_every_date("salaried", |seen| {
        let found = seen.income(Confidence::High);
        assert_eq!(found.status, IncomeStatus::Ok);
        let salary = &found.streams[0];
        assert_eq!((salary.status, salary.is_active), (StreamStatus::Mature, true));
        // A month's instalment of a tenth of the salary.
        seen.affords(6 * 180_000, Some(true), &[]);
        assert_eq!(seen.report().loan.accounts.len(), 0);
    });
}

#[test]
fn the_late_payer_has_a_late_loan_a_loan_history_and_two_currencies() {
    on_every_date("late-payer", |seen| {
        let report = seen.report();
        let loans = report.loan.accounts.iter();
        let late: Vec<_> = loans.filter(|loan| loan.status == LoanStatus::Nonperforming).collect();
        assert!(!late.is_empty());
        for loan in late {
            assert!(loan.days_late.is_some_and(|days| days > 0), "{loan:?}");
            assert!(loan.balance.is_some_and(|balance| !balance.0.is_zero()), "{loan:?}");
        }
        assert_eq!(report.totals_by_currency.len(), 2);
        seen.answer(60_000, &[ReasonCode::DelinquencyRecent]);
    });
}

#[test]
fn the_stacker_has_loans_at_several_lenders_and_cannot_afford_another() {
    on_every_date("loan-stacker", |seen| {
        let open = seen.report().loan.open_accounts;
        assert!(open >= 3, "{open}");
        seen.affords(
            60_000,
            Some(false),
            &[ReasonCode::LoanStacking, ReasonCode::ObligationsHigh],
        );
    });
}

#[test]
fn the_traders_income_has_no_rhythm_so_the_answer_is_unsure() {
    on_every_date("trader", |seen| {
        assert_eq!(seen.income(Confidence::Low).status, IncomeStatus::Ok);
        let answer = seen.affords(600, None, &[ReasonCode::IncomeIrregular]);
        assert_eq!(answer.status, AffordabilityStatus::NoIncome);
        // Stock is bought every Monday.
        let paid = recurring(&seen.persona.records, &seen.subject, seen.today, None, None);
        assert!(paid.streams.iter().any(|stream| stream.status == StreamStatus::Mature));
    });
}

#[test]
fn the_gambler_bets_a_large_share_of_the_outflow() {
    on_every_date("gambler", |seen| {
        seen.answer(6 * 400_000, &[ReasonCode::GamblingHigh]);
    });
}

#[test]
fn of_the_empty_nothing_is_known() {
    on_every_date("empty", |seen| {
        assert_eq!(seen.persona.records, []);
        assert_eq!(seen.affords(60_000, None, &[]).status, AffordabilityStatus::NoData);
        assert_eq!(seen.income(Confidence::Low).status, IncomeStatus::NoData);
    });
}

/// Her money and debts, the income of last month, which loan is late and why, whether she can afford 5,000 a month, and
/// how certain that is.
#[test]
fn mercy_answers_the_questions_of_a_credit_analyst() {
    on_every_date("mercy", |seen| {
        let (records, subject, today) = (&seen.persona.records, &seen.subject, seen.today);
        let report = seen.report();
        assert!(report.depository.total_balances.0.is_sign_positive());
        let loans = report.loan.accounts.iter();
        let late: Vec<_> = loans.filter(|loan| loan.status == LoanStatus::Nonperforming).collect();
        assert!((1..=2).contains(&late.len()));
        let reason = &late[0].status_reason.record_id;
        let told = records.iter().find(|record| record.id == *reason).expect("the record");
        assert!(told.body.is_some());
        let flow = cash_flow(records, subject, today, None, None);
        let mut months = flow.flow.months.iter().rev();
        let last = months.find(|month| !month.partial).expect("a whole month");
        assert!(!last.inflow.0.is_zero());
        seen.affords(30_000, Some(true), &[ReasonCode::DelinquencyRecent]);
        let told = completeness(records, subject, TimeRange::up_to(today));
        let told = told.completeness.expect("steps").0;
        assert!(told > "0.95".parse().expect("number"), "{told}");
    });
}
