//! Query parameters that select records.

use daftari_domain::ledger::LedgerFilter;
use daftari_platform::Error;
use daftari_platform::http::Query;

/// The selection that the query names.
pub(crate) fn read_filter(query: &Query) -> Result<LedgerFilter, Error> {
    Ok(LedgerFilter {
        list: query.list_filter()?,
        institution_id: query.parsed("institution_id")?,
        account_id: query.parsed("account_id")?,
        impact: query.parsed("impact")?,
    })
}
