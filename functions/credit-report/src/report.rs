//! Computes a report.

use daftari_domain::reports::{CreditReport, credit_report};
use daftari_domain::{Currency, TimeRange, Timestamp};
use daftari_platform::Error;
use daftari_platform::http::{AsOfQuery, CurrencyQuery, Parameters, UserAccess, Values, all};

/// The query parameters of a report.
pub(crate) type ReportQuery = (AsOfQuery, CurrencyQuery);

/// The time and the currency of the requested report.
pub(crate) struct ReportRequest {
    as_of: Option<Timestamp>,
    currency: Option<Currency>,
}

/// The request for a report.
pub(crate) fn read_request<P: Parameters>(values: &Values<'_, P>) -> Result<ReportRequest, Error> {
    let (as_of, currency) = all((values.utc_time(), values.currency()))?;
    Ok(ReportRequest { as_of, currency })
}

/// The report as of the requested time, but not later than now.
pub(crate) async fn make_report(
    access: &UserAccess,
    request: &ReportRequest,
    now: Timestamp,
) -> Result<CreditReport, Error> {
    let as_of = request.as_of.map_or(now, |at| at.min(now));
    let (ledger, unrecognized) = access.ledger_and_unrecognized(TimeRange::up_to(as_of)).await?;
    let (subject, records) = (ledger.subject(), ledger.records()?);
    let user = ledger.user.into();
    let report = credit_report(&records, &subject, user, as_of, request.currency);
    Ok(report.beside(&unrecognized))
}
