//! Counts of alerts by label, institution and month.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::list_limits::{self, MAX_INSTITUTIONS, keep_greatest};
use super::survey::later;
use super::{Meta, Subject, in_range, month_text, months};
use crate::{InstitutionId, Label, Month, Record, TimeRange, Timestamp};

/// Occurrences of each label, in the order of [`Label::ALL`].
pub type LabelCounts = BTreeMap<Label, u64>;

/// The alerts of a user over a period: the records with at least one label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AlertsSummary {
    /// The user, the period and the age of the data.
    #[serde(rename = "_meta")]
    pub meta: Meta,
    /// Number of alerts. An alert with two labels counts once here, and once under each label below.
    pub total_alerts_count: u64,
    /// Every label that occurs, in the order of [`Label::ALL`].
    pub by_label: Vec<LabelAlerts>,
    /// Every institution with an alert, by id. If there are more than 400, those with the latest alerts.
    pub by_institution: Vec<InstitutionAlerts>,
    /// Number of institutions omitted from `by_institution`. The other counts include their alerts. Absent if nothing
    /// is omitted. Ours.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub by_institution_omitted: u64,
    /// Every month (UTC) from the first alert to the last, oldest first.
    pub by_month: Vec<MonthAlerts>,
}

/// The alerts with one label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LabelAlerts {
    /// The label.
    pub label: Label,
    /// Number of alerts with the label.
    pub count: u64,
    /// Time of the oldest one.
    pub first_timestamp: Timestamp,
    /// Time of the newest one.
    pub last_timestamp: Timestamp,
    /// Their institutions, by id. Only those listed in `by_institution`.
    pub institution_ids: Vec<InstitutionId>,
    /// Number of institutions omitted from `institution_ids`. Absent if nothing is omitted. Ours.
    #[serde(skip_serializing_if = "list_limits::is_none")]
    pub institutions_omitted: u64,
}

/// The alerts of one institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InstitutionAlerts {
    /// The institution.
    pub institution_id: InstitutionId,
    /// Number of its alerts.
    pub count: u64,
    /// Number of its alerts with each label.
    #[schema(value_type = std::collections::BTreeMap<Label, u64>)]
    pub labels: LabelCounts,
}

/// The alerts of one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MonthAlerts {
    /// The month (UTC), as `2021-10`.
    #[serde(serialize_with = "month_text")]
    pub month: Month,
    /// Number of alerts. May be zero between two months with alerts.
    pub count: u64,
    /// Number of alerts with each label.
    #[schema(value_type = std::collections::BTreeMap<Label, u64>)]
    pub labels: LabelCounts,
}

#[derive(Default)]
struct Count {
    alerts: u64,
    labels: LabelCounts,
    /// Time of the newest alert.
    last: Option<Timestamp>,
}

impl Count {
    fn add(&mut self, record: &Record) {
        self.alerts += 1;
        self.last = self.last.max(Some(record.timestamp));
        for label in record.labels.iter() {
            *self.labels.entry(label).or_default() += 1;
        }
    }
}

struct Seen<'a> {
    count: u64,
    first: Timestamp,
    last: Timestamp,
    institutions: BTreeSet<&'a InstitutionId>,
}

/// Counts the alerts of `range`.
pub fn alerts_summary(records: &[Record], subject: &Subject, range: TimeRange) -> AlertsSummary {
    let mut latest: Option<&Record> = None;
    let mut total = 0;
    let mut labels: BTreeMap<Label, Seen<'_>> = BTreeMap::new();
    let mut institutions: BTreeMap<&InstitutionId, Count> = BTreeMap::new();
    let mut by_month: BTreeMap<Month, Count> = BTreeMap::new();
    for record in in_range(records, range) {
        latest = Some(latest.map_or(record, |latest| later(latest, record)));
        if record.labels.is_empty() {
            continue;
        }
        total += 1;
        let institution = institutions.entry(&record.institution_id).or_default();
        institution.add(record);
        let month = by_month.entry(record.timestamp.month()).or_default();
        month.add(record);
        for label in record.labels.iter() {
            see(&mut labels, label, record);
        }
    }
    let mut institutions: Vec<(&InstitutionId, Count)> = institutions.into_iter().collect();
    let by_institution_omitted = keep_greatest(&mut institutions, MAX_INSTITUTIONS, |(_, count)| count.last);
    let listed: BTreeSet<&InstitutionId> = institutions.iter().map(|(id, _)| *id).collect();
    let by_label = labels.into_iter();
    AlertsSummary {
        meta: Meta::new(subject, range, latest),
        total_alerts_count: total,
        by_label: by_label
            .map(|(label, seen)| LabelAlerts::new(label, seen, &listed))
            .collect(),
        by_institution: institutions.into_iter().map(InstitutionAlerts::from).collect(),
        by_institution_omitted,
        by_month: without_gaps(by_month),
    }
}

fn see<'a>(labels: &mut BTreeMap<Label, Seen<'a>>, label: Label, record: &'a Record) {
    let at = record.timestamp;
    let seen = labels.entry(label).or_insert_with(|| Seen {
        count: 0,
        first: at,
        last: at,
        institutions: BTreeSet::new(),
    });
    seen.count += 1;
    seen.first = seen.first.min(at);
    seen.last = seen.last.max(at);
    seen.institutions.insert(&record.institution_id);
}

fn without_gaps(mut found: BTreeMap<Month, Count>) -> Vec<MonthAlerts> {
    let ends = found.first_key_value().zip(found.last_key_value());
    let Some((first, last)) = ends.map(|((first, _), (last, _))| (*first, *last)) else {
        return Vec::new();
    };
    let month = |month| {
        let count = found.remove(&month).unwrap_or_default();
        MonthAlerts {
            month,
            count: count.alerts,
            labels: count.labels,
        }
    };
    months(first, last).map(month).collect()
}

impl LabelAlerts {
    fn new(label: Label, seen: Seen<'_>, listed: &BTreeSet<&InstitutionId>) -> Self {
        let institutions = seen.institutions.len();
        let shown = seen.institutions.into_iter().filter(|id| listed.contains(id));
        let institution_ids: Vec<InstitutionId> = shown.cloned().collect();
        Self {
            label,
            count: seen.count,
            first_timestamp: seen.first,
            last_timestamp: seen.last,
            institutions_omitted: (institutions - institution_ids.len()) as u64,
            institution_ids,
        }
    }
}

impl From<(&InstitutionId, Count)> for InstitutionAlerts {
    fn from((institution_id, count): (&InstitutionId, Count)) -> Self {
        Self {
            institution_id: institution_id.clone(),
            count: count.alerts,
            labels: count.labels,
        }
    }
}
