//! Kinds of faults, each with a family of texts of several institutions and languages.
//!
//! `tests/field.rs` holds the text that showed each kind first.

#[path = "../support/mod.rs"]
mod support;

use daftari_sms::{Message, read};
use support::{describe_reading, received_at};

const TEXTS: &str = include_str!("texts.txt");
/// Fewest texts of a family.
const MEMBERS: usize = 8;

/// A family: its name, and its texts with their expected readings.
struct Family {
    name: &'static str,
    members: Vec<Member>,
}

struct Member {
    sender: &'static str,
    country: &'static str,
    reading: &'static str,
    body: &'static str,
}

fn families() -> Vec<Family> {
    let mut families: Vec<Family> = Vec::new();
    for line in TEXTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("== ") {
            let members = Vec::new();
            families.push(Family { name, members });
            continue;
        }
        let parts: Vec<&str> = line.splitn(4, '|').collect();
        let [sender, country, reading, body] = parts.try_into().expect("sender|country|reading|text");
        families.last_mut().expect("a family first").members.push(Member {
            sender,
            country,
            reading,
            body,
        });
    }
    families
}

fn reading(member: &Member) -> String {
    let message = Message {
        sender: member.sender,
        body: member.body,
        received_at: received_at(),
        id: None,
    };
    match describe_reading(&read(&message, member.country.parse().ok())).as_slice() {
        [] => "not financial".to_owned(),
        records => records.join(" + "),
    }
}

#[test]
fn no_fault_is_back_in_another_text_of_its_family() {
    let mut wrong = Vec::new();
    for family in families() {
        for member in &family.members {
            let found = reading(member);
            if found != member.reading {
                let Member {
                    sender, country, body, ..
                } = member;
                wrong.push(format!("{}\n  {sender} {country}: {body}\n  {found}", family.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_family_has_members_of_several_institutions() {
    let families = families();
    assert_eq!(families.len(), 7);
    for family in families {
        let mut senders: Vec<(&str, &str)> = family
            .members
            .iter()
            .map(|member| (member.sender, member.country))
            .collect();
        senders.sort_unstable();
        senders.dedup();
        assert!(family.members.len() >= MEMBERS, "{}", family.name);
        assert!(senders.len() >= 5, "{}", family.name);
    }
}
