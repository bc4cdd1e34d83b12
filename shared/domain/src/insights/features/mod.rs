//! Features: named figures of a user in windows, as the public reference of the hosted service names them.
//!
//! Windows end at an instant `T`, and days are of 24 hours: `0_30` is `T − 30 days < t ≤ T`, `31_90` is
//! `T − 90 days < t ≤ T − 30 days`, `0_90` is both. `0_365` is given on request.
//!
//! - An **event** is one id of a record: one message can yield several records.
//! - A **transaction** is a record with an amount and an impact.
//! - **Null rule.** A count, or a sum of a kind, is null if the window has no record of the user at all, because then
//!   nothing can be told. Otherwise it is 0 if none qualifies. An average, median, extreme, ratio, slope, or total of
//!   credits or debits is null if nothing qualifies.
//! - **End-of-day totals** (`insights/end_of_day.rs`): the sum of the last balance of each account on a UTC date. Dates
//!   are those from the window's start to its end, both included. A balance counts for 10 days, also one from before
//!   the window. A date is *active* if the window has a balance of the kind then, or a transaction of an institution
//!   with an account of the kind. For loans, a transaction of any institution is enough.
//!
//! [`catalog`] defines each feature.

pub mod catalog;
mod figures;
mod report;
mod stacked;

use super::definition::{Value, Values};
use super::income::{Confidence, Income};
use super::indicators::indicators;
use super::scope::Scope;
use super::view::View;
use crate::reports::Subject;
use crate::time::DAY_SECONDS;
use crate::{Currency, InstitutionId, Money, Record, TimeRange, Timestamp};

use catalog::{Feature, Group, NOT_SERVED, SPANS, Span, Windows};
pub use figures::SharedDevice;
use figures::{Figures, Source, value_without_span};
pub use report::{FeatureMeta, FeatureReport, FeatureUser, FeatureValues, IndicatorValues};

/// Days before the instant whose records are used: the longest window, or the age of the data.
pub const LOOKBACK_DAYS: u32 = figures::AGE_DAYS;
/// The same with the window `0_365`, and the 10 days before it for its first balances. One day more, because those days
/// begin at midnight.
pub const LONG_LOOKBACK_DAYS: u32 = 376;

/// The selection of features and records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureRequest {
    /// The instant.
    pub at: Timestamp,
    /// The requested report currency, if any.
    pub currency: Option<Currency>,
    /// Only records of these institutions; of all if empty.
    pub institutions: Vec<InstitutionId>,
    /// Names, as [`Feature::named`] reads them; all if empty.
    pub features: Vec<(Feature, Option<&'static Span>)>,
    /// Only the features of the group.
    pub group: Option<Group>,
    /// Adds the window `0_365`.
    pub all_time: bool,
    /// The requested threshold of `days_balance_below_x`, if any.
    pub threshold: Option<Money>,
}

impl FeatureRequest {
    /// All features as of an instant.
    pub const fn at(at: Timestamp) -> Self {
        Self {
            at,
            currency: None,
            institutions: Vec::new(),
            features: Vec::new(),
            group: None,
            all_time: false,
            threshold: None,
        }
    }

    /// Days before the instant whose records are needed.
    pub fn range(&self) -> TimeRange {
        let start = self.at.plus_seconds(1 - DAY_SECONDS * i64::from(self.lookback_days()));
        TimeRange {
            start: Some(start),
            end: Some(self.at),
        }
    }

    /// Whether the feature is requested.
    pub fn has(&self, feature: Feature) -> bool {
        let is_named = self.features.is_empty() || self.features.iter().any(|(named, _)| *named == feature);
        is_named && self.group.is_none_or(|group| group.has(feature))
    }

    /// Whether the institution of a record is selected.
    fn includes(&self, record: &Record) -> bool {
        self.institutions.is_empty() || self.institutions.contains(&record.institution_id)
    }

    fn lookback_days(&self) -> u32 {
        let named = self.features.iter().filter_map(|(_, span)| *span);
        let is_long = self.all_time || named.into_iter().any(|span| span.on_request);
        if is_long { LONG_LOOKBACK_DAYS } else { LOOKBACK_DAYS }
    }

    /// Whether the feature is requested in the window: by its base name, or by its full name.
    fn has_in(&self, feature: Feature, span: &Span) -> bool {
        let usual = self.all_time || !span.on_request;
        let is_named =
            |(named, only): &(Feature, Option<&Span>)| *named == feature && only.map_or(usual, |only| only == span);
        if self.features.is_empty() {
            usual
        } else {
            self.features.iter().any(is_named)
        }
    }
}

/// The features and indicators of a user. `device` is `None` if the user has no device id.
pub fn features(
    records: &[Record],
    subject: &Subject,
    user: FeatureUser,
    device: Option<&SharedDevice>,
    request: &FeatureRequest,
) -> FeatureReport {
    let meant = records.iter().filter(|record| request.includes(record));
    let range = request.range();
    let recent = meant.clone().filter(|record| range.contains(record.timestamp));
    let view = View::of(recent, subject, request.at, request.currency);
    let source = Source { view: &view, device };
    let wanted: Vec<Feature> = Feature::ALL
        .iter()
        .copied()
        .filter(|feature| request.has(*feature))
        .collect();
    let is_wanted = |span: &&Span| wanted.iter().any(|feature| request.has_in(*feature, span));
    let spans = SPANS
        .iter()
        .filter(is_wanted)
        .map(|span| (span, Figures::of(&source, span)));
    let spans: Vec<(&Span, Figures<'_, '_>)> = spans.collect();
    let mut values: Vec<(String, Value)> = Vec::new();
    for feature in wanted {
        if feature.windows() == Windows::Spans {
            for (span, figures) in spans.iter().filter(|(span, _)| request.has_in(feature, span)) {
                values.push((feature.full_name(Some(span)), figures.value(feature)));
            }
        } else {
            values.push((feature.full_name(None), value_without_span(&view, feature)));
        }
    }
    let scope = request
        .all_time
        .then(|| Scope::of(meant, subject, request.at, view.currency));
    let income = scope
        .as_ref()
        .map(|scope| Income::of(scope, scope.currency, Confidence::Low));
    let (indicators, threshold) = indicators(&view, request.threshold, income.as_ref());
    FeatureReport {
        user,
        features: FeatureValues(Values(values)),
        insights: IndicatorValues(indicators),
        meta: FeatureMeta {
            user_uuid: subject.user_uuid,
            client_uuid: subject.client_uuid,
            utc_time: request.at,
            currency: view.currency,
            latest_record_at: view.newest().map(|record| record.timestamp),
            history_days: super::indicators::history_days(&view),
            completeness: view.completeness,
            unrecognized_loan_messages: 0,
            threshold,
            other_currencies: view.other_currencies(),
            not_served: NOT_SERVED.iter().map(|(name, _)| *name).collect(),
        },
        warnings: Vec::new(),
    }
}
