//! Features, completeness, income, cash flow and affordability.

mod features;
mod products;
mod worked_example;
