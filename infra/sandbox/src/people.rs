//! The people. All are invented: first names are common in the country, last names describe the scenario.

use daftari_domain::{AccountType, Label};

use crate::book::UNIT;
use crate::plan::{Bets, Life, Loan, Savings, Step, Work};

/// A person of the sandbox.
pub(crate) struct Person {
    pub(crate) key: &'static str,
    /// The uuid, if it is the same in every tenant.
    pub(crate) uuid: Option<&'static str>,
    pub(crate) phone_number: &'static str,
    pub(crate) first_name: &'static str,
    pub(crate) last_name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) external_id: Option<&'static str>,
    pub(crate) device_id: &'static str,
    pub(crate) is_kyc_verified: bool,
    pub(crate) registered_at: &'static str,
    /// The source of the ledger; `None` for a person without records.
    pub(crate) life: Option<Life>,
}

/// The personas.
pub(crate) const PERSONAS: &[Person] = &[
    Person {
        key: "late-payer",
        uuid: None,
        phone_number: "254711000117",
        first_name: "Joseph",
        last_name: "Late-Payer",
        email: "joseph.late-payer@mail.example",
        external_id: Some("KE-00017"),
        device_id: "a3f1c09e77b24d10",
        is_kyc_verified: true,
        registered_at: "2021-03-02T08:12:44+00:00",
        life: Some(LATE_PAYER),
    },
    Person {
        key: "loan-stacker",
        uuid: None,
        phone_number: "2348030000125",
        first_name: "Adaeze",
        last_name: "Loan-Stacker",
        email: "adaeze.loan-stacker@mail.example",
        external_id: Some("NG-00025"),
        device_id: "5be2d7740c1a9f33",
        is_kyc_verified: true,
        registered_at: "2021-06-18T13:40:09+00:00",
        life: Some(LOAN_STACKER),
    },
    Person {
        key: "trader",
        uuid: None,
        phone_number: "233240000139",
        first_name: "Kwame",
        last_name: "Trader",
        email: "",
        external_id: Some("GH-00039"),
        device_id: "",
        is_kyc_verified: false,
        registered_at: "2021-09-05T17:05:31+00:00",
        life: Some(TRADER),
    },
    Person {
        key: "gambler",
        uuid: None,
        phone_number: "255754000158",
        first_name: "Juma",
        last_name: "Gambler",
        email: "juma.gambler@mail.example",
        external_id: Some("TZ-00058"),
        device_id: "77aa0c5d1be94e26",
        is_kyc_verified: true,
        registered_at: "2021-10-21T09:30:17+00:00",
        life: Some(GAMBLER),
    },
    Person {
        key: "salaried",
        uuid: None,
        phone_number: "256772000141",
        first_name: "Amina",
        last_name: "Salaried",
        email: "amina.salaried@mail.example",
        external_id: None,
        device_id: "c70d41e8aa5096bf",
        is_kyc_verified: true,
        registered_at: "2021-11-10T06:55:02+00:00",
        life: Some(SALARIED),
    },
    Person {
        key: "empty",
        uuid: None,
        phone_number: "250788000162",
        first_name: "Uwase",
        last_name: "Empty",
        email: "",
        external_id: Some("RW-00062"),
        device_id: "1f0e9b3c58d24a77",
        is_kyc_verified: false,
        registered_at: "2021-11-12T15:21:48+00:00",
        life: None,
    },
];

/// The user of the public reference page.
pub(crate) const MERCY: Person = Person {
    key: "mercy",
    uuid: Some("958a5ae8-f3a3-41d5-ae48-177fdc19e3f4"),
    phone_number: "254123456789",
    first_name: "Mercy",
    last_name: "Otieno",
    email: "",
    external_id: None,
    device_id: "",
    is_kyc_verified: false,
    registered_at: "2021-11-16T21:00:00+00:00",
    life: Some(MERCYS_LIFE),
};

/// A loan of four months that is late from its first instalment on, for 44 days. Three such loans, 40 days apart,
/// ensure that one is late on every day.
const LATE: Loan = Loan {
    institution: "",
    kind: AccountType::Loan,
    principal: 6_000 * UNIT,
    interest_percent: 15,
    first: 0,
    every: 120,
    steps: &[
        (28, Step::Remind),
        (31, Step::Miss),
        (75, Step::Pay(60)),
        (88, Step::Remind),
        (90, Step::PayRest),
    ],
};

