//! The arithmetic of a loan in equal instalments.
//!
//! With p periods a year (12, 52 or 365), the yearly rate r, i = r ÷ p, n instalments, and P = principal + financed
//! fees, an instalment x carries a principal of x × *factor*:
//!
//! | rate type | factor |
//! |---|---|
//! | `reducing` | v + v² + … + vⁿ with v = 1 ÷ (1 + i): the present value of n payments of 1, (1 − (1 + i)⁻ⁿ) ÷ i, and n where i is 0 |
//! | `flat` | n ÷ (1 + r × n ÷ p) |
//!
//! So x = P ÷ factor, rounded up to the minor unit. The geometric sum is computed by doubling, a₂ₘ = aₘ (1 + vᵐ), with
//! 28 decimals: it has neither the overflow of (1 + i)ⁿ nor the cancellation of 1 − vⁿ. Its relative error is below n ×
//! 10⁻²⁶, and that of a division is less. So a part of a minor unit below n × 10⁻²⁵ of the figure is an error of the
//! arithmetic and is dropped; but not where the rounded instalment of a `reducing` loan would only pay its interest, P
//! × i, and the debt would stay for ever: after thousands of instalments, vⁿ is below that error. Overflow is
//! impossible within the limits of a request: factor ≤ 10,000, P < 2 × 10¹⁵, r ≤ 10.

use rust_decimal::{Decimal, RoundingStrategy};

use super::request::{AffordabilityRequest, RateType, TermUnit};
use crate::Currency;
use crate::money::MAX_SCALE;

/// A sum of a share of monthly figures. These have six decimals, so their products and quotients may lack a millionth:
/// 100,000 in three months, of which 0.8 and 0.3 are taken, is 8,000 and not 7,999.99999992. No such error reaches the
/// decimals of money.
pub(crate) fn at_money_scale(figure: Decimal) -> Decimal {
    figure.round_dp(MAX_SCALE)
}

/// Decimals of the relative error of a loan of one instalment, with a margin.
const ERROR_DECIMALS: u32 = 25;

/// The terms of a loan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    principal: Decimal,
    fees: Decimal,
    fees_financed: bool,
    term: u32,
    unit: TermUnit,
    /// The yearly rate of interest on the amount still owed; 0 for other loans.
    reducing_rate: Decimal,
    factor: Decimal,
    minor_unit: u32,
}

impl Terms {
    pub(crate) fn new(request: &AffordabilityRequest, currency: Option<Currency>) -> Self {
        let periods = Decimal::from(request.term_unit.a_year());
        let term = Decimal::from(request.term);
        let factor = match request.rate_type {
            RateType::Reducing => annuity(request.interest_rate / periods, request.term),
            RateType::Flat => term * periods / (periods + request.interest_rate * term),
        };
        let reducing_rate = match request.rate_type {
            RateType::Reducing => request.interest_rate,
            RateType::Flat => Decimal::ZERO,
        };
        Self {
            reducing_rate,
            principal: request.principal.decimal(),
            fees: request.fees.decimal(),
            fees_financed: request.fees_financed,
            term: request.term,
            unit: request.term_unit,
            factor,
            minor_unit: currency.map_or(2, Currency::minor_unit_decimals),
        }
    }

    fn financed_fees(&self) -> Decimal {
        if self.fees_financed { self.fees } else { Decimal::ZERO }
    }

    /// The instalment.
    pub(crate) fn instalment(&self) -> Decimal {
        let lent = self.principal + self.financed_fees();
        let exact = lent / self.factor;
        let below = self.round_down(exact);
        let least = if self.is_error(exact - below, exact) {
            below
        } else {
            exact.round_dp_with_strategy(self.minor_unit, RoundingStrategy::ToPositiveInfinity)
        };
        if self.is_interest_only(least, lent) {
            least + Decimal::new(1, self.minor_unit)
        } else {
            least
        }
    }

    /// The largest principal whose instalment is at most `instalment`.
    pub(crate) fn principal_of(&self, instalment: Decimal) -> Decimal {
        let exact = instalment * self.factor;
        let whole = exact.round_dp_with_strategy(MAX_SCALE, RoundingStrategy::ToPositiveInfinity);
        let lent = if self.is_error(whole - exact, exact) {
            whole
        } else {
            exact.round_dp_with_strategy(MAX_SCALE, RoundingStrategy::ToNegativeInfinity)
        };
        let lent = if self.is_interest_only(instalment, lent) {
            lent - Decimal::new(1, MAX_SCALE)
        } else {
            lent
        };
        self.round_down((lent - self.financed_fees()).max(Decimal::ZERO))
    }

    /// Whether instalments leave the debt unchanged, or increase it.
    fn is_interest_only(&self, instalment: Decimal, lent: Decimal) -> bool {
        let periods = Decimal::from(self.unit.a_year());
        !self.reducing_rate.is_zero() && instalment * periods <= lent * self.reducing_rate
    }

    /// The sum that the borrower pays beyond the principal.
    pub(crate) fn total_cost(&self) -> Decimal {
        let besides = self.fees - self.financed_fees();
        self.instalment() * Decimal::from(self.term) - self.principal + besides
    }

    /// Converts a sum a month to a sum a period of the term.
    pub(crate) fn in_unit(&self, monthly: Decimal) -> Decimal {
        match self.unit {
            TermUnit::Month => monthly,
            unit => monthly * Decimal::from(12) / Decimal::from(unit.a_year()),
        }
    }

    /// Whether a difference is so small a part of a figure that it is an arithmetic error.
    fn is_error(&self, difference: Decimal, figure: Decimal) -> bool {
        figure.is_zero() || difference / figure < Decimal::new(self.term.into(), ERROR_DECIMALS)
    }

    /// Rounded down to the minor unit.
    pub(crate) fn round_down(&self, amount: Decimal) -> Decimal {
        amount.round_dp_with_strategy(self.minor_unit, RoundingStrategy::ToNegativeInfinity)
    }
}

/// v + v² + … + vⁿ with v = 1 ÷ (1 + i).
fn annuity(interest: Decimal, term: u32) -> Decimal {
    let v = Decimal::ONE / (Decimal::ONE + interest);
    // The sum and the power of the leading bits of n.
    let (mut sum, mut power) = (Decimal::ZERO, Decimal::ONE);
    for bit in (0..u32::BITS - term.leading_zeros()).rev() {
        sum += sum * power;
        power *= power;
        if term >> bit & 1 == 1 {
            sum = (sum + Decimal::ONE) * v;
            power *= v;
        }
    }
    sum
}
