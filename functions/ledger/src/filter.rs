//! Query parameters that select records.

use daftari_domain::ledger::LedgerFilter;
use daftari_domain::views::{ListFilter, account_type_of_filter};
use daftari_platform::Error;
use daftari_platform::http::Query;

/// The selection that the query names.
pub(crate) fn read_filter(query: &Query) -> Result<LedgerFilter, Error> {
    Ok(LedgerFilter {
        list: ListFilter {
            range: query.range("utc_starttime", "utc_endtime")?,
            labels: query.list("labels", str::parse)?.into_iter().collect(),
            account_types: query
                .list("account_types", account_type_of_filter)?
                .into_iter()
                .collect(),
        },
        institution_id: query.parsed("institution_id")?,
        account_id: query.parsed("account_id")?,
        impact: query.parsed("impact")?,
    })
}
