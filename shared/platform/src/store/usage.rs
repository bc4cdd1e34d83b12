//! Capacity consumed, in DynamoDB's request units.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::types::ConsumedCapacity;

/// A counter of consumed capacity. Cheap to clone; all clones share the counter.
#[derive(Clone, Debug, Default)]
pub struct Usage(Arc<Counts>);

/// In half units, the smallest that is billed.
#[derive(Debug, Default)]
struct Counts {
    read_halves: AtomicU64,
    write_halves: AtomicU64,
}

impl Usage {
    /// Read request units consumed so far.
    pub fn read_units(&self) -> f64 {
        as_units(&self.0.read_halves)
    }

    /// Write request units consumed so far.
    pub fn write_units(&self) -> f64 {
        as_units(&self.0.write_halves)
    }

    /// [`Self::write_units`], rounded up.
    pub(crate) fn whole_write_units(&self) -> u64 {
        self.0.write_halves.load(Ordering::Relaxed).div_ceil(2)
    }

    pub(super) fn add_read<'a>(&self, consumed: impl IntoIterator<Item = &'a ConsumedCapacity>) {
        add(&self.0.read_halves, consumed);
    }

    pub(super) fn add_write<'a>(&self, consumed: impl IntoIterator<Item = &'a ConsumedCapacity>) {
        add(&self.0.write_halves, consumed);
    }
}

// Capacity is a number of halves, not money; the SDK returns it as a float.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::float_arithmetic)]
fn add<'a>(counter: &AtomicU64, consumed: impl IntoIterator<Item = &'a ConsumedCapacity>) {
    let units: f64 = consumed.into_iter().filter_map(ConsumedCapacity::capacity_units).sum();
    counter.fetch_add((units * 2.0).round() as u64, Ordering::Relaxed);
}

#[allow(clippy::cast_precision_loss, clippy::float_arithmetic)]
fn as_units(counter: &AtomicU64) -> f64 {
    counter.load(Ordering::Relaxed) as f64 / 2.0
}
