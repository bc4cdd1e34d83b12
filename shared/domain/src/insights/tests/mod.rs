//! Tests of the insights.

mod golden;
mod properties;
