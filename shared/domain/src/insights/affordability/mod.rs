//! Affordability: whether an instalment fits into income and cash flow, by the lender's own policy.
//!
//! It is arithmetic on the lender's figures and not a decision.
//!
//! | figure | rule |
//! |---|---|
//! | instalment | [`loan`]: rounded up to the currency's minor unit |
//! | income | basis `regular`: expected money a month of the active `MATURE` streams; `all`: average over the full periods of 30 days ([`income`](super::income())) |
//! | stressed | income × (1 − `income_haircut`) |
//! | debt service | CREDIT of loan and revolving accounts in the newest full periods, 3 at most, ÷ their number: the average a month over 90 days, or over the shorter history |
//! | disposable | median over the newest full periods, 6 at most, of inflow − outflow + repayments; own transfers and loans received left out; repayments are the debits that pay lenders ([`movements`](super::movements)), so a repayment without a debit is not added to money that it never left |
//! | room | min(`max_instalment_to_income` × stressed − debt service, `disposable_share` × disposable), not below 0; × 12/52 for weeks, × 12/365 for days; rounded down to the minor unit |
//! | can_afford | instalment ≤ room |
//! | max_principal | the largest principal whose instalment is at most the room, financed fees taken off; rounded down to the minor unit |
//! | total_cost_of_credit | instalment × term − principal, and fees that are not financed |
//!
//! | status, the first that fits | rule |
//! |---|---|
//! | no_data | no record in the 365 days |
//! | mixed_currency | no record in the currency |
//! | short_history | under `min_history_days` of depository records |
//! | stale | the newest record is over `max_age_days` old |
//! | no_income | the income is 0 |
//! | ok | else |
//!
//! `can_afford` is null in all but `ok`. `room` and `max_principal` are null for `no_data` and `mixed_currency`; else
//! they are figures of the data there is. The reasons are in [`reasons`]. Lists have at most
//! [`MAX_RECORD_IDS`](super::income::MAX_RECORD_IDS) ids.

mod data_age;
pub(crate) mod loan;
mod reason;
mod reasons;
pub mod request;
mod room;
mod types;

use super::income::{Confidence, Income};
use super::scope::Scope;
use crate::money::DecimalNumber;
use crate::reports::Subject;
use crate::unrecognized::UnrecognizedMessages;
use crate::{Record, Timestamp};
use data_age::{is_short, is_stale};
use loan::{Terms, at_money_scale};
pub use reason::{MAX_EVIDENCE, Reason, ReasonCode, ReasonEffect, Rule};
pub use reasons::MAX_REASONS;
pub use request::{AffordabilityRequest, FieldFault, IncomeBasis, Policy, RateType, TermUnit};
use room::Room;
pub use types::{AffordabilityReport, AffordabilityStatus, DebtService, Disposable, DisposablePeriod, IncomeFigures};

/// Whether the requested loan fits at `as_of`. Needs the whole ledger, because an account that defaulted long ago is
/// still defaulted. `unrecognized` are the user's messages that were not read.
pub fn affordability(
    records: &[Record],
    subject: &Subject,
    as_of: Timestamp,
    request: &AffordabilityRequest,
    unrecognized: &UnrecognizedMessages,
) -> AffordabilityReport {
    let scope = Scope::new(records, subject, as_of, request.currency);
    let income = Income::of(&scope, scope.currency, Confidence::Low);
    let terms = Terms::new(request, scope.currency);
    let room = Room::of(&scope, &income, &request.policy);
    let status = status(&scope, &room, &request.policy);
    let is_known = !matches!(status, AffordabilityStatus::NoData | AffordabilityStatus::MixedCurrency);
    let instalment = terms.instalment();
    let in_unit = terms.round_down(at_money_scale(terms.in_unit(room.monthly)));
    let reasons = if is_known {
        reasons::reasons(records, &scope, &income, &room, &terms, request, unrecognized)
    } else {
        reasons::loan_messages_unread(as_of, unrecognized).into_iter().collect()
    };
    let Room {
        income,
        debt_service,
        disposable,
        ..
    } = room;
    let mut meta = scope.meta();
    meta.count_unread(unrecognized);
    AffordabilityReport {
        meta,
        status,
        currency: scope.currency,
        can_afford: (status == AffordabilityStatus::Ok).then(|| instalment <= in_unit),
        instalment: DecimalNumber(instalment),
        room: is_known.then_some(DecimalNumber(in_unit)),
        max_principal: is_known.then(|| DecimalNumber(terms.principal_of(in_unit))),
        total_cost_of_credit: DecimalNumber(terms.total_cost()),
        income,
        debt_service,
        disposable,
        reasons,
        policy: request.policy,
    }
}

fn status(scope: &Scope<'_>, room: &Room, policy: &Policy) -> AffordabilityStatus {
    let Some(latest) = scope.survey.latest() else {
        return AffordabilityStatus::NoData;
    };
    if scope.entries_in(scope.currency).next().is_none() {
        AffordabilityStatus::MixedCurrency
    } else if is_short(scope, policy) {
        AffordabilityStatus::ShortHistory
    } else if is_stale(scope, latest, policy) {
        AffordabilityStatus::Stale
    } else if room.income.monthly.0.is_zero() {
        AffordabilityStatus::NoIncome
    } else {
        AffordabilityStatus::Ok
    }
}
