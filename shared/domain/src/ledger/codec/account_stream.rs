//! A stream: the properties that records of one account in one currency share, and the state that predicts their
//! balances.

use super::PageError;
use super::bytes::{Reader, put_text, put_varint};
use crate::money::MAX_SCALE;
use crate::{AccountId, AccountType, CounterpartyKind, Currency, Impact, InstitutionId, Money, Record};

/// The common part of some records.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct StreamKey {
    pub(super) institution_id: InstitutionId,
    pub(super) account_id: AccountId,
    pub(super) account_type: AccountType,
    pub(super) currency: Option<Currency>,
}

impl StreamKey {
    pub(super) fn of(record: &Record) -> Self {
        Self {
            institution_id: record.institution_id.clone(),
            account_id: record.account_id.clone(),
            account_type: record.account_type,
            currency: record.currency,
        }
    }
}

/// The state of a stream while its records are processed in order.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) key: StreamKey,
    /// Decimal places in which the stream's sums are whole numbers.
    pub(super) scale: u32,
    last_balance: i128,
    /// The last reference that is a number.
    last_reference: i128,
}

/// Limit for numbers in a page, against hostile input. It is far above any sum of money, and arithmetic below it cannot
/// overflow.
const MAX_MANTISSA: i128 = 10_i128.pow(24);

impl Stream {
    pub(super) const fn new(key: StreamKey, scale: u32) -> Self {
        Self {
            key,
            scale,
            last_balance: 0,
            last_reference: 0,
        }
    }

    /// The sum in units of the stream's last decimal place. `scale` is the largest in the stream, so this is exact.
    pub(super) fn to_units(&self, money: Money) -> i128 {
        let (mantissa, scale) = money.parts();
        mantissa * 10_i128.pow(self.scale.saturating_sub(scale))
    }

    pub(super) fn money(&self, units: i128) -> Result<Money, PageError> {
        Money::from_parts(units, self.scale).map_err(|_| PageError::Malformed("sum out of range"))
    }

    /// The balance predicted from the previous balance, the movement and its fee. A payment into a loan lowers its
    /// balance, and a fee raises it.
    pub(super) const fn predicted_balance(&self, impact: Option<Impact>, amount: i128, fee: i128) -> i128 {
        let owed = self.key.account_type.is_debt();
        let before = if owed {
            self.last_balance + fee
        } else {
            self.last_balance - fee
        };
        match impact {
            Some(Impact::Credit) if owed => before - amount,
            Some(Impact::Debit) if owed => before + amount,
            Some(Impact::Credit) => before + amount,
            Some(Impact::Debit) => before - amount,
            None => before,
        }
    }

    /// The base of the next reference's difference: the previous reference of the stream.
    pub(super) const fn last_reference(&self) -> i128 {
        self.last_reference
    }

    pub(super) const fn saw_reference(&mut self, packed: i128) {
        self.last_reference = packed;
    }

    pub(super) const fn saw_balance(&mut self, units: i128) {
        self.last_balance = units;
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_text(out, self.key.institution_id.as_str());
        put_text(out, self.key.account_id.as_str());
        out.push(account_type_code(self.key.account_type));
        put_text(out, self.key.currency.map_or("", Currency::code));
        put_varint(out, u128::from(self.scale));
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PageError> {
        let key = StreamKey {
            institution_id: reader
                .text()?
                .parse()
                .map_err(|_| PageError::Malformed("institution id"))?,
            account_id: reader.text()?.parse().map_err(|_| PageError::Malformed("account id"))?,
            account_type: account_type_of(reader.byte()?)?,
            currency: match reader.text()? {
                "" => None,
                code => Some(code.parse().map_err(|_| PageError::Malformed("currency"))?),
            },
        };
        match u32::try_from(reader.varint()?) {
            Ok(scale) if scale <= MAX_SCALE => Ok(Self::new(key, scale)),
            _ => Err(PageError::Malformed("decimal places")),
        }
    }
}

/// Rejects numbers that no sum of money needs, before arithmetic on them.
pub(super) fn sane(units: i128) -> Result<i128, PageError> {
    if units.unsigned_abs() < MAX_MANTISSA.unsigned_abs() {
        Ok(units)
    } else {
        Err(PageError::Malformed("sum out of range"))
    }
}

/// Stored: codes may be added, never changed.
pub(super) const fn counterparty_code(kind: CounterpartyKind) -> u8 {
    match kind {
        CounterpartyKind::Unknown => 0,
        CounterpartyKind::Person => 1,
        CounterpartyKind::Business => 2,
        CounterpartyKind::Agent => 3,
        CounterpartyKind::Institution => 4,
        CounterpartyKind::Lender => 5,
        CounterpartyKind::Own => 6,
    }
}

pub(super) fn counterparty_of(code: u8) -> Result<CounterpartyKind, PageError> {
    CounterpartyKind::ALL
        .iter()
        .copied()
        .find(|kind| counterparty_code(*kind) == code)
        .ok_or(PageError::Malformed("kind of counterparty"))
}

/// Stored: codes may be added, never changed.
const fn account_type_code(account_type: AccountType) -> u8 {
    match account_type {
        AccountType::Airtime => 0,
        AccountType::Depository => 1,
        AccountType::Loan => 2,
        AccountType::RevolvingLoan => 3,
    }
}

fn account_type_of(code: u8) -> Result<AccountType, PageError> {
    AccountType::ALL
        .iter()
        .copied()
        .find(|account_type| account_type_code(*account_type) == code)
        .ok_or(PageError::Malformed("account type"))
}
