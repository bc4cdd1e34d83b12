//! Prints how long each report takes: `cargo run --release -p daftari-domain --example report_cost`.
//!
//! The ledger is invented: a user with a dozen accounts over three years, a fifth of the records labelled. The records
//! are in the order of the ledger, as the store gives them.

use std::hint::black_box;
use std::num::NonZeroU32;
use std::time::Duration;

use cpu_time::ThreadTime;
use daftari_domain::ids::{OrganizationId, UserId};
use daftari_domain::insights::features::{FeatureRequest, FeatureUser};
use daftari_domain::insights::{
    AffordabilityRequest, Confidence, affordability, cash_flow, features, income, recurring,
};
use daftari_domain::reports::credit_report::Person;
use daftari_domain::reports::{Subject, alerts_summary, credit_report, dti, transactions_summary};
use daftari_domain::time::DAY_SECONDS;
use daftari_domain::unrecognized::UnrecognizedMessages;
use daftari_domain::views::{ListFilter, institutions};
use daftari_domain::{
    AccountId, AccountType, Currency, Impact, InstitutionId, Label, LabelSet, Money, Record, RecordId, TimeRange,
    Timestamp,
};
use uuid::Uuid;

const INSTITUTIONS: [(&str, AccountType, &str); 6] = [
    ("mpesa", AccountType::Depository, "KES"),
    ("equitybank", AccountType::Depository, "KES"),
    ("okash", AccountType::Loan, "KES"),
    ("fuliza", AccountType::RevolvingLoan, "KES"),
    ("mtn_ug", AccountType::Depository, "UGX"),
    ("safaricom", AccountType::Airtime, "KES"),
];

/// Pseudo-random numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        let bound = u64::try_from(of.len()).expect("a short list");
        of[usize::try_from(self.below(bound)).expect("an index")]
    }
}

/// The start of the ledger, in seconds.
const START: i64 = 1_600_000_000;
/// The seconds of three years.
const YEARS: u64 = 95_000_000;

fn ledger(count: u64, span: u64) -> Vec<Record> {
    let mut numbers = Numbers(7);
    let institutions: Vec<(InstitutionId, AccountType, Currency)> = INSTITUTIONS
        .iter()
        .map(|&(id, account_type, code)| (id.parse().expect("id"), account_type, code.parse().expect("currency")))
        .collect();
    let accounts: [AccountId; 2] = ["default".parse().expect("account"), "0042".parse().expect("account")];
    let record = |index: u64| {
        let at = numbers.below(institutions.len() as u64);
        let (institution_id, account_type, currency) = institutions[usize::try_from(at).expect("an index")].clone();
        let cents = |number: u64| Money::from_parts(number.into(), 2).expect("money");
        let labelled = numbers.below(5) == 0;
        let seconds = START + i64::try_from(numbers.below(span)).expect("seconds");
        Record {
            id: RecordId::from_bytes((u128::from(index) * 0x9E37_79B9_7F4A_7C15_F39C_C060).to_be_bytes()),
            timestamp: Timestamp::from_unix_seconds(seconds).expect("timestamp"),
            institution_id,
            account_id: accounts[usize::try_from(numbers.below(2)).expect("an index")].clone(),
            account_type,
            amount: Some(cents(numbers.below(9_000_000))),
            balance: (numbers.below(2) == 0).then(|| cents(numbers.below(90_000_000))),
            currency: (numbers.below(10) > 0).then_some(currency),
            impact: Some(numbers.pick(&[Impact::Credit, Impact::Debit])),
            labels: LabelSet::from_iter(labelled.then(|| numbers.pick(Label::ALL))),
            body: None,
            details: daftari_domain::KeptDetails::NONE,
        }
    };
    let mut records: Vec<Record> = (0..count).map(record).collect();
    records.sort_by(|one, other| one.position().cmp(&other.position()));
    records
}

