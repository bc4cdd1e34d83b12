//! The directory of institutions.

use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;
use daftari_domain::Country;
use daftari_domain::views::directory;
use daftari_sms_notation::directory::{Row, parse};

use crate::FINDING;
use crate::options::country;
use crate::output::write;

#[derive(Args)]
pub(crate) struct InstitutionsArguments {
    /// Only those of a country, as two letters such as KE.
    #[arg(long, value_parser = country)]
    country: Option<Country>,
    /// Only those whose name, id or a sender contains this text, in any case.
    #[arg(long)]
    name: Option<String>,
}

impl InstitutionsArguments {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let rows = parse(directory::FILE).map_err(|fault| anyhow!("the directory built in: {fault}"))?;
        let found: Vec<&Row<'_>> = rows.iter().filter(|row| self.takes(row)).collect();
        let mut list = String::new();
        for row in &found {
            list.push_str(&line(row));
        }
        list.push_str(&format!("{} of {} institutions\n", found.len(), rows.len()));
        write(format_args!("{list}"));
        Ok(if found.is_empty() {
            ExitCode::from(FINDING)
        } else {
            ExitCode::SUCCESS
        })
    }

    fn takes(&self, row: &Row<'_>) -> bool {
        let named = |text: &String| {
            let text = text.to_lowercase();
            let names = [row.id, row.display_name]
                .into_iter()
                .chain(row.senders.iter().copied());
            names.into_iter().any(|name| name.to_lowercase().contains(&text))
        };
        self.country.is_none_or(|country| country.to_string() == row.country) && self.name.as_ref().is_none_or(named)
    }
}

fn line(row: &Row<'_>) -> String {
    let seen = row.seen.map_or_else(|| "unseen".to_owned(), |year| year.to_string());
    let senders = if row.senders.is_empty() {
        "no sender of its own".to_owned()
    } else {
        row.senders.join(", ")
    };
    format!(
        "{:<20}  {}  {:<7}  {seen:<6}  {}: {senders}\n",
        row.id,
        row.country,
        row.kind.to_lowercase(),
        row.display_name
    )
}
