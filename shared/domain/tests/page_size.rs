//! The bytes that a record takes in ledger pages, for 1,000 records over three months with random 32-hex ids:
//!
//! - *bare*: amounts and balances at random at two institutions, imported at once, without labels and details. The
//!   worst case of balances, because none can be derived from the movement before it;
//! - *wallet*: as a phone's messages tell it, one write each: a fee by tariff, the code of the transaction, a
//!   counterparty, sometimes a label; balances that follow to the cent.
//!
//! `cargo test --locked -p daftari-domain --test page_size -- --nocapture` prints them.

use daftari_domain::ledger::paginate;
use daftari_domain::{
    AccountType, Counterparty, CounterpartyKind, CounterpartyToken, Details, Impact, KeptDetails, Label, LabelSet,
    Money, Record, RecordId, Timestamp,
};

const RECORDS: u64 = 1_000;
const SECONDS: u64 = 92 * 86_400;

/// Counterparties of the wallet, and their share of the movements: a few are frequent, many occur once.
const COUNTERPARTIES: u64 = 250;

/// The tariff of a wallet: the fee for sending up to an amount, in shillings.
const TARIFF: [(u64, u64); 8] = [
    (100, 0),
    (500, 7),
    (1_000, 13),
    (1_500, 23),
    (2_500, 33),
    (3_500, 53),
    (5_000, 57),
    (20_000, 105),
];

/// `SplitMix64`: sufficient for ids and sums without structure.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn money(&mut self, below: u64) -> Option<Money> {
        Money::from_parts(i128::from(self.below(below)), 2).ok()
    }

    fn id(&mut self) -> RecordId {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.next().to_le_bytes());
        id[8..].copy_from_slice(&self.next().to_le_bytes());
        RecordId::from_bytes(id)
    }

    fn timestamp(&mut self) -> Timestamp {
        let start: Timestamp = "2021-10-01T00:00:00Z".parse().expect("timestamp");
        start.plus_seconds(i64::try_from(self.below(SECONDS)).unwrap_or(0))
    }

    fn impact(&mut self) -> Impact {
        if self.next().is_multiple_of(2) {
            Impact::Credit
        } else {
            Impact::Debit
        }
    }
}

/// Up to 10,000.00 moved and 100,000.00 held, in cents, independent of each other.
fn bare(random: &mut Random) -> Vec<Record> {
    let record = |_| Record {
        id: random.id(),
        institution_id: if random.next().is_multiple_of(2) {
            "mpesa"
        } else {
            "equitybank"
        }
        .parse()
        .expect("institution"),
        timestamp: random.timestamp(),
        account_id: daftari_domain::AccountId::default(),
        account_type: AccountType::Depository,
        amount: random.money(1_000_000),
        balance: random.money(10_000_000),
        currency: "KES".parse().ok(),
        impact: Some(random.impact()),
        labels: LabelSet::EMPTY,
        body: None,
        details: KeptDetails::NONE,
    };
    sorted((0..RECORDS).map(record).collect())
}

fn wallet(random: &mut Random) -> Vec<Record> {
    let mut records = bare(random);
    let tokens: Vec<[u8; 8]> = (0..COUNTERPARTIES).map(|_| random.next().to_le_bytes()).collect();
    let mut balance = 50_000_000_i128;
    for record in &mut records {
        // Small sums are more frequent than large ones, and most are whole tens of shillings.
        let most = 10 << random.below(11);
        let shillings = 10 + random.below(most);
        let shillings = if random.below(4) == 0 {
            shillings
        } else {
            shillings.next_multiple_of(10)
        };
        let tariff = TARIFF.iter().find(|(up_to, _)| shillings <= *up_to);
        let debit = random.below(3) > 0;
        let fee = if debit { tariff.map_or(105, |(_, fee)| *fee) } else { 0 };
        let sign = if debit { -1 } else { 1 };
        balance += sign * i128::from(shillings) * 100 - i128::from(fee) * 100;
        let often = random
            .below(COUNTERPARTIES)
            .min(random.below(COUNTERPARTIES))
            .min(random.below(COUNTERPARTIES));
        let kinds = [
            CounterpartyKind::Person,
            CounterpartyKind::Business,
            CounterpartyKind::Agent,
        ];
        let index = usize::try_from(often).expect("index");
        record.institution_id = "mpesa".parse().expect("institution");
        record.amount = Money::from_parts(i128::from(shillings), 0).ok();
        record.balance = Money::from_parts(balance, 2).ok();
        record.impact = Some(if debit { Impact::Debit } else { Impact::Credit });
        if random.below(6) == 0 {
            record.labels = record
                .labels
                .with([Label::AirtimePurchase, Label::Pos, Label::Atm][index % 3]);
        }
        record.details = Details {
            fee: Money::from_parts(i128::from(fee), 0).ok(),
            reference: code(record.timestamp, random).parse().ok(),
            counterparty: Some(Counterparty {
                token: Some(CounterpartyToken(tokens[index])),
                kind: kinds[index % 3],
            }),
            ..Details::default()
        }
        .into();
    }
    records
}

/// The code of a transaction: year, month and day, then random characters.
fn code(at: Timestamp, random: &mut Random) -> String {
    const DIGITS: &[u8; 36] = b"123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0";
    let date = at.to_string();
    let part = |from: usize, to: usize| date[from..to].parse::<usize>().expect("date");
    let day = [part(2, 4) - 5, 8 + part(5, 7), part(8, 10) - 1];
    let rest = (0..7).map(|_| usize::try_from(random.below(36)).expect("digit"));
    day.into_iter()
        .chain(rest)
        .map(|digit| char::from(DIGITS[digit % 36]))
        .collect()
}

fn sorted(mut records: Vec<Record>) -> Vec<Record> {
    records.sort_by(|a, b| a.position().cmp(&b.position()));
    records
}

/// Checks that a record takes at most `most` bytes, and prints the number of bytes.
fn assert_size(name: &str, most: usize, records: &[Record], version_of: impl Fn(usize) -> u64) {
    let mut bytes = 0;
    for month in records.chunk_by(|a, b| a.timestamp.month() == b.timestamp.month()) {
        let versions: Vec<u64> = (0..month.len()).map(&version_of).collect();
        let pages = paginate(month[0].timestamp.month(), &[], month, &versions).expect("pages");
        for page in &pages {
            println!(
                "{name}: page {}: {} records, {} bytes",
                page.start,
                page.count,
                page.bytes.len()
            );
        }
        bytes += pages.iter().map(|page| page.bytes.len()).sum::<usize>();
    }
    let count = records.len();
    println!(
        "{name}: {count} records, {bytes} bytes: {}.{:02} bytes a record",
        bytes / count,
        bytes % count * 100 / count
    );
    assert!(bytes <= most * count, "{name}: more than {most} bytes a record");
}

#[test]
fn records_stay_small() {
    let mut random = Random(42);
    assert_size("bare", 27, &bare(&mut random), |_| 1);
    assert_size("wallet", 34, &wallet(&mut random), |at| at as u64 + 1);
}
