//! The features that a query selects, and their records.

use daftari_domain::insights::features::FeatureRequest;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use daftari_domain::insights::features::catalog::{Feature, Group, NOT_SERVED, SPANS, Span};
use daftari_domain::insights::indicators::{DAYS, Indicator};
use daftari_domain::{InstitutionId, Money, Timestamp};
use daftari_platform::error::FieldError;
use daftari_platform::fields::suggestion;
use daftari_platform::http::{AsOfQuery, CurrencyQuery, Parameters, Values, all, read_institution};
use daftari_platform::wording::{Quoted, Shown};
use daftari_platform::{Code, Error, query_parameters, shown};

/// Limit of institutions in the filter.
const MAX_QUERY_INSTITUTIONS: usize = 100;

query_parameters! {
    /// Selects features.
    pub(crate) struct SelectionQuery {
        /// Names of features, with or without a window (`net_cash_flow`, `net_cash_flow_0_30`). The key may be
        /// repeated, and names may be separated by commas. Left out, it is all of them.
        features: Option<Vec<String>>,
        /// Records of these institutions only; the key may be repeated, and ids may be separated by commas. An
        /// institution without a record of the user matches nothing; if the directory does not have it either,
        /// `warnings` names the nearest ids. At most 100.
        institutions: Option<Vec<InstitutionId>>,
        /// Adds the window `0_365`.
        #[param(default = false)]
        all_time: Option<bool>,
        /// The threshold of `days_balance_below_x`, in the report currency.
        threshold: Option<Money>,
    }
}

/// The query parameters of features.
pub(crate) type FeaturesQuery = (AsOfQuery, CurrencyQuery, SelectionQuery);

/// The request for features as of `utc_time`, but not later than now.
pub(crate) fn read_request<P: Parameters>(
    values: &Values<'_, P>,
    group: Option<Group>,
    now: Timestamp,
) -> Result<FeatureRequest, Error> {
    let (at, currency, institutions, features, all_time, threshold) = all((
        read_instant(values, now),
        values.currency(),
        read_institutions(values),
        values
            .all_words("features")
            .and_then(|names| read_features(&names, group)),
        values.flag("all_time"),
        values.parsed("threshold"),
    ))?;
    Ok(FeatureRequest {
        at,
        currency,
        institutions,
        features,
        group,
        all_time,
        threshold,
    })
}

/// `utc_time`, but not later than now.
pub(crate) fn read_instant<P: Parameters>(values: &Values<'_, P>, now: Timestamp) -> Result<Timestamp, Error> {
    Ok(values.utc_time()?.map_or(now, |at| at.min(now)))
}

fn read_institutions<P: Parameters>(values: &Values<'_, P>) -> Result<Vec<InstitutionId>, Error> {
    if values.all_words("institutions")?.len() > MAX_QUERY_INSTITUTIONS {
        let detail = shown!("must be at most {}", MAX_QUERY_INSTITUTIONS);
        return Err(Error::invalid("institutions", detail));
    }
    values.words("institutions", read_institution)
}

fn read_features(names: &[&str], group: Option<Group>) -> Result<Vec<(Feature, Option<&'static Span>)>, Error> {
    let mut features = Vec::new();
    let mut faults = Vec::new();
    for name in names {
        match Feature::named(name) {
            Some((feature, _)) if group.is_some_and(|group| !group.has(feature)) => {
                faults.push(shown!("{} is a feature of another group", Quoted(name)));
            }
            Some(named) if !features.contains(&named) => features.push(named),
            Some(_) => {}
            None => match NOT_SERVED.iter().find(|(known, _)| name.starts_with(known)) {
                Some((_, reason)) => faults.push(shown!("{} is not served: {}", Quoted(name), *reason)),
                None => faults.push(unknown(name)),
            },
        }
        if faults.len() == MAX_QUERY_FAULTS {
            break;
        }
    }
    if faults.is_empty() {
        return Ok(features);
    }
    let faults = faults.into_iter().map(|fault| FieldError::new("features", fault));
    Err(Error::invalid_fields(Code::UnknownFeature, faults.collect()))
}

/// Most faults in the answer to one request.
const MAX_QUERY_FAULTS: usize = 20;

/// The names of features without a window, and the same with each window.
static BASES: LazyLock<Vec<&str>> =
    LazyLock::new(|| Feature::ALL.iter().map(|feature| feature.definition().name).collect());
static FULL: LazyLock<Vec<String>> = LazyLock::new(|| {
    let full = |feature: &Feature| {
        let feature = *feature;
        SPANS.iter().map(move |span| feature.full_name(Some(span)))
    };
    Feature::ALL.iter().flat_map(full).collect()
});

/// Whether the name is one of `insights`, with or without a window. They cannot be selected.
fn is_indicator(name: &str) -> bool {
    let is_named = |indicator: &Indicator| {
        let full = |days: &u32| indicator.full_name(Some(*days)) == name;
        indicator.definition().name == name || DAYS.iter().any(full)
    };
    Indicator::ALL.iter().any(is_named)
}

/// The fault for an unknown name of a feature, with the nearest names.
fn unknown(name: &str) -> Shown {
    if is_indicator(name) {
        return shown!(
            "{} is one of `insights`, which cannot be selected: leave it out",
            Quoted(name)
        );
    }
    let bases = BASES.as_slice();
    let every: BTreeSet<&str> = bases.iter().copied().chain(FULL.iter().map(String::as_str)).collect();
    let every: Vec<&str> = every.into_iter().collect();
    let nearest = suggestion(name, &every).or_else(|| suggestion(name, bases));
    let (name, names) = (Quoted(name), "docs/FEATURES.md lists the names");
    match nearest {
        Some(question) => shown!("{} is unknown: {} {}", name, question, names),
        None => shown!("{} is unknown: {}", name, names),
    }
}