/// Transfers that can be paired in any way: a number of groups, each with the most sides that are still paired
/// optimally, at unordered times. The most expensive ledger of its size.
fn crowded(groups: i64) -> Vec<Record> {
    let mut numbers = Numbers(11);
    let mut records = ledger(u64::try_from(groups).expect("groups") * 128, 1);
    for (index, record) in (0..).zip(&mut records) {
        let (group, side) = (index / 128, index % 128);
        let seconds = START + group * DAY_SECONDS + i64::try_from(numbers.below(300)).expect("seconds");
        record.timestamp = Timestamp::from_unix_seconds(seconds).expect("timestamp");
        record.account_type = AccountType::Depository;
        record.account_id = if side < 64 { "1" } else { "2" }.parse().expect("account");
        record.impact = Some(if side < 64 { Impact::Debit } else { Impact::Credit });
        record.amount = Some(Money::from_parts(100_000, 2).expect("money"));
        record.currency = Some("KES".parse().expect("currency"));
        record.labels = LabelSet::EMPTY;
    }
    records
}

/// Insights of 10,000 records in a number of days, as of their end.
fn insights(subject: &Subject, days: u64) {
    let span = days * DAY_SECONDS.unsigned_abs();
    let records = ledger(10_000, span);
    let at = START + i64::try_from(span).expect("seconds");
    let at = Timestamp::from_unix_seconds(at).expect("timestamp");
    println!("10,000 records in {days} days");
    let report = |name, took: Duration| println!("  {name:22} {:9} µs", took.as_micros());
    let user = || FeatureUser {
        uuid: subject.user_uuid,
        first_name: String::new(),
        last_name: String::new(),
        phone_number: String::new(),
        external_id: None,
    };
    let request = FeatureRequest::at(at);
    report("features", time(|| features(&records, subject, user(), None, &request)));
    let found = features(&records, subject, user(), None, &request);
    report("features as JSON", time(|| serde_json::to_vec(&found)));
    report("income", time(|| income(&records, subject, at, None, Confidence::Low)));
    report("recurring", time(|| recurring(&records, subject, at, None, None)));
    report("cash flow", time(|| cash_flow(&records, subject, at, None, None)));
    let loan = AffordabilityRequest::read(r#"{"principal":30000,"interest_rate":0.6,"term":6}"#).expect("valid");
    report(
        "affordability",
        time(|| affordability(&records, subject, at, &loan, &UnrecognizedMessages::default())),
    );
}

/// CPU time of the fastest of nine runs, which other load of the machine hardly affects.
fn time<T>(mut run: impl FnMut() -> T) -> Duration {
    let times = (0..9).map(|_| {
        let start = ThreadTime::now();
        black_box(run());
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

fn main() {
    let subject = Subject {
        user_uuid: UserId(Uuid::from_u128(1)),
        client_uuid: OrganizationId(Uuid::from_u128(2)),
        country: Some("KE".parse().expect("country")),
    };
    let as_of = Timestamp::from_unix_seconds(1_700_000_000).expect("timestamp");
    let mpesa: InstitutionId = "mpesa".parse().expect("id");
    for count in [10, 10_000, 100_000] {
        let records = ledger(count, YEARS);
        println!("{count} records");
        let report = |name, took: Duration| println!("  {name:22} {:9} µs", took.as_micros());
        report("dti", time(|| dti(&records, &subject, TimeRange::ALL, None)));
        report(
            "transactions summary",
            time(|| transactions_summary(&records, &subject, TimeRange::ALL, None)),
        );
        report(
            "alerts summary",
            time(|| alerts_summary(&records, &subject, TimeRange::ALL)),
        );
        report(
            "credit report",
            time(|| credit_report(&records, &subject, Person::default(), as_of, None)),
        );
        let full = credit_report(&records, &subject, Person::default(), as_of, None);
        report("credit report as JSON", time(|| serde_json::to_vec(&full)));
        report("institutions", time(|| institutions::institutions(&records, &subject)));
        report(
            "page of transactions",
            time(|| institutions::transactions(&records, Some(&mpesa), &ListFilter::default(), NonZeroU32::MIN)),
        );
    }
    let records = crowded(80);
    println!("{} records of 80 groups of transfers", records.len());
    let took = time(|| dti(&records, &subject, TimeRange::ALL, None));
    println!("  {:22} {:9} µs", "dti", took.as_micros());
    for days in [100, 365, 1_100] {
        insights(&subject, days);
    }
}
