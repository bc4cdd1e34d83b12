//! The head of an answer.

use serde::Serialize;

use crate::Timestamp;
use crate::ids::{OrganizationId, UserId};
use crate::money::DecimalNumber;

/// The subject of an answer, its time, and the amount of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InsightsMeta {
    /// The user.
    #[schema(value_type = Uuid)]
    pub user_uuid: UserId,
    /// The organization the user is registered with.
    #[schema(value_type = Uuid)]
    pub client_uuid: OrganizationId,
    /// The time T of the figures. Records of the 365 days up to T count.
    pub utc_time: Timestamp,
    /// Time of the newest record in the data. Null without records.
    pub latest_record_at: Option<Timestamp>,
    /// Days from the UTC date of the oldest depository record considered to that of T. Null without one.
    pub history_days: Option<i64>,
    /// Whole periods of 30 days between the oldest depository record and T, at least 1. Monthly averages are over
    /// these.
    pub full_periods: u32,
    /// How much of the money in the report currency the messages state: told ÷ (told + missing), four decimals. Null if
    /// no account has two stated balances.
    pub completeness: Option<DecimalNumber>,
    /// Messages of the 365 days up to T that were not read and may concern a loan: they mention one, or a lender sent
    /// them. The figures lack what they state, so above 0 a loan, a payment or a late notice may be missing.
    pub unrecognized_loan_messages: u64,
}
