//! The query parameters of a ledger request.

use daftari_domain::ledger::LedgerFilter;
use daftari_domain::{AccountId, Impact, InstitutionId};
use daftari_platform::Error;
use daftari_platform::http::{AccountTypesQuery, CursorQuery, LabelsQuery, RangeQuery, Values, all};
use daftari_platform::query_parameters;

use crate::include::{Include, IncludeQuery, Includes};

/// Upper limit of `limit`.
const MAX_LIMIT: usize = 100_000;

query_parameters! {
    /// Selects records of the ledger.
    pub(crate) struct RecordsQuery {
        /// Records at this institution. If neither the directory nor a record has it, `warnings` names the nearest ids.
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

/// The request for records of a ledger.
pub(crate) struct LedgerRequest<'q> {
    pub(crate) filter: LedgerFilter,
    /// The limit of records in the answer.
    pub(crate) limit: usize,
    /// The optional parts of the answer.
    pub(crate) includes: Includes,
    /// The cursor, not verified yet: it is bound to the filter.
    pub(crate) cursor: Option<&'q str>,
}

/// The request for a ledger.
pub(crate) fn read_request<'q>(values: &Values<'q, LedgerQuery>) -> Result<LedgerRequest<'q>, Error> {
    let (list, institution_id, account_id, impact, limit, includes, cursor) = all((
        values.list_filter(),
        values.institution(),
        values.parsed("account_id"),
        values.parsed("impact"),
        values.number("limit"),
        values.words("include", Include::parse),
        values.one("cursor"),
    ))?;
    Ok(LedgerRequest {
        filter: LedgerFilter {
            list,
            institution_id,
            account_id,
            impact,
        },
        limit: limit.unwrap_or(usize::MAX),
        includes: Includes::of(&includes),
        cursor,
    })
}
