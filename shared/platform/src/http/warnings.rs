//! Hints beside answers.

use std::collections::BTreeSet;

use daftari_domain::views::{Warning, WarningCode, directory};
use daftari_domain::{InstitutionId, Record};

use crate::fields::suggestion;

/// Most hints of an answer.
const MAX_WARNINGS: usize = 20;

/// A hint for each institution of `asked` that may be misspelt: neither the directory nor any of `records` has it.
/// `records` are those of the requested time. `parameter` is the place in the request.
///
/// A hint and not a refusal: lenders post records of institutions of their own, which a user may not have yet, and
/// clients of the hosted service rely on an empty list.
pub fn unknown_institutions<'i>(
    parameter: &'static str,
    asked: impl IntoIterator<Item = &'i InstitutionId>,
    records: &[Record],
) -> Vec<Warning> {
    let asked = asked.into_iter().map(InstitutionId::as_str);
    let strange: Vec<&str> = asked.filter(|id| directory::find(id).is_none()).collect();
    if strange.is_empty() {
        return Vec::new();
    }
    let of_records = records.iter().map(|record| record.institution_id.as_str());
    let of_records: BTreeSet<&str> = of_records.collect();
    let of_directory = directory::all().iter().map(|institution| institution.id);
    let known: BTreeSet<&str> = of_directory.chain(of_records.iter().copied()).collect();
    let known: Vec<&str> = known.into_iter().collect();
    let unknown = strange.into_iter().filter(|id| !of_records.contains(id));
    let warnings = unknown.take(MAX_WARNINGS).map(|id| {
        let nearest = suggestion(id, &known).map(|question| format!(": {question}"));
        let nearest = nearest.unwrap_or_default();
        Warning {
            code: WarningCode::UnknownInstitution,
            pointer: parameter.into(),
            detail: format!(
                "`{id}` is not in the directory of institutions, and no record in the time asked for has it{nearest}"
            ),
        }
    });
    warnings.collect()
}
