//! The people of the demo data. All are invented.

use daftari_domain::{AccountId, AccountType, Impact, Label, LabelSet, Record};

use super::book::{UNIT, known};
use super::life::Life;
use super::loans::{Ending, Loan};

/// A phone user of the demo organization.
pub(super) struct Person {
    pub(super) uuid: &'static str,
    pub(super) phone_number: &'static str,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) email: &'static str,
    pub(super) external_id: Option<&'static str>,
    pub(super) device_id: &'static str,
    pub(super) is_kyc_verified: bool,
    pub(super) registered_at: &'static str,
    /// The source of the ledger. Without it, the ledger has the two records of the public reference.
    pub(super) life: Option<Life>,
}

impl Person {
    /// The records of the ledger, oldest first.
    pub(super) fn records(&self) -> Vec<Record> {
        match &self.life {
            Some(life) => life.records(),
            None => reference_records(),
        }
    }
}

/// All people.
pub(super) const PEOPLE: &[Person] = &[
    Person {
        uuid: "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4",
        phone_number: "254123456789",
        first_name: "Mercy",
        last_name: "Otieno",
        email: "",
        external_id: None,
        device_id: "",
        is_kyc_verified: false,
        registered_at: "2021-11-16T21:00:00+00:00",
        life: None,
    },
    Person {
        uuid: "0d5c7a52-6c1e-4b0e-9d3f-5a1f4c2b7e01",
        phone_number: "254711000117",
        first_name: "Joseph",
        last_name: "Kamau Njoroge",
        email: "joseph.kamau@mail.example",
        external_id: Some("KE-00017"),
        device_id: "a3f1c09e77b24d10",
        is_kyc_verified: true,
        registered_at: "2021-03-02T08:12:44+00:00",
        life: Some(JOSEPH),
    },
    Person {
        uuid: "3b1f9c60-02d4-4c57-8a7e-9e8d6f5a4b02",
        phone_number: "2348030000125",
        first_name: "Adaeze",
        last_name: "Okafor",
        email: "adaeze@mail.example",
        external_id: Some("NG-00025"),
        device_id: "5be2d7740c1a9f33",
        is_kyc_verified: true,
        registered_at: "2021-06-18T13:40:09+00:00",
        life: Some(ADAEZE),
    },
    Person {
        uuid: "7c2e4d18-5f3a-4e69-b1c8-2d7f8e9a0c03",
        phone_number: "233240000139",
        first_name: "Kwame",
        last_name: "Boateng",
        email: "",
        external_id: Some("GH-00039"),
        device_id: "",
        is_kyc_verified: false,
        registered_at: "2021-09-05T17:05:31+00:00",
        life: Some(KWAME),
    },
    Person {
        uuid: "a94f6b37-8e21-4d0c-9f5b-6c3e1d2a7b04",
        phone_number: "256772000141",
        first_name: "Amina",
        last_name: "Nakato",
        email: "amina.nakato@mail.example",
        external_id: None,
        device_id: "c70d41e8aa5096bf",
        is_kyc_verified: true,
        registered_at: "2021-11-10T06:55:02+00:00",
        life: Some(AMINA),
    },
];

/// A fully repaid loan. The loans below override its differing fields.
const LOAN: Loan = Loan {
    institution: "tala_ke",
    kind: AccountType::Loan,
    day: 0,
    principal: 5_000 * UNIT,
    interest_percent: 15,
    instalments: 3,
    days_between: 10,
    paid: 0,
    ending: Ending::Repaid,
};

const FULIZA: Loan = Loan {
    institution: "fuliza",
    kind: AccountType::RevolvingLoan,
    principal: 1_500 * UNIT,
    interest_percent: 5,
    instalments: 1,
    days_between: 9,
    ..LOAN
};

const JOSEPH: Life = Life {
    seed: 1,
    currency: "KES",
    wallet: "mpesa",
    bank: "equitybank",
    bank_account: "4471",
    savings: Some("coopbank"),
    airtime: Some("safaricom"),
    dollars: Some(("9026", 108)),
    salary: 68_000 * UNIT,
    payday: 25,
    shops: &["Duka Bora", "Maziwa Fresh", "Jamii Hardware", "Kilele Fuel"],
    bets: true,
    overdrawn_on: &[233, 502],
    loans: &[
        Loan { day: 40, ..LOAN },
        Loan {
            day: 140,
            principal: 8_000 * UNIT,
            days_between: 14,
            ..LOAN
        },
        FULIZA_IN_JUNE,
        Loan { day: 410, ..FULIZA },
        Loan {
            institution: "zenka",
            day: 300,
            principal: 6_000 * UNIT,
            interest_percent: 20,
            days_between: 20,
            paid: 1,
            ending: Ending::Defaulted,
            ..LOAN
        },
        Loan {
            institution: "branch_ke",
            day: 560,
            principal: 12_000 * UNIT,
            interest_percent: 12,
            instalments: 4,
            days_between: 30,
            paid: 2,
            ending: Ending::Missed,
            ..LOAN
        },
        Loan {
            institution: "mshwari",
            day: 690,
            principal: 10_000 * UNIT,
            interest_percent: 8,
            instalments: 4,
            days_between: 15,
            paid: 2,
            ending: Ending::Open,
            ..LOAN
        },
    ],
    offers: &[
        (20, "tala_ke", Label::NewLoanOffer),
        (118, "zenka", Label::NewLoanOffer),
        (190, "tala_ke", Label::OtherLoanOffer),
        (395, "okash", Label::LoanDeclined),
        (640, "haraka", Label::NewLoanOffer),
    ],
};

