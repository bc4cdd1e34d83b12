//! Indicators and features worked out by hand.

use std::collections::{BTreeMap, BTreeSet};

use super::golden::{figure, user};
use super::notation::read_record;
use crate::insights::features::catalog::{Feature, Windows};
use crate::insights::features::{FeatureRequest, SharedDevice};
use crate::insights::indicators::{DAYS, Indicator};
use crate::insights::{FeatureReport, features};
use crate::reports::tests::records::{at, kenyan};
use crate::{Record, Timestamp};

/// A ledger of the file, with its figures: name and values.
struct Ledger<'t> {
    name: &'t str,
    as_of: Timestamp,
    records: Vec<Record>,
    device: SharedDevice,
    figures: Vec<(&'t str, Vec<&'t str>)>,
}

impl Ledger<'_> {
    fn report(&self) -> FeatureReport {
        let request = FeatureRequest {
            all_time: true,
            ..FeatureRequest::at(self.as_of)
        };
        features(&self.records, &kenyan(), user(), Some(&self.device), &request)
    }
}

fn ledgers() -> Vec<Ledger<'static>> {
    let text = include_str!("hand_computed.txt");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut ledgers: Vec<Ledger<'static>> = Vec::new();
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        if let ["ledger", name, as_of] = words[..] {
            ledgers.push(Ledger {
                name,
                as_of: at(as_of),
                records: Vec::new(),
                device: SharedDevice::default(),
                figures: Vec::new(),
            });
            continue;
        }
        let ledger = ledgers.last_mut().expect("a ledger");
        match words[..] {
            ["=", name, ref values @ ..] => ledger.figures.push((name, values.to_vec())),
            ["device", changed] => ledger.device.changed_at.push(at(changed)),
            _ => ledger.records.push(read_record(line)),
        }
    }
    ledgers
}

/// The full names of the values of a figure.
fn full_names(name: &str) -> Vec<String> {
    if let Some(indicator) = Indicator::ALL.iter().find(|one| one.definition().name == name) {
        return if indicator.has_windows() {
            DAYS.iter().map(|days| indicator.full_name(Some(*days))).collect()
        } else {
            vec![indicator.full_name(None)]
        };
    }
    let is_windowed = Feature::ALL
        .iter()
        .any(|one| one.definition().name == name && one.windows() == Windows::Spans);
    assert!(is_windowed, "{name}");
    ["0_30", "31_90", "0_90"]
        .iter()
        .map(|span| format!("{name}_{span}"))
        .collect()
}

#[test]
fn figures_are_those_worked_out_by_hand() {
    for ledger in ledgers() {
        let report = ledger.report();
        for (name, values) in &ledger.figures {
            let names = full_names(name);
            assert_eq!(names.len(), values.len(), "{name}");
            for (full_name, value) in names.iter().zip(values) {
                assert_eq!(figure(&report, full_name), *value, "{} {full_name}", ledger.name);
            }
        }
    }
}

#[test]
fn every_figure_has_a_value_and_every_indicator_is_null_somewhere() {
    let ledgers = ledgers();
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, found) in ledgers.iter().flat_map(|ledger| &ledger.figures) {
        values.entry(name).or_default().extend(found);
    }
    let has_value = |name: &str| {
        let found = values.get(name).into_iter().flatten();
        found.into_iter().any(|value| !["null", "0"].contains(value))
    };
    for indicator in Indicator::ALL {
        let name = indicator.definition().name;
        assert!(has_value(name), "{name} has no value");
        let is_null = values.get(name).is_some_and(|found| found.contains("null"));
        assert!(is_null, "{name} is never null");
    }
    // The other features have values in golden.txt, and those without windows in golden.rs.
    let golden = include_str!("golden.txt");
    let golden = golden.lines().filter(|line| !line.starts_with('#'));
    let golden: BTreeMap<&str, Vec<&str>> = golden
        .map(|line| {
            let mut words = line.split(' ');
            (words.next().unwrap_or_default(), words.collect())
        })
        .collect();
    for feature in Feature::ALL.iter().filter(|one| one.windows() == Windows::Spans) {
        let name = feature.definition().name;
        let in_golden = golden.get(name).into_iter().flatten();
        let mut in_golden = in_golden
            .into_iter()
            .filter(|value| !["null", "0", "0.0"].contains(*value));
        assert!(has_value(name) || in_golden.next().is_some(), "{name} has no value");
    }
}
