//! Income, debt service, disposable money, and the room for an instalment.

use std::cmp::Reverse;

use rust_decimal::Decimal;

use super::request::{IncomeBasis, Policy};
use super::types::{DebtService, Disposable, DisposablePeriod, IncomeFigures};
use crate::insights::income::{Income, MAX_RECORD_IDS, MAX_STREAMS};
use crate::insights::movements::{Movement, Nature};
use crate::insights::scope::Scope;
use crate::insights::window::ONE_PERIOD;
use crate::money::DecimalNumber;
use crate::order::sort_by_key;
use crate::reports::total::Total;
use crate::{Impact, Record};

/// Most periods of 30 days for the average of the debt service.
const DEBT_PERIODS: u32 = 3;
/// Most periods of 30 days for the disposable money.
const DISPOSABLE_PERIODS: u32 = 6;

/// The figures behind the room, and the room a month.
pub(super) struct Room {
    pub(super) income: IncomeFigures,
    pub(super) debt_service: DebtService,
    pub(super) disposable: Disposable,
    /// `max_instalment_to_income` × stressed income.
    pub(super) of_income: Decimal,
    /// `disposable_share` × disposable.
    pub(super) of_disposable: Decimal,
    /// The room a month, unrounded.
    pub(super) monthly: Decimal,
}

impl Room {
    pub(super) fn of(scope: &Scope<'_>, income: &Income<'_>, policy: &Policy) -> Self {
        let income = income_figures(income, policy);
        let debt_service = debt_service(scope);
        let disposable = disposable(scope);
        let of_income = policy.max_instalment_to_income * income.stressed.0;
        let of_disposable = policy.disposable_share * disposable.monthly.0;
        let room = (of_income - debt_service.monthly.0).min(of_disposable);
        Self {
            income,
            debt_service,
            disposable,
            of_income,
            of_disposable,
            monthly: room.max(Decimal::ZERO),
        }
    }
}

fn income_figures(income: &Income<'_>, policy: &Policy) -> IncomeFigures {
    let all = policy.income_basis == IncomeBasis::All;
    let monthly = if all {
        income.summary.monthly_average
    } else {
        income.summary.expected_monthly
    };
    let streams = income.found.iter().map(|found| &found.stream);
    let counted = streams.filter(|stream| all || !stream.expected_monthly.0.is_zero());
    IncomeFigures {
        monthly,
        stressed: DecimalNumber((monthly.0 * (Decimal::ONE - policy.income_haircut)).round_dp(6)),
        basis: policy.income_basis,
        stream_ids: counted
            .take(MAX_STREAMS)
            .map(|stream| stream.stream_id.clone())
            .collect(),
    }
}

fn debt_service(scope: &Scope<'_>) -> DebtService {
    let periods = scope.periods();
    let months = periods.full.min(DEBT_PERIODS);
    let window = periods.newest(months);
    let paid = scope.payments_to_lenders(scope.currency);
    let mut repayments: Vec<(&Record, Total)> = paid.filter(|(record, _)| window.contains(record.timestamp)).collect();
    sort_by_key(&mut repayments, |(record, _)| Reverse(record.position()));
    let total: Total = repayments.iter().map(|(_, amount)| *amount).sum();
    let record_ids_omitted = repayments.len().saturating_sub(MAX_RECORD_IDS) as u64;
    let ids = repayments.into_iter().take(MAX_RECORD_IDS);
    DebtService {
        monthly: total.average(months.into()).expect(ONE_PERIOD),
        record_ids: ids.map(|(record, _)| record.id.clone()).collect(),
        record_ids_omitted,
    }
}

fn disposable(scope: &Scope<'_>) -> Disposable {
    let periods = scope.periods();
    let mut nets = Vec::new();
    let rows = (0..periods.full.min(DISPOSABLE_PERIODS)).map(|period| {
        let window = periods.window(period);
        let inside = scope.movements_in(scope.currency);
        let net: Total = inside
            .filter(|movement| window.contains(movement.at()))
            .map(share)
            .sum();
        nets.push(net);
        DisposablePeriod {
            from: window.after,
            to: window.until,
            net: net.number(),
        }
    });
    let periods = rows.collect();
    Disposable {
        monthly: Total::median(&mut nets).expect(ONE_PERIOD),
        periods,
    }
}

/// The contribution of a movement to the disposable money.
fn share(movement: &Movement<'_>) -> Total {
    match movement.impact {
        _ if movement.is_own_transfer() || movement.is_loan_received() => Total::ZERO,
        Impact::Credit => movement.amount,
        // Subtracted and added again.
        Impact::Debit if movement.nature == Nature::Repayment => Total::ZERO,
        Impact::Debit => -movement.amount,
    }
}