/// A loan of four months that is repaid on time.
const ON_TIME: Loan = Loan {
    steps: &[
        (28, Step::Remind),
        (30, Step::Pay(35)),
        (58, Step::Remind),
        (60, Step::Pay(35)),
        (88, Step::Remind),
        (90, Step::PayRest),
    ],
    ..LATE
};

/// A loan that is taken again on the day it is repaid.
const ROLLED_OVER: Loan = Loan {
    interest_percent: 20,
    every: 60,
    steps: &[
        (28, Step::Remind),
        (30, Step::Pay(50)),
        (58, Step::Remind),
        (60, Step::PayRest),
    ],
    ..LATE
};

/// A loan that defaults and is settled within a year.
const DEFAULTED: Loan = Loan {
    interest_percent: 20,
    every: 390,
    steps: &[
        (28, Step::Remind),
        (30, Step::Pay(30)),
        (61, Step::Miss),
        (92, Step::Default),
        (350, Step::PayRest),
    ],
    ..LATE
};

/// An overdraft of a wallet, repaid after nine days.
const OVERDRAFT: Loan = Loan {
    kind: AccountType::RevolvingLoan,
    interest_percent: 5,
    every: 71,
    steps: &[(9, Step::PayRest)],
    ..LATE
};

const LATE_PAYER: Life = Life {
    seed: 1,
    currency: "KES",
    wallet: "mpesa",
    fee: 13 * UNIT,
    bank: "equitybank",
    bank_account: "4471",
    savings: Some(Savings {
        institution: "coopbank",
        id: "2250",
        percent: 12,
    }),
    airtime: Some("safaricom"),
    dollars: Some(("9026", 129)),
    monthly: 68_000 * UNIT,
    work: Work::Salary {
        employer: "MAZIWA CO-OPERATIVE",
        payday: 25,
    },
    rent_percent: 18,
    utility: "power company",
    shops: &["Duka Bora", "Maziwa Fresh", "Jamii Hardware", "Kilele Fuel"],
    friends: &["Jane", "Peter", "Njeri", "Otis"],
    bets: Some(Bets {
        days_percent: 8,
        stake: 20,
    }),
    loans: &[
        Loan {
            institution: "tala_ke",
            ..LATE
        },
        Loan {
            institution: "branch_ke",
            principal: 9_000 * UNIT,
            interest_percent: 12,
            first: 40,
            ..LATE
        },
        Loan {
            institution: "mshwari",
            principal: 7_000 * UNIT,
            interest_percent: 8,
            first: 80,
            ..LATE
        },
        Loan {
            institution: "zenka",
            principal: 4_000 * UNIT,
            first: 20,
            ..DEFAULTED
        },
        Loan {
            institution: "fuliza",
            principal: 1_500 * UNIT,
            first: 33,
            ..OVERDRAFT
        },
    ],
    offers: &[
        (90, 20, "tala_ke", Label::NewLoanOffer),
        (120, 50, "zenka", Label::OtherLoanOffer),
        (150, 85, "okash", Label::LoanDeclined),
    ],
};

const LOAN_STACKER: Life = Life {
    seed: 2,
    currency: "NGN",
    wallet: "opay",
    fee: 10 * UNIT,
    bank: "gtbank",
    bank_account: "3307",
    savings: None,
    airtime: None,
    dollars: None,
    monthly: 310_000 * UNIT,
    work: Work::Salary {
        employer: "SUNRISE PHARMACY LTD",
        payday: 28,
    },
    rent_percent: 20,
    utility: "power company",
    shops: &["Mama Tola Stores", "Oga Electronics", "Ile Oja Market"],
    friends: &["Bola", "Ngozi", "Tunde"],
    bets: None,
    loans: &[
        Loan {
            institution: "fairmoney",
            principal: 60_000 * UNIT,
            ..ROLLED_OVER
        },
        Loan {
            institution: "palmcredit",
            principal: 50_000 * UNIT,
            first: 11,
            ..ROLLED_OVER
        },
        Loan {
            institution: "carbon",
            principal: 80_000 * UNIT,
            first: 23,
            ..ROLLED_OVER
        },
        Loan {
            institution: "okash_ng",
            principal: 40_000 * UNIT,
            first: 37,
            ..ROLLED_OVER
        },
        Loan {
            institution: "branch_ng",
            principal: 70_000 * UNIT,
            first: 49,
            ..ROLLED_OVER
        },
    ],
    offers: &[
        (45, 44, "fairmoney", Label::NewLoanOffer),
        (60, 27, "quickcheck", Label::LoanDeclined),
        (75, 60, "carbon", Label::OtherLoanOffer),
    ],
};

