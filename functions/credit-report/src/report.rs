//! Computes a report.

use daftari_domain::reports::{CreditReport, credit_report};
use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::Error;
use daftari_platform::http::{AsOfQuery, CurrencyQuery, LedgerAccess, Parameters, Query, ReadsData};

/// The query parameters of a report.
pub(crate) type ReportQuery = (AsOfQuery, CurrencyQuery);

/// The report of the query: as of `utc_time`, but not later than now, in `currency`.
pub(crate) async fn make_report<P: Parameters>(
    access: &LedgerAccess<ReadsData>,
    query: &Query<P>,
    now: Timestamp,
) -> Result<CreditReport, Error> {
    let currency = query.currency()?;
    let as_of = query.utc_time()?.map_or(now, |at| at.min(now));
    let ledger = access.ledger(TimeRange::up_to(as_of)).await?;
    let (subject, records) = (ledger.subject(), ledger.records()?);
    let user = ledger.user.into();
    Ok(credit_report(&records, &subject, user, as_of, currency))
}
