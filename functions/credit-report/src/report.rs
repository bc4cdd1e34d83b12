//! Making a report.

use daftari_domain::reports::{CreditReport, credit_report};
use daftari_domain::{TimeRange, Timestamp};
use daftari_platform::Error;
use daftari_platform::http::{AsOfQuery, CurrencyQuery, Parameters, Query, UserAccess};

/// What a report is asked for with.
pub(crate) type ReportQuery = (AsOfQuery, CurrencyQuery);

/// The report that the query asks for: as of `utc_time` but not of the future, in `currency`.
pub(crate) async fn make_report<P: Parameters>(
    access: &UserAccess,
    query: &Query<P>,
    now: Timestamp,
) -> Result<CreditReport, Error> {
    let currency = query.currency()?;
    let as_of = query.utc_time()?.map_or(now, |at| at.min(now));
    let until = TimeRange {
        start: None,
        end: Some(as_of),
    };
    let ledger = access.ledger(until).await?;
    let (subject, records) = (ledger.subject(), ledger.records()?);
    let user = ledger.user.into();
    Ok(credit_report(&records, &subject, user, as_of, currency))
}
