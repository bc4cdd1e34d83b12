//! Institutions whose rules were never tried on a real message.

use std::collections::BTreeSet;

use anyhow::anyhow;
use daftari_domain::Country;
use daftari_domain::views::directory;
use daftari_sms::import::Imported;
use daftari_sms_notation::directory::parse;
use daftari_sms_notation::sender::sender_key;

/// The names of the unseen institutions of the country that a message is from, sorted. An institution is unseen if no
/// test reads a real message of it.
pub(crate) fn unseen<'m>(
    messages: impl IntoIterator<Item = &'m Imported>,
    country: Country,
) -> anyhow::Result<Vec<&'static str>> {
    let senders: BTreeSet<String> = messages
        .into_iter()
        .map(|message| sender_key(&message.sender))
        .collect();
    let rows = parse(directory::FILE).map_err(|fault| anyhow!("the directory built in: {fault}"))?;
    let country = country.to_string();
    let named = rows.into_iter().filter(|row| {
        let is_sender = |sender: &&str| senders.contains(&sender_key(sender));
        row.country == country && row.seen.is_none() && row.senders.iter().any(is_sender)
    });
    let mut names: Vec<&str> = named.map(|row| row.display_name).collect();
    names.sort_unstable();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_institution_without_a_real_message_is_named_if_it_writes() {
        let rows = parse(directory::FILE).expect("directory");
        let is_alone = |row: &&daftari_sms_notation::directory::Row<'_>| {
            let others = rows
                .iter()
                .filter(|other| other.country == row.country && other.id != row.id);
            !row.senders.is_empty()
                && others
                    .flat_map(|other| &other.senders)
                    .all(|other| !row.senders.contains(other))
        };
        let of = |seen: bool| {
            rows.iter()
                .filter(is_alone)
                .find(|row| row.seen.is_some() == seen)
                .expect("a row")
        };
        for seen in [false, true] {
            let row = of(seen);
            let message = Imported {
                number: 1,
                sender: row.senders[0].to_uppercase(),
                body: "text".into(),
                received_at: "2021-10-08T10:41:25Z".parse().expect("timestamp"),
            };
            let names = unseen([&message], row.country.parse().expect("country")).expect("names");
            assert_eq!(names, if seen { vec![] } else { vec![row.display_name] });
        }
        assert!(unseen([], "KE".parse().expect("country")).expect("names").is_empty());
    }
}
