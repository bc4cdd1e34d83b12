//! Groups payments into streams.
//!
//! | payments | one stream are those of one |
//! |---|---|
//! | with a token of the counterparty | direction, currency and token, on any account |
//! | without | direction, currency, account, kind of the counterparty and set of labels, and one cluster of amounts |
//!
//! A cluster: amounts in ascending order; the next one begins another cluster if it is over 1.10 times the one before
//! or over 1.25 times the smallest of the cluster.

use crate::insights::movements::Movement;
use crate::order::sort_by_key;
use crate::{CounterpartyKind, CounterpartyToken, LabelSet};

/// The key by which payments are grouped into streams, beside direction and currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Token(CounterpartyToken),
    Account {
        /// The index of the account in the survey.
        account: usize,
        kind: Option<CounterpartyKind>,
        labels: LabelSet,
    },
}

impl Key {
    fn of(movement: &Movement<'_>) -> Self {
        let counterparty = movement.record.details.counterparty;
        match counterparty.and_then(|counterparty| counterparty.token) {
            Some(token) => Self::Token(token),
            None => Self::Account {
                account: movement.holder,
                kind: counterparty.map(|counterparty| counterparty.kind),
                labels: movement.record.labels,
            },
        }
    }
}

/// The payments of one stream.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    pub(crate) key: Key,
    /// Oldest first.
    pub(crate) movements: Vec<Movement<'a>>,
}

/// Splits payments of one direction and currency, oldest first, into streams.
pub(crate) fn groups(movements: Vec<Movement<'_>>) -> Vec<Group<'_>> {
    let mut keyed: Vec<(Key, Movement<'_>)> = movements.into_iter().map(|one| (Key::of(&one), one)).collect();
    // Stable: payments of one key stay in the order of time.
    sort_by_key(&mut keyed, |(key, _)| *key);
    let mut groups = Vec::new();
    for chunk in keyed.chunk_by(|(a, _), (b, _)| a == b) {
        let Some((key, _)) = chunk.first() else {
            continue;
        };
        let movements = chunk.iter().map(|(_, movement)| *movement);
        let parts = match key {
            Key::Token(_) => vec![movements.collect()],
            Key::Account { .. } => clusters(movements.collect()),
        };
        groups.extend(parts.into_iter().map(|movements| Group { key: *key, movements }));
    }
    groups
}

fn clusters(mut movements: Vec<Movement<'_>>) -> Vec<Vec<Movement<'_>>> {
    sort_by_key(&mut movements, |movement| movement.amount);
    let mut clusters: Vec<Vec<Movement<'_>>> = Vec::new();
    for movement in movements {
        let amount = movement.amount.units();
        let fits = clusters.last().is_some_and(|cluster: &Vec<Movement<'_>>| {
            let units = |at: Option<&Movement<'_>>| at.map_or(0, |movement| movement.amount.units());
            amount * 10 <= units(cluster.last()) * 11 && amount * 4 <= units(cluster.first()) * 5
        });
        match clusters.last_mut() {
            Some(cluster) if fits => cluster.push(movement),
            _ => clusters.push(vec![movement]),
        }
    }
    for cluster in &mut clusters {
        sort_by_key(cluster, |movement| movement.record.position());
    }
    clusters
}
