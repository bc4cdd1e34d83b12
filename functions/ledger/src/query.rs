//! The query parameters of a ledger request.

use daftari_domain::ledger::LedgerFilter;
use daftari_domain::{AccountId, Impact, InstitutionId};
use daftari_platform::Error;
use daftari_platform::http::{AccountTypesQuery, CursorQuery, LabelsQuery, Query, RangeQuery};
use daftari_platform::query_parameters;

use crate::include::{Include, IncludeQuery, Includes};

/// Upper limit of `limit`.
const MAX_LIMIT: usize = 100_000;

query_parameters! {
    /// Selects records of the ledger.
    pub(crate) struct RecordsQuery {
        /// Records at this institution.
        institution_id: Option<InstitutionId>,
        /// Records of this account.
        account_id: Option<AccountId>,
        /// Records with this direction of money.
        impact: Option<Impact>,
        /// Limit of records in the answer. Without it, the size of an answer is the limit.
        #[within(1..=MAX_LIMIT)]
        limit: Option<u32>,
    }
}

/// All of them.
pub(crate) type LedgerQuery = (
    RangeQuery,
    LabelsQuery,
    AccountTypesQuery,
    RecordsQuery,
    CursorQuery,
    IncludeQuery,
);

/// The filter of the query.
pub(crate) fn read_filter(query: &Query<LedgerQuery>) -> Result<LedgerFilter, Error> {
    Ok(LedgerFilter {
        list: query.list_filter()?,
        institution_id: query.parsed("institution_id")?,
        account_id: query.parsed("account_id")?,
        impact: query.parsed("impact")?,
    })
}

/// The optional parts that the query names.
pub(crate) fn read_includes(query: &Query<LedgerQuery>) -> Result<Includes, Error> {
    Ok(Includes::of(&query.words("include", Include::parse)?))
}

/// The limit of records in the answer.
pub(crate) fn read_limit(query: &Query<LedgerQuery>) -> Result<usize, Error> {
    let limit = query.number("limit")?;
    Ok(limit.unwrap_or(usize::MAX))
}