const TRADER: Life = Life {
    seed: 3,
    currency: "GHS",
    wallet: "mtn_gh",
    fee: 50,
    bank: "gcb",
    bank_account: "0192",
    savings: None,
    airtime: None,
    dollars: None,
    monthly: 4_900 * UNIT,
    work: Work::Trade {
        wholesaler: "MAKOLA WHOLESALE",
    },
    rent_percent: 0,
    utility: "power company",
    shops: &["Adom Provisions", "Nkawkaw Spare Parts"],
    friends: &["Ama", "Kofi", "Esi"],
    bets: None,
    loans: &[Loan {
        institution: "fido",
        principal: 500 * UNIT,
        ..ON_TIME
    }],
    offers: &[
        (100, 71, "fido", Label::NewLoanOffer),
        (200, 130, "qwikloan", Label::LoanDeclined),
    ],
};

const GAMBLER: Life = Life {
    seed: 4,
    currency: "TZS",
    wallet: "mpesa_tz",
    fee: 350 * UNIT,
    bank: "crdb",
    bank_account: "7714",
    savings: None,
    airtime: None,
    dollars: None,
    monthly: 950_000 * UNIT,
    work: Work::Salary {
        employer: "KARIAKOO TRANSPORT",
        payday: 24,
    },
    rent_percent: 15,
    utility: "power company",
    shops: &["Mwenge Shop", "Soko Kuu"],
    friends: &["Asha", "Baraka", "Neema"],
    bets: Some(Bets {
        days_percent: 70,
        stake: 120,
    }),
    loans: &[Loan {
        institution: "songesha",
        principal: 20_000 * UNIT,
        first: 14,
        every: 29,
        ..OVERDRAFT
    }],
    offers: &[],
};

const SALARIED: Life = Life {
    seed: 5,
    currency: "UGX",
    wallet: "mtn_ug",
    fee: 1_000 * UNIT,
    bank: "centenarybank",
    bank_account: "6618",
    savings: Some(Savings {
        institution: "centenarybank",
        id: "7002",
        percent: 34,
    }),
    airtime: None,
    dollars: None,
    monthly: 1_800_000 * UNIT,
    work: Work::Salary {
        employer: "KAMPALA ROAD BOOKS LTD",
        payday: 27,
    },
    rent_percent: 20,
    utility: "water company",
    shops: &["Nalongo Fashions", "Nakasero Market"],
    friends: &["Ruth", "Moses", "Sarah"],
    bets: None,
    loans: &[],
    offers: &[(120, 11, "wewole", Label::NewLoanOffer)],
};

const MERCYS_LIFE: Life = Life {
    seed: 6,
    currency: "KES",
    wallet: "mpesa",
    fee: 13 * UNIT,
    bank: "kcb",
    bank_account: "8810",
    savings: Some(Savings {
        institution: "coopbank",
        id: "3341",
        percent: 30,
    }),
    airtime: None,
    dollars: None,
    monthly: 62_000 * UNIT,
    work: Work::Salary {
        employer: "KIJANI TEA LTD",
        payday: 26,
    },
    rent_percent: 18,
    utility: "power company",
    shops: &["Mama Mboga", "Naivas Corner", "Uzuri Salon"],
    friends: &["Achieng", "Wanjiku", "Brian"],
    bets: None,
    loans: &[
        Loan {
            institution: "tala_ke",
            principal: 5_000 * UNIT,
            first: 10,
            ..LATE
        },
        Loan {
            institution: "branch_ke",
            principal: 4_000 * UNIT,
            first: 50,
            ..LATE
        },
        Loan {
            institution: "mshwari",
            principal: 4_500 * UNIT,
            first: 90,
            ..LATE
        },
    ],
    offers: &[(110, 40, "branch_ke", Label::OtherLoanOffer)],
};
