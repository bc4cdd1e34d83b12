//! Features, completeness, income, cash flow and affordability.

mod bad_input;
mod cost;
mod features;
mod products;
mod worked_example;
