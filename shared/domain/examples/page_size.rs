//! Prints how many bytes a record takes in ledger pages: 1,000 records over three months with random 32-hex ids,
//! an amount and a balance, at two institutions, without labels.
//!
//! `cargo run --release -p daftari-domain --example page_size`

use daftari_domain::ledger::paginate;
use daftari_domain::{AccountType, Impact, LabelSet, Money, Record, RecordId, Timestamp};

const RECORDS: u64 = 1_000;
const SECONDS: u64 = 92 * 86_400;

/// `SplitMix64`: sufficient for pseudo-random ids and sums.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn money(&mut self, below: u64) -> Option<Money> {
        Money::from_parts(i128::from(self.next() % below), 2).ok()
    }
}

fn main() {
    let mut random = Random(42);
    let start: Timestamp = "2021-10-01T00:00:00Z".parse().expect("timestamp");
    let mut records: Vec<Record> = (0..RECORDS)
        .map(|_| {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&random.next().to_le_bytes());
            id[8..].copy_from_slice(&random.next().to_le_bytes());
            let institution = if random.next().is_multiple_of(2) {
                "mpesa"
            } else {
                "equitybank"
            };
            Record {
                id: RecordId::from_bytes(id),
                timestamp: start.plus_seconds(i64::try_from(random.next() % SECONDS).unwrap_or(0)),
                institution_id: institution.parse().expect("institution"),
                account_id: daftari_domain::AccountId::default(),
                account_type: AccountType::Depository,
                // Up to 10,000.00 moved and 100,000.00 held, in cents and independent of each other. This is the worst
                // case for the codec, which stores each balance as its difference from (previous balance ± amount).
                amount: random.money(1_000_000),
                balance: random.money(10_000_000),
                currency: "KES".parse().ok(),
                impact: Some(if random.next().is_multiple_of(2) {
                    Impact::Credit
                } else {
                    Impact::Debit
                }),
                labels: LabelSet::EMPTY,
                body: None,
            }
        })
        .collect();
    records.sort_by(|a, b| a.position().cmp(&b.position()));
    let mut bytes = 0;
    for month in records.chunk_by(|a, b| a.timestamp.month() == b.timestamp.month()) {
        let pages = paginate(month[0].timestamp.month(), &[], month).expect("pages");
        for page in &pages {
            println!(
                "page {}: {} records, {} bytes",
                page.start,
                page.count,
                page.bytes.len()
            );
        }
        bytes += pages.iter().map(|page| page.bytes.len()).sum::<usize>();
    }
    println!(
        "{RECORDS} records, {bytes} bytes: {}.{:02} bytes a record",
        bytes / 1_000,
        bytes % 1_000 / 10
    );
}
