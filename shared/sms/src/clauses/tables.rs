//! The grammars of `languages/`, the currencies and the directory, as static tables written by the build.

#![allow(clippy::unreadable_literal, reason = "the build writes the tables")]

use daftari_domain::{AccountType, Impact};

use daftari_sms_notation::clause::{UNKNOWN, letter_bit};

use crate::parts::{Lists, Texts};

/// How an event is tied to the reader, from the strongest tie to the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// "You have received", "from your account": the reader is named.
    Strong,
    /// An account or card is named, which must be the reader's.
    Account,
    /// A known sender states only an amount to its customer: the customer must be addressed.
    Known,
    /// "Your payment of": it counts only if the message says that it is done.
    Done,
    /// The form of a receipt: a code, an account or the reader's own balance must accompany it.
    Weak,
}

/// How an amount takes part in an event.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) language: usize,
    /// `None` if no money of the account moves.
    pub(crate) direction: Option<Impact>,
    pub(crate) strength: Strength,
    /// Patterns, reversed, that end right before the amount.
    pub(crate) left: &'static [u16],
    /// Patterns that begin right behind the amount.
    pub(crate) right: &'static [u16],
    /// The class of the words that the patterns name.
    pub(crate) words: u16,
    /// Bits of [`flag`].
    pub(crate) flags: u16,
}

pub(crate) mod flag {
    /// A card was used.
    pub(crate) const CARD: u16 = 1;
    /// The event itself undoes another.
    pub(crate) const UNDO: u16 = 1 << 1;
    /// Cash is paid in. The account may be somebody else's.
    pub(crate) const DEPOSIT: u16 = 1 << 2;
    /// The event is a noun with its amount. The words behind the amount must be known.
    pub(crate) const NOUN: u16 = 1 << 3;
    /// Airtime or data is bought.
    pub(crate) const AIRTIME: u16 = 1 << 4;
    /// The left pattern may be a sentence of its own before the amount.
    pub(crate) const HEADLINE: u16 = 1 << 5;
    /// "Sent to": sender and recipient must be checked.
    pub(crate) const SENT: u16 = 1 << 7;
    /// The reader's account is named by its kind.
    pub(crate) const NAMED: u16 = 1 << 8;
    /// An account is named, but not its owner.
    pub(crate) const WHOSE: u16 = 1 << 9;
    /// Only banks write so.
    pub(crate) const BANKS: u16 = 1 << 11;
    /// The amount has a minus sign.
    pub(crate) const MINUS: u16 = 1 << 10;
    /// The subject of the sentence is the other side: "ACME has deducted".
    pub(crate) const ACTOR: u16 = 1 << 12;
    /// The price of a service that is itself the event.
    pub(crate) const FEE: u16 = 1 << 6;
}

/// The role of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A limit of transactions or of credit.
    Limit,
    /// The amount that is owed.
    Debt,
    /// The money on the reader's account.
    Balance,
    /// A balance of points, of airtime or of an overdraft, a minimum, or an earlier balance.
    OtherBalance,
    /// A fee or a tax.
    Fee,
    /// The sum of an amount and its fees.
    Total,
    /// An overdraft drawn.
    Draw,
    /// An amount to be paid.
    Due,
    /// The amount that moved.
    Event,
    /// `Amount:` and the like: the amount of an event that the message states elsewhere.
    Amount,
    /// An amount of an advertisement.
    Advertisement,
    /// An amount of something that the text only mentions, such as a payment that was reversed.
    Mentioned,
}

impl Role {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Debt => "debt",
            Self::Balance => "balance",
            Self::OtherBalance => "other balance",
            Self::Fee => "fee",
            Self::Total => "total",
            Self::Draw => "overdraft drawn",
            Self::Due => "due",
            Self::Event => "event",
            Self::Amount => "amount",
            Self::Advertisement => "advertisement",
            Self::Mentioned => "mentioned",
        }
    }
}

/// Gives amounts a role other than an event's.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) role: Role,
    pub(crate) left: &'static [u16],
    pub(crate) right: &'static [u16],
    /// The class of the words that the patterns name.
    pub(crate) words: u16,
}

/// Words that could reverse a reading.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(crate) name: &'static str,
    pub(crate) language: usize,
    /// It also counts in a sentence without an amount that begins like an advertisement.
    pub(crate) hard: bool,
    pub(crate) patterns: &'static [u16],
    /// Frames in which the words are harmless.
    pub(crate) except: &'static [u16],
}

/// The statement of a sentence about a loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LoanClass {
    Offer,
    FurtherOffer,
    Request,
    Approved,
    Declined,
    Disbursed,
    /// Money sent to the reader. If a lender sends it, it is lent.
    Sent,
    Reminder,
    Missed,
    Default,
    Repayment,
    Repaid,
    Somebody,
}

/// Finds the statement of a sentence about a loan.
#[derive(Debug)]
pub(crate) struct LoanRule {
    pub(crate) class: LoanClass,
    pub(crate) patterns: &'static [u16],
    pub(crate) except: &'static [u16],
    /// The class of the words that the patterns name.
    pub(crate) words: u16,
}

/// How institutions of a country write money and references.
#[derive(Debug)]
pub(crate) struct Country {
    pub(crate) code: &'static str,
    /// ISO 4217 code of amounts that state no currency; `None` if the country uses several.
    pub(crate) currency: Option<&'static str>,
    /// ISO 4217 codes of other currencies of accounts in the country.
    pub(crate) also: &'static [&'static str],
    /// Decimals may follow a comma.
    pub(crate) comma: bool,
    /// Amounts may have four decimals.
    pub(crate) four_decimals: bool,
    /// Banks print the payer's own words behind "Ref".
    pub(crate) payers_write_references: bool,
    /// The rate of the value added tax, where the charges of operators include it. In percent.
    pub(crate) vat_within_percent: Option<u8>,
    pub(crate) spellings: &'static [(&'static str, &'static str)],
    /// The [bits](letter_bit) of the bytes that its spellings begin with.
    pub(crate) firsts: u32,
}

