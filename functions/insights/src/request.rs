//! Which features, and of what: from the query.

use daftari_domain::insights::features::FeatureRequest;
use daftari_domain::insights::features::table::{Feature, Group, NOT_SERVED, Span};
use daftari_domain::{InstitutionId, Money, Timestamp};
use daftari_platform::error::FieldError;
use daftari_platform::http::{AsOfQuery, CurrencyQuery, Parameters, Query};
use daftari_platform::{Code, Error, query_parameters};

/// Most institutions that features can be restricted to.
const MAX_INSTITUTIONS: usize = 100;

query_parameters! {
    /// Selects features.
    pub(crate) struct SelectionQuery {
        /// Names of features, with or without a window (`net_cash_flow`, `net_cash_flow_0_30`). The key may be
        /// repeated, and names may be separated by commas. Left out, it is all of them.
        features: Option<Vec<String>>,
        /// Records of these institutions only; the key may be repeated, and ids may be separated by commas. An
        /// institution without a record of the user matches nothing. At most 100.
        institutions: Option<Vec<InstitutionId>>,
        /// `True` or `Yes` adds the window `0_365`.
        all_time: Option<String>,
        /// The threshold of `days_balance_below_x`, in the report currency.
        threshold: Option<Money>,
    }
}

/// The query parameters of features.
pub(crate) type FeaturesQuery = (AsOfQuery, CurrencyQuery, SelectionQuery);

/// The request for features as of `utc_time`, but not later than now.
pub(crate) fn read_request<P: Parameters>(
    query: &Query<P>,
    group: Option<Group>,
    now: Timestamp,
) -> Result<FeatureRequest, Error> {
    let institutions = query.all_words("institutions")?;
    if institutions.len() > MAX_INSTITUTIONS {
        let detail = format!("must be at most {MAX_INSTITUTIONS}");
        return Err(Error::invalid("institutions", detail));
    }
    let institutions = institutions.into_iter().map(|id| {
        let parsed = id.parse::<InstitutionId>();
        parsed.map_err(|error| Error::invalid("institutions", error))
    });
    Ok(FeatureRequest {
        at: read_instant(query, now)?,
        currency: query.currency()?,
        institutions: institutions.collect::<Result<_, _>>()?,
        features: read_features(&query.all_words("features")?, group)?,
        group,
        all_time: read_all_time(query.one("all_time")?)?,
        threshold: read_threshold(query.one("threshold")?)?,
    })
}

/// `utc_time`, but not later than now.
pub(crate) fn read_instant<P: Parameters>(query: &Query<P>, now: Timestamp) -> Result<Timestamp, Error> {
    Ok(query.utc_time()?.map_or(now, |at| at.min(now)))
}

fn read_features(names: &[&str], group: Option<Group>) -> Result<Vec<(Feature, Option<&'static Span>)>, Error> {
    let mut features = Vec::new();
    let mut faults = Vec::new();
    for name in names {
        match Feature::named(name) {
            Some((feature, _)) if group.is_some_and(|group| !group.has(feature)) => {
                faults.push(format!("{name} is a feature of another group"));
            }
            Some(named) if !features.contains(&named) => features.push(named),
            Some(_) => {}
            None => match NOT_SERVED.iter().find(|(known, _)| name.starts_with(known)) {
                Some((_, reason)) => faults.push(format!("{name} is not served: {reason}")),
                None => faults.push(format!("{name} is unknown: docs/FEATURES.md lists the names")),
            },
        }
    }
    if faults.is_empty() {
        return Ok(features);
    }
    let faults = faults.into_iter().map(|fault| FieldError::new("features", fault));
    Err(Error::invalid_fields(Code::UnknownFeature, faults.collect()))
}

fn read_all_time(text: Option<&str>) -> Result<bool, Error> {
    match text {
        None | Some("False" | "No") => Ok(false),
        Some("True" | "Yes") => Ok(true),
        Some(_) => Err(Error::invalid("all_time", "must be True, Yes, False or No")),
    }
}

pub(crate) fn read_threshold(text: Option<&str>) -> Result<Option<Money>, Error> {
    let money = text.map(str::parse::<Money>);
    money.transpose().map_err(|error| Error::invalid("threshold", error))
}
