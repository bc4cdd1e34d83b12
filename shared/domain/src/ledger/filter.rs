//! Filters of a ledger's records.

use crate::views::ListFilter;
use crate::{AccountId, Impact, InstitutionId, Record};

/// Conditions for records. A record must meet all that are set. The default selects all.
#[derive(Clone, Debug, Default)]
pub struct LedgerFilter {
    /// Time, labels, account types.
    pub list: ListFilter,
    /// Records at this institution.
    pub institution_id: Option<InstitutionId>,
    /// Records of this account.
    pub account_id: Option<AccountId>,
    /// Records with this direction of money.
    pub impact: Option<Impact>,
}

impl LedgerFilter {
    /// Whether a record is selected.
    pub fn admits(&self, record: &Record) -> bool {
        self.list.admits(record)
            && self
                .institution_id
                .as_ref()
                .is_none_or(|id| *id == record.institution_id)
            && self.account_id.as_ref().is_none_or(|id| *id == record.account_id)
            && self.impact.is_none_or(|impact| Some(impact) == record.impact)
    }
}

/// Filters that select the same records print the same text.
impl std::fmt::Display for LedgerFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ListFilter {
            range,
            labels,
            account_types,
        } = &self.list;
        write!(f, "{range:?} {labels:?} {account_types:?} ")?;
        write!(f, "{:?} {:?} {:?}", self.institution_id, self.account_id, self.impact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::samples::record_at;

    #[test]
    fn every_part_of_a_filter_must_match() {
        let record = record_at("a", 5);
        let parse = |id: &str| id.parse().ok();
        let filters = [
            (LedgerFilter::default(), true),
            (
                LedgerFilter {
                    institution_id: parse("mpesa"),
                    ..Default::default()
                },
                true,
            ),
            (
                LedgerFilter {
                    institution_id: parse("other"),
                    ..Default::default()
                },
                false,
            ),
            (
                LedgerFilter {
                    account_id: "default".parse().ok(),
                    ..Default::default()
                },
                true,
            ),
            (
                LedgerFilter {
                    account_id: "1".parse().ok(),
                    ..Default::default()
                },
                false,
            ),
            (
                LedgerFilter {
                    impact: Some(Impact::Credit),
                    ..Default::default()
                },
                true,
            ),
            (
                LedgerFilter {
                    impact: Some(Impact::Debit),
                    ..Default::default()
                },
                false,
            ),
        ];
        for (filter, expected) in filters {
            assert_eq!(filter.admits(&record), expected, "{filter}");
        }
    }
}
