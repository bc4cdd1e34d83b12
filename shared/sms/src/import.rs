//! Messages from the XML export of Android's "SMS Backup & Restore".
//!
//! The file is a list of `<sms address="MPESA" date="1700000000000" type="1" body="…"/>`: `date` in milliseconds,
//! `type` 1 for received messages. Sent messages, drafts and multimedia messages are skipped.

use std::borrow::Cow;

use daftari_domain::Timestamp;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Most messages one export may hold.
pub const MAX_MESSAGES: usize = 1_000_000;

/// The element around all messages.
const LIST: &[u8] = b"smses";
/// The element of a message.
const MESSAGE: &[u8] = b"sms";

/// A received message of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Its place among the messages of the file, from 1.
    pub number: usize,
    /// The sender, as the phone shows it.
    pub sender: String,
    /// The text.
    pub body: String,
    /// When it was received.
    pub received_at: Timestamp,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Not well-formed XML.
    #[error("is not XML at byte {position}: {reason}")]
    NotXml {
        /// The position where reading stopped.
        position: u64,
        /// The fault at that position.
        reason: String,
    },
    /// JSON, as the API takes it.
    #[error("is JSON, and not an export of SMS Backup & Restore (XML): POST …/messages takes messages as JSON")]
    Json,
    /// The end of the `smses` element is missing.
    #[error("is cut off: it does not end with </smses>. Copy the whole file, or export it again")]
    Cut,
    /// No `smses` element: XML of something else.
    #[error("is not an export of SMS Backup & Restore")]
    NotAnExport,
    /// More than [`MAX_MESSAGES`].
    #[error("holds more than {MAX_MESSAGES} messages")]
    TooMany,
}

/// A received message. The error stands for a message that cannot be used: its number in the file, from 1, and the
/// attribute that is missing or bad.
pub type Entry = Result<Imported, (usize, &'static str)>;

/// The messages of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The received ones, in the order of the file.
    pub entries: Vec<Entry>,
    /// Number of the others: messages that the phone sent, and drafts.
    pub not_received: usize,
}

/// Reads the messages of an export.
///
/// # Errors
///
/// If the text is JSON or not XML, is not an export or a part of one, or holds more than [`MAX_MESSAGES`].
pub fn read_backup(xml: &str) -> Result<Backup, ImportError> {
    if xml.trim_start().starts_with(['{', '[']) {
        return Err(ImportError::Json);
    }
    let xml = join_surrogates(xml);
    let mut reader = Reader::from_str(&xml);
    let mut entries = Vec::new();
    let (mut is_export, mut is_open, mut number, mut not_received) = (false, false, 0, 0);
    loop {
        let event = reader.read_event().map_err(|reason| ImportError::NotXml {
            position: reader.error_position(),
            reason: reason.to_string(),
        })?;
        match event {
            Event::Eof if is_open => return Err(ImportError::Cut),
            Event::Eof if is_export => return Ok(Backup { entries, not_received }),
            Event::Eof => return Err(ImportError::NotAnExport),
            Event::Start(element) if element.name().as_ref() == LIST => (is_export, is_open) = (true, true),
            Event::Empty(element) if element.name().as_ref() == LIST => is_export = true,
            Event::End(element) if element.name().as_ref() == LIST => is_open = false,
            Event::Start(element) | Event::Empty(element) if is_open && element.name().as_ref() == MESSAGE => {
                number += 1;
                match message(&element, number).transpose() {
                    Some(entry) => entries.push(entry),
                    None => not_received += 1,
                }
            }
            _ => {}
        }
        if entries.len() > MAX_MESSAGES {
            return Err(ImportError::TooMany);
        }
    }
}

/// Joins the two halves of a character. The app writes an emoji as its UTF-16 form, `&#55357;&#56832;`, which XML does
/// not allow.
fn join_surrogates(xml: &str) -> Cow<'_, str> {
    if !xml.contains("&#55") && !xml.contains("&#56") {
        return Cow::Borrowed(xml);
    }
    let mut joined = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(at) = rest.find("&#") {
        joined.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((first, after)) = half(rest) {
            let pair = half(after).map(|(second, after)| (char::decode_utf16([first, second]).next(), after));
            // A half without its other half is not a character.
            let (read, remaining) = match pair {
                Some((Some(Ok(c)), after)) => (c, after),
                _ => (char::REPLACEMENT_CHARACTER, after),
            };
            joined.push(read);
            rest = remaining;
        } else {
            joined.push_str("&#");
            rest = &rest[2..];
        }
    }
    joined.push_str(rest);
    Cow::Owned(joined)
}

