//! The closed word lists: impact, account type and labels of a ledger record, and why a message has no record.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text is not a word of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one of: {known}")]
pub struct UnknownWord {
    /// The words of the list, separated by commas.
    pub known: &'static str,
}

/// Declares an enum with the words of the API. Its schema explains each word by the documentation of its variant.
macro_rules! words {
    ($(#[$($meta:tt)*])* $name:ident {
        $(#[$($first_about:tt)*])* $first:ident = $first_word:literal
        $(, $(#[$($about:tt)*])* $variant:ident = $word:literal)* $(,)?
    }) => {
        $(#[$($meta)*])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[$($first_about)*])*
            $first,
            $($(#[$($about)*])* $variant,)*
        }

        crate::described_schema! {
            $name, stringify!($name), crate::documentation!($([$($meta)*])*),
            [($first_word, crate::documentation!($([$($first_about)*])*))
             $(, ($word, crate::documentation!($([$($about)*])*)))*]
        }

        impl $name {
            /// Every word, in the order of the contract.
            pub const ALL: &'static [Self] = &[Self::$first $(, Self::$variant)*];

            /// Every word, separated by commas.
            pub const KNOWN: &'static str = concat!($first_word $(, ", ", $word)*);

            /// The word as the API spells it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::$first => $first_word,
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl $name {
            /// The meaning of the word in a sentence, as the schema explains it.
            pub fn meaning(self) -> String {
                crate::described::on_one_line(match self {
                    Self::$first => crate::documentation!($([$($first_about)*])*),
                    $(Self::$variant => crate::documentation!($([$($about)*])*),)*
                })
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text {
                    $first_word => Ok(Self::$first),
                    $($word => Ok(Self::$variant),)*
                    _ => Err(UnknownWord { known: Self::KNOWN }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::text::parsed(deserializer)
            }
        }
    };
}

words! {
    /// The direction of cash flow. For a depository account, `CREDIT` is cash-in and `DEBIT` cash-out; for a loan,
    /// `CREDIT` is a repayment and `DEBIT` a disbursement.
    Impact {
        /// Money in; for a loan, money repaid.
        Credit = "CREDIT",
        /// Money out; for a loan, money lent.
        Debit = "DEBIT",
    }
}

words! {
    /// The type of a record's account.
    AccountType {
        /// Airtime of a phone.
        Airtime = "airtime",
        /// A bank account or a wallet.
        Depository = "depository",
        /// A loan.
        Loan = "loan",
        /// An overdraft that is drawn and repaid again and again, such as Fuliza.
        RevolvingLoan = "revolving_loan",
    }
}

impl AccountType {
    /// Whether balances are money owed: a `DEBIT` raises them, and a `CREDIT` is a repayment.
    pub const fn is_debt(self) -> bool {
        matches!(self, Self::Loan | Self::RevolvingLoan)
    }
}

words! {
    /// A fact that the message behind a record states.
    Label {
        /// Money to or from a betting or lottery company.
        BettingAndLottery = "BettingAndLottery",
        /// Cash taken out or put in at a cash machine. Cash at an agent or at a counter has no label.
        Atm = "ATM",
        /// Airtime or data bought.
        AirtimePurchase = "AirtimePurchase",
        /// A payment failed because the account held too little. The record has no amount: no money moved.
        InsufficientFunds = "InsufficientFunds",
        /// Money drawn beyond the balance. Also set if a payment leaves a depository account below zero.
        Overdraft = "Overdraft",
        /// A purchase by card, a refund of one, or a payment by card on the web. Also a payment from an M-PESA wallet
        /// to the till of a business, without a card.
        Pos = "POS",
        /// The person's application for a loan was accepted. The money may not have arrived yet.
        LoanApproved = "LoanApproved",
        /// The person's application for a loan was refused. It changes no status.
        LoanDeclined = "LoanDeclined",
        /// The lender calls the loan defaulted, or has reported it to a credit bureau. A threat to report is not a
        /// default.
        LoanDefaulted = "LoanDefaulted",
        /// The money of a loan was handed over.
        LoanDisbursed = "LoanDisbursed",
        /// The due date has passed without payment.
        LoanMissedPayment = "LoanMissedPayment",
        /// The loan is fully paid. Also set if a repayment leaves 0 owed.
        LoanRepaid = "LoanRepaid",
        /// A payment towards a loan.
        LoanRepayment = "LoanRepayment",
        /// A payment is due soon.
        LoanRepaymentReminder = "LoanRepaymentReminder",
        /// A lender offers a loan. An offer changes no status.
        NewLoanOffer = "NewLoanOffer",
        /// A lender offers a customer a further loan or a top-up. An offer changes no status.
        OtherLoanOffer = "OtherLoanOffer",
        /// A wage: the narration of a bank's credit begins with the bank's word for it.
        Salary = "Salary",
    }
}

words! {
    /// The kind of the counterparty of a movement, as far as the institution's words show it.
    CounterpartyKind {
        /// A person.
        Person = "person",
        /// A business.
        Business = "business",
        /// An agent, who pays out cash or takes it in.
        Agent = "agent",
        /// A bank or a wallet.
        Institution = "institution",
        /// A lender.
        Lender = "lender",
        /// Another account of the user.
        Own = "own",
        /// Not known.
        Unknown = "unknown",
    }
}

words! {
    /// Why a message has nothing to record.
    NotFinancialCode {
        /// The sender is the telephone number of a person. Messages between people are not read.
        PersonalSender = "personal_sender",
        /// It contains a one-time password, a PIN or another secret code.
        Password = "password",
        /// Its amounts belong to an advertisement, and no word states that money moved.
        Advertisement = "advertisement",
        /// It states no amount, and mentions neither a loan nor a lack of funds.
        NoAmount = "no_amount",
        /// The transaction failed for another reason than a lack of funds, so no money moved.
        Failed = "failed",
        /// It confirms a request that is not executed yet, so no money has moved.
        Pending = "pending",
        /// The reader received airtime. It is not money of an account.
        AirtimeReceived = "airtime_received",
        /// It concerns the money or the loan of another person.
        SomebodyElse = "somebody_else",
        /// It repeats a payment that has a separate message.
        Repeated = "repeated",
        /// A notice of the institution in which no money moves and no balance is stated.
        Notice = "notice",
    }
}

// Stored by place: words may be appended, but never moved.
words! {
    /// Why a message is unrecognized.
    UnrecognizedCode {
        /// No institution of the user's country uses the sender. A later reader reads it only if the directory then has
        /// the sender.
        UnknownSender = "unknown_sender",
        /// An institution uses the sender, but the wording is not known. A later reader may read it.
        Wording = "wording",
        /// A balance of the account contradicts the reading, so a message in between is missing, or the reading is
        /// wrong.
        Contradicted = "contradicted",
    }
}

/// A set of labels. Order and repetition on input do not matter; output is in the order of [`Label::ALL`].
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelSet(u32);

const _: () = assert!(
    Label::ALL.len() <= u32::BITS as usize,
    "a label set has a bit for each label"
);

impl LabelSet {
    /// The empty set.
    pub const EMPTY: Self = Self(0);

    /// The set with `label` added.
    #[must_use]
    pub const fn with(self, label: Label) -> Self {
        Self(self.0 | 1 << label as u32)
    }

    /// Whether `label` is in the set.
    pub const fn contains(self, label: Label) -> bool {
        self.0 & (1 << label as u32) != 0
    }

    /// Whether the sets share a label.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every label is also in `other`.
    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The labels, in the order of [`Label::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Label> {
        Label::ALL.iter().copied().filter(move |label| self.contains(*label))
    }

    /// Bit `n` is `Label::ALL[n]`. Stored in ledger pages: labels may be appended to the list, but never moved.
    pub(crate) const fn bits(self) -> u32 {
        self.0
    }

    /// `None` if a bit has no label.
    pub(crate) const fn from_bits(bits: u32) -> Option<Self> {
        if bits as u64 >> Label::ALL.len() == 0 {
            Some(Self(bits))
        } else {
            None
        }
    }
}

impl FromIterator<Label> for LabelSet {
    fn from_iter<I: IntoIterator<Item = Label>>(labels: I) -> Self {
        labels.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for LabelSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for LabelSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Label>::deserialize(deserializer).map(Self::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_set_is_a_set() {
        let set: LabelSet = [Label::Pos, Label::Atm, Label::Pos].into_iter().collect();
        assert_eq!(serde_json::to_string(&set).expect("json"), r#"["ATM","POS"]"#);
        assert!(set.contains(Label::Atm) && !set.contains(Label::Overdraft));
        assert!(set.is_subset_of(set.with(Label::Overdraft)));
        assert!(!set.with(Label::Overdraft).is_subset_of(set));
    }

    #[test]
    fn a_label_set_is_read_from_the_bits_of_known_labels_only() {
        let all: LabelSet = Label::ALL.iter().copied().collect();
        assert_eq!(LabelSet::from_bits(all.bits()), Some(all));
        assert_eq!(LabelSet::from_bits(all.bits() + 1), None);
        assert_eq!(LabelSet::from_bits(1 << 31), None);
    }

    #[test]
    fn unknown_words_list_the_known_ones() {
        let error = "savings".parse::<AccountType>().expect_err("unknown");
        assert_eq!(
            error.to_string(),
            "must be one of: airtime, depository, loan, revolving_loan"
        );
    }

    #[test]
    fn a_word_is_explained_in_a_sentence() {
        for code in NotFinancialCode::ALL {
            let meaning = code.meaning();
            assert!(meaning.ends_with('.') && !meaning.contains('\n'), "{meaning:?}");
        }
        assert_eq!(
            AccountType::RevolvingLoan.meaning(),
            "An overdraft that is drawn and repaid again and again, such as Fuliza."
        );
    }

    #[test]
    fn every_word_round_trips() {
        for label in Label::ALL {
            assert_eq!(label.as_str().parse::<Label>(), Ok(*label));
        }
    }
}