const FULIZA_IN_JUNE: Loan = Loan { day: 200, ..FULIZA };

const ADAEZE: Life = Life {
    seed: 2,
    currency: "NGN",
    wallet: "opay",
    bank: "gtbank",
    bank_account: "3307",
    savings: Some("kuda"),
    airtime: None,
    dollars: None,
    salary: 310_000 * UNIT,
    payday: 28,
    shops: &["Mama Tola Stores", "Sunrise Pharmacy", "Oga Electronics"],
    bets: false,
    overdrawn_on: &[377],
    loans: &[
        Loan {
            institution: "fairmoney",
            day: 60,
            principal: 50_000 * UNIT,
            interest_percent: 14,
            instalments: 2,
            days_between: 15,
            ..LOAN
        },
        Loan {
            institution: "fairmoney",
            day: 250,
            principal: 90_000 * UNIT,
            interest_percent: 14,
            days_between: 30,
            ..LOAN
        },
        Loan {
            institution: "palmcredit",
            day: 420,
            principal: 40_000 * UNIT,
            interest_percent: 18,
            days_between: 20,
            ending: Ending::Defaulted,
            ..LOAN
        },
        Loan {
            institution: "okash_ng",
            day: 655,
            principal: 30_000 * UNIT,
            interest_percent: 20,
            instalments: 2,
            days_between: 30,
            paid: 1,
            ending: Ending::Missed,
            ..LOAN
        },
        Loan {
            institution: "carbon",
            day: 700,
            principal: 80_000 * UNIT,
            interest_percent: 10,
            days_between: 14,
            paid: 2,
            ending: Ending::Open,
            ..LOAN
        },
    ],
    offers: &[
        (44, "fairmoney", Label::NewLoanOffer),
        (270, "fairmoney", Label::OtherLoanOffer),
        (515, "quickcheck", Label::LoanDeclined),
        (602, "migo", Label::NewLoanOffer),
    ],
};

const KWAME: Life = Life {
    seed: 3,
    currency: "GHS",
    wallet: "mtn_gh",
    bank: "gcb",
    bank_account: "0192",
    savings: None,
    airtime: None,
    dollars: None,
    salary: 2_900 * UNIT,
    payday: 27,
    shops: &["Adom Provisions", "Nkawkaw Spare Parts"],
    bets: true,
    overdrawn_on: &[],
    loans: &[
        Loan {
            institution: "fido",
            day: 90,
            principal: 300 * UNIT,
            instalments: 2,
            days_between: 15,
            ..LOAN
        },
        Loan {
            institution: "fido",
            day: 330,
            principal: 500 * UNIT,
            ..LOAN
        },
        Loan {
            institution: "qwikloan",
            day: 705,
            principal: 400 * UNIT,
            interest_percent: 10,
            instalments: 1,
            days_between: 30,
            ending: Ending::Open,
            ..LOAN
        },
    ],
    offers: &[
        (71, "fido", Label::NewLoanOffer),
        (480, "qwikloan", Label::LoanDeclined),
    ],
};

const AMINA: Life = Life {
    seed: 4,
    currency: "UGX",
    wallet: "mtn_ug",
    bank: "centenarybank",
    bank_account: "6618",
    savings: None,
    airtime: None,
    dollars: None,
    salary: 1_100_000 * UNIT,
    payday: 30,
    shops: &["Nalongo Fashions", "Kampala Road Books"],
    bets: false,
    overdrawn_on: &[],
    loans: &[
        Loan {
            institution: "mokash_ug",
            day: 205,
            principal: 150_000 * UNIT,
            interest_percent: 9,
            instalments: 1,
            days_between: 30,
            ..LOAN
        },
        Loan {
            institution: "wewole",
            day: 640,
            principal: 90_000 * UNIT,
            interest_percent: 12,
            instalments: 2,
            days_between: 30,
            ending: Ending::Missed,
            ..LOAN
        },
    ],
    offers: &[(611, "wewole", Label::NewLoanOffer)],
};

/// The two records of the public reference, oldest first.
fn reference_records() -> Vec<Record> {
    let record = |id, timestamp, amount, balance, impact| Record {
        id: known(id),
        timestamp: known(timestamp),
        institution_id: known("mpesa"),
        account_id: AccountId::default(),
        account_type: AccountType::Depository,
        amount: Some(known(amount)),
        balance: Some(known(balance)),
        currency: Some(known("KES")),
        impact: Some(impact),
        labels: LabelSet::EMPTY,
        body: None,
        details: daftari_domain::KeptDetails::NONE,
    };
    vec![
        record(
            "fd5476336f8cd261e394c050ccfff038",
            "2021-09-24T06:31:23+00:00",
            "4359.0",
            "4359.0",
            Impact::Credit,
        ),
        record(
            "dd9bfad8a88f838d53f63b85c109dcf1",
            "2021-10-08T10:41:25+00:00",
            "6800.0",
            "6324.13",
            Impact::Debit,
        ),
    ]
}