/// A reference to half a character at the start of the text, and the rest of the text.
fn half(text: &str) -> Option<(u16, &str)> {
    let (digits, after) = text.strip_prefix("&#")?.split_once(';')?;
    let value: u16 = digits.parse().ok()?;
    (0xd800..0xe000).contains(&value).then_some((value, after))
}

/// A message of the export; `None` if it was not received. The error is that of [`Entry`].
fn message(element: &BytesStart<'_>, number: usize) -> Result<Option<Imported>, (usize, &'static str)> {
    let text = |name: &'static str| {
        let attribute = element.try_get_attribute(name).ok().flatten().ok_or((number, name))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|_| (number, name))?;
        Ok(value.into_owned())
    };
    if text("type")? != "1" {
        return Ok(None);
    }
    let date: i64 = text("date")?.trim().parse().map_err(|_| (number, "date"))?;
    let received_at = Timestamp::from_unix(date).ok_or((number, "date"))?;
    Ok(Some(Imported {
        number,
        sender: text("address")?,
        body: text("body")?,
        received_at,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORT: &str = r#"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<!--File Created By SMS Backup & Restore-->
<?xml-stylesheet type="text/xsl" href="sms.xsl"?>
<smses count="4" backup_set="x">
  <sms protocol="0" address="MPESA" date="1760000000999" type="1" subject="null" body="A &amp; B&#10;paid &quot;x&quot; &#128512;&#55357;&#56832;&#55357;" toa="null" read="1" />
  <sms address="0700000000" date="1760000001000" type="2" body="sent by the user" />
  <sms address="MPESA" date="soon" type="1" body="x" />
  <sms address="MPESA" date="1760000002000" type="1" />
  <sms address="TALA" date="1760000003" type="1" body="seconds" />
  <mms date="1"><parts><part text="x"/></parts></mms>
</smses>"#;

    #[test]
    fn received_messages_are_read_and_unusable_ones_named() {
        let backup = read_backup(EXPORT).expect("an export");
        let first = Imported {
            number: 1,
            sender: "MPESA".into(),
            body: "A & B\npaid \"x\" \u{1f600}\u{1f600}\u{fffd}".into(),
            received_at: Timestamp::from_unix_seconds(1_760_000_000).expect("timestamp"),
        };
        let seconds = Imported {
            number: 5,
            sender: "TALA".into(),
            body: "seconds".into(),
            received_at: Timestamp::from_unix_seconds(1_760_000_003).expect("timestamp"),
        };
        assert_eq!(
            backup.entries,
            vec![Ok(first), Err((3, "date")), Err((4, "body")), Ok(seconds)]
        );
        assert_eq!(backup.not_received, 1);
    }

    #[test]
    fn a_part_of_an_export_is_refused() {
        let (whole, _) = EXPORT.split_once("</smses>").expect("the end");
        assert_eq!(
            read_backup(whole)
                .expect_err("a part")
                .to_string()
                .split_once(':')
                .expect("reason")
                .0,
            "is cut off"
        );
        let (between, _) = EXPORT.split_once("  <mms").expect("a boundary");
        assert!(matches!(read_backup(between), Err(ImportError::Cut)));
        assert!(read_backup(r#"<smses count="0"/>"#).is_ok_and(|backup| backup.entries.is_empty()));
    }

    #[test]
    fn other_files_are_refused() {
        assert!(matches!(read_backup("<a><sms/></a>"), Err(ImportError::NotAnExport)));
        assert!(matches!(
            read_backup("<smses><sms></smses>"),
            Err(ImportError::NotXml { .. })
        ));
        assert!(matches!(read_backup(""), Err(ImportError::NotAnExport)));
        for json in ["{\"messages\":[]}", "\n [\"AT&T\"]"] {
            assert!(matches!(read_backup(json), Err(ImportError::Json)), "{json}");
        }
    }
}