/// The kind of an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bank,
    Wallet,
    Lender,
    Savings,
    Telco,
}

/// A row of the directory. Its texts are one: every separate one would take a relocation in the binary.
#[derive(Debug)]
pub(crate) struct Row {
    /// Id, display name, country, currencies, names.
    text: &'static str,
    /// Where the first four of them end.
    ends: [u16; 4],
    pub(crate) kind: Kind,
    /// A bit for each of [`AccountType::ALL`].
    account_types: u8,
}

impl Row {
    pub(crate) fn id(&self) -> &'static str {
        &self.text[..usize::from(self.ends[0])]
    }

    pub(crate) fn display_name(&self) -> &'static str {
        self.part(1)
    }

    pub(crate) fn country(&self) -> &'static str {
        self.part(2)
    }

    /// ISO 4217 codes; the first is the one that it mostly uses.
    pub(crate) fn currencies(&self) -> impl Iterator<Item = &'static str> {
        self.part(3).split_ascii_whitespace()
    }

    /// Its name, id and senders by their letters and digits, in lower case, with a space between them.
    pub(crate) fn names(&self) -> &'static str {
        &self.text[usize::from(self.ends[3])..]
    }

    pub(crate) fn account_types(&self) -> impl Iterator<Item = AccountType> {
        let all = AccountType::ALL.iter().copied().enumerate();
        all.filter(|(at, _)| self.account_types >> at & 1 == 1)
            .map(|(_, kind)| kind)
    }

    pub(crate) fn depository(&self) -> bool {
        self.has(AccountType::Depository)
    }

    pub(crate) fn loan(&self) -> bool {
        self.has(AccountType::Loan)
    }

    pub(crate) fn revolving(&self) -> bool {
        self.has(AccountType::RevolvingLoan)
    }

    fn has(&self, account_type: AccountType) -> bool {
        self.account_types().any(|kind| kind == account_type)
    }

    fn part(&self, at: usize) -> &'static str {
        &self.text[usize::from(self.ends[at - 1])..usize::from(self.ends[at])]
    }
}

/// Length in bytes of a country's code, with which keys of [`SENDERS`] begin.
const COUNTRY_LEN: usize = 2;

/// The senders of the directory, by their place in [`SENDERS`]: country and key.
pub(crate) fn senders() -> impl Iterator<Item = (usize, &'static str, &'static str)> {
    (0..SENDERS.len()).map(|at| {
        let (country, key) = SENDERS.get(at).split_at(COUNTRY_LEN);
        (at, country, key)
    })
}

/// The institutions of the sender at a place of [`SENDERS`].
pub(crate) fn rows_of_sender(at: usize) -> impl Iterator<Item = &'static Row> {
    SENDER_ROWS.get(at).iter().map(|row| &ROWS[usize::from(*row)])
}

/// The index of a table that is sorted by the first byte of its entries. The entries are in lower case.
#[derive(Debug)]
pub(crate) struct Beginnings {
    /// Where the entries of each byte begin.
    pub(crate) starts: [u16; 257],
    /// For each first byte: the [bits](letter_bit) of the second bytes. All bits are set if an entry has one byte only.
    pub(crate) seconds: [u32; 256],
}

impl Beginnings {
    /// The entries of the table that may begin `text`, in any case: those with its first byte. The list is empty if
    /// none of them has its second byte.
    pub(crate) fn of<T>(&self, table: &'static [T], text: &[u8]) -> &'static [T] {
        let Some(first) = text.first() else {
            return &[];
        };
        let at = usize::from(first.to_ascii_lowercase());
        let second = text.get(1).copied().unwrap_or_default();
        if self.seconds[at] & letter_bit(second) == 0 {
            return &[];
        }
        &table[usize::from(self.starts[at])..usize::from(self.starts[at + 1])]
    }
}

/// Whether no rule knows a word. A stem of one letter such as `d*` does not count, because any word may begin so.
pub(super) fn is_unknown(word: u16) -> bool {
    let text = WORD_TEXTS.get(usize::from(word));
    word == UNKNOWN || (text.len() == 2 && text.ends_with('*'))
}

/// Whether the word is of the class.
pub(crate) fn in_class(class: u16, word: u16) -> bool {
    let set = &CLASS_SETS[usize::from(WORD_SETS[usize::from(word)])];
    set[usize::from(class) / 64] & (1 << (class % 64)) != 0
}

/// Whether the event rule of the name is weak.
pub(crate) fn is_weak(name: &str) -> bool {
    let weak = |event: &&Event| event.strength == Strength::Weak;
    name.starts_with("clauses/") && EVENTS.iter().filter(weak).any(|event| event.name == name)
}

/// The row of an institution, by its id.
pub(crate) fn row_of(id: &str) -> Option<&'static Row> {
    let at = ROWS.binary_search_by_key(&id, |row| row.id()).ok()?;
    Some(&ROWS[at])
}

/// Whether the id is a bank's in the directory.
pub(crate) fn is_bank(id: &str) -> bool {
    row_of(id).is_some_and(|row| row.kind == Kind::Bank)
}

include!(concat!(env!("OUT_DIR"), "/clauses.rs"));
include!(concat!(env!("OUT_DIR"), "/directory.rs"));
