//! Black-box tests in one executable, so that the SDK and every function are linked once. A test that captures the log
//! or counts the memory of its process is a file beside this folder, with an executable of its own.

mod accounts;
mod auth;
mod compression;
mod console;
mod countries;
mod cursors;
mod dependencies;
mod derived;
mod details;
mod echo;
mod engines;
mod erasure;
mod faults;
mod ingest;
mod insights;
mod large_months;
mod ledger;
mod logins;
mod messages;
mod mistakes;
mod modules;
mod one_state;
mod openapi;
mod organization_limits;
mod parameters;
mod phone_numbers;
mod policy;
mod root;
mod routes;
mod sign_in;
mod signing_keys;
mod store;
mod unrecognized;
mod users;
mod users_scale;
