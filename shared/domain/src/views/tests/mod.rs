//! Tests of the list views.

mod institutions;
mod lists;
mod pages;
