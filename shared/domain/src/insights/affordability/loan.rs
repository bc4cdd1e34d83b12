//! The arithmetic of a loan in equal instalments.
//!
//! With p periods a year (12, 52 or 365), the yearly rate r, i = r ÷ p, n instalments, and P = principal + financed fees,
//! an instalment x carries a principal of x × *factor*:
//!
//! | rate type | factor |
//! |---|---|
//! | `reducing` | v + v² + … + vⁿ with v = 1 ÷ (1 + i): the present value of n payments of 1, (1 − (1 + i)⁻ⁿ) ÷ i, and n where i is 0 |
//! | `flat` | n ÷ (1 + r × n ÷ p) |
//!
//! So x = P ÷ factor. It is rounded half to even to nine decimals, and then up to the minor unit. The
//! geometric sum is computed by doubling, a₂ₘ = aₘ (1 + vᵐ), with 28 decimals: it has neither the overflow of (1 + i)ⁿ nor
//! the cancellation of 1 − vⁿ. Its relative error is below n × 10⁻²⁶, which is under half of the ninth decimal of every instalment
//! within the limits of a request. Overflow is impossible within them: factor ≤ 10,000, P < 2 × 10¹⁵, r ≤ 100.

use rust_decimal::{Decimal, RoundingStrategy};

use super::request::{AffordabilityRequest, RateType, TermUnit};
use crate::Currency;

/// Decimals beyond which a figure is taken for exact. The least instalment, of 0.0001 in 10,000 parts, has eight.
const GUARD_DECIMALS: u32 = 9;

/// The terms of a loan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    principal: Decimal,
    fees: Decimal,
    fees_financed: bool,
    term: u32,
    unit: TermUnit,
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
        Self {
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
        let exact = (self.principal + self.financed_fees()) / self.factor;
        let rounded = exact.round_dp(GUARD_DECIMALS);
        rounded.round_dp_with_strategy(self.minor_unit, RoundingStrategy::ToPositiveInfinity)
    }

    /// The largest principal whose instalment is at most `instalment`.
    pub(crate) fn principal_of(&self, instalment: Decimal) -> Decimal {
        let lent = (instalment * self.factor).round_dp(GUARD_DECIMALS);
        self.round_down((lent - self.financed_fees()).max(Decimal::ZERO))
    }

    /// The sum that the borrower pays beyond the principal.
    pub(crate) fn total_cost(&self) -> Decimal {
        let besides = self.fees - self.financed_fees();
        self.instalment() * Decimal::from(self.term) - self.principal + besides
    }

    /// A sum a month as a sum a period of the term.
    pub(crate) fn in_unit(&self, monthly: Decimal) -> Decimal {
        match self.unit {
            TermUnit::Month => monthly,
            unit => monthly * Decimal::from(12) / Decimal::from(unit.a_year()),
        }
    }

    /// Down to the minor unit.
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
