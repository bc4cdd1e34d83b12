//! `daftari-admin insights`: every insight of a file of records, without a service.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};
use clap::Args;
use daftari_domain::ids::{OrganizationId, UserId};
use daftari_domain::insights::features::{FeatureRequest, FeatureUser};
use daftari_domain::insights::{
    AffordabilityRequest, Confidence, Subject, affordability, cash_flow, features, income, recurring,
};
use daftari_domain::reports::completeness;
use daftari_domain::unrecognized::UnrecognizedMessages;
use daftari_domain::{Country, Currency, NewRecord, Record, TimeRange, Timestamp};
use daftari_platform::http::{Refusal, check_record, read_object};
use daftari_platform::{Clock, FieldError};
use serde_json::{Map, Value, to_value};
use uuid::Uuid;

use crate::options::country;
use crate::output::say;

/// Limit of a line, in bytes: a record with the longest text, escaped.
const MAX_LINE_BYTES: u64 = 64 * 1024;
/// Limit of records.
const MAX_FILE_RECORDS: usize = 200_000;
/// Most faults printed for a record.
const MAX_RECORD_FAULTS: usize = 8;
/// Limit of the file of an affordability request, in bytes.
const MAX_REQUEST_BYTES: u64 = 64 * 1024;

#[derive(Args)]
pub(crate) struct InsightsArguments {
    /// The records: one JSON object per line, as the API accepts them for a ledger, and returns them with
    /// `include=details`.
    file: PathBuf,
    /// The country of the user, as two letters of ISO 3166-1. It determines currency and local time.
    #[arg(long, value_parser = country)]
    country: Option<Country>,
    /// The currency of the figures. Left out, that of the country if any record has it, otherwise the most common one.
    #[arg(long)]
    currency: Option<Currency>,
    /// Adds the features of 365 days, and the stability and regularity of income.
    #[arg(long)]
    all_time: bool,
    /// The time of the figures. Left out, that of the newest record.
    #[arg(long)]
    utc_time: Option<Timestamp>,
    /// A file with the body of an affordability request: prints `affordability` too. Its own currency and time override
    /// those of the command.
    #[arg(long)]
    affordability: Option<PathBuf>,
}

impl InsightsArguments {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let records = read_records(&self.file)?;
        let request = self.affordability.as_deref().map(read_request).transpose()?;
        let newest = records.iter().map(|record| record.timestamp).max();
        let as_of = self.utc_time.or(newest).unwrap_or_else(|| Clock::System.now());
        let printed = self.products(&records, as_of, request)?;
        say!("{}", serde_json::to_string_pretty(&printed)?);
        Ok(())
    }

    /// Each product under its name.
    fn products(
        &self,
        records: &[Record],
        as_of: Timestamp,
        request: Option<AffordabilityRequest>,
    ) -> anyhow::Result<Map<String, Value>> {
        let subject = Subject {
            user_uuid: UserId(Uuid::nil()),
            client_uuid: OrganizationId(Uuid::nil()),
            country: self.country,
        };
        let currency = self.currency;
        let mut products = Map::new();
        let mut add = |name: &str, value: serde_json::Result<Value>| -> anyhow::Result<()> {
            products.insert(name.to_owned(), value?);
            Ok(())
        };
        let up_to = TimeRange::up_to(as_of);
        add("completeness", to_value(completeness(records, &subject, up_to)))?;
        let all_features = FeatureRequest {
            currency,
            all_time: self.all_time,
            ..FeatureRequest::at(as_of)
        };
        let user = FeatureUser {
            uuid: subject.user_uuid,
            first_name: String::new(),
            last_name: String::new(),
            phone_number: String::new(),
            external_id: None,
        };
        add(
            "features",
            to_value(features(records, &subject, user, None, &all_features)),
        )?;
        let all = Confidence::Low;
        add("income", to_value(income(records, &subject, as_of, currency, all)))?;
        add(
            "recurring",
            to_value(recurring(records, &subject, as_of, currency, None)),
        )?;
        add(
            "cash_flow",
            to_value(cash_flow(records, &subject, as_of, currency, None)),
        )?;
        if let Some(request) = request {
            let request = AffordabilityRequest {
                currency: request.currency.or(currency),
                ..request
            };
            let as_of = request.utc_time.unwrap_or(as_of);
            add(
                "affordability",
                to_value(affordability(
                    records,
                    &subject,
                    as_of,
                    &request,
                    &UnrecognizedMessages::default(),
                )),
            )?;
        }
        Ok(products)
    }
}

/// The records of a file. As in the service, the last one of the same id, institution, account and month counts.
fn read_records(file: &Path) -> anyhow::Result<Vec<Record>> {
    let name = || file.display().to_string();
    let mut reader = BufReader::new(std::fs::File::open(file).with_context(name)?);
    let latest = Clock::System.now();
    let mut records: Vec<Record> = Vec::new();
    let mut places: HashMap<_, usize> = HashMap::new();
    let mut line = String::new();
    for number in 1_usize.. {
        line.clear();
        let read = reader.by_ref().take(MAX_LINE_BYTES).read_line(&mut line);
        let place = || format!("{}, line {number}", file.display());
        if read.with_context(place)? == 0 {
            break;
        }
        if line.trim().is_empty() {
            continue;
        }
        ensure!(
            line.ends_with('\n') || line.len() < usize::try_from(MAX_LINE_BYTES)?,
            "{}: longer than {MAX_LINE_BYTES} bytes",
            place()
        );
        ensure!(
            records.len() < MAX_FILE_RECORDS,
            "{}: more than {MAX_FILE_RECORDS} records",
            name()
        );
        let check = |new: NewRecord| check_record(new, latest);
        let record = read_object(line.trim().as_bytes(), "", MAX_RECORD_FAULTS, check)
            .map_err(|refusal| anyhow!("{}: {}", place(), said(refusal)))?;
        let identity = (
            record.timestamp.month(),
            record.id.clone(),
            record.institution_id.clone(),
            record.account_id.clone(),
        );
        let index = *places.entry(identity).or_insert(records.len());
        if index < records.len() {
            records[index] = record;
        } else {
            records.push(record);
        }
    }
    Ok(records)
}

fn read_request(file: &Path) -> anyhow::Result<AffordabilityRequest> {
    let name = || file.display().to_string();
    let mut json = String::new();
    let opened = std::fs::File::open(file).with_context(name)?;
    opened
        .take(MAX_REQUEST_BYTES)
        .read_to_string(&mut json)
        .with_context(name)?;
    match AffordabilityRequest::read(&json) {
        Ok(request) => Ok(request),
        Err(faults) => {
            let faults = faults.into_iter().map(FieldError::from).collect();
            bail!("{}: {}", name(), listed(faults))
        }
    }
}

fn said(refusal: Refusal) -> String {
    match refusal {
        Refusal::NotJson(_) => "must be a JSON object".to_owned(),
        Refusal::Fields(faults) | Refusal::Rules(_, faults) => listed(faults),
    }
}

/// Faults as one sentence each, with the names of the fields.
fn listed(faults: Vec<FieldError>) -> String {
    let faults = faults.into_iter().map(|fault| {
        let field = fault.pointer.trim_start_matches('/');
        format!("{field} {}", fault.detail.as_str()).trim().to_owned()
    });
    faults.collect::<Vec<_>>().join("; ")
}
