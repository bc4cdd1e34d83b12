//! Messages that were not read, by sender.

use std::collections::BTreeMap;
use std::fmt;

use daftari_domain::Country;
use daftari_domain::vocabulary::UnrecognizedCode;
use daftari_sms::import::Imported;

use crate::called::quoted;
use crate::output::plain;

/// Most senders in the list without texts.
const MAX_SENDERS: usize = 50;
/// Most positions of one sender in that list.
const MAX_PLACES: usize = 15;

/// A message that was not read.
#[derive(Clone, Copy)]
pub(crate) struct UnreadMessage<'m> {
    pub(crate) message: &'m Imported,
    /// The reason; `None` if this version does not know it.
    pub(crate) code: Option<UnrecognizedCode>,
}

/// The senders with their messages. Those of institutions come first; among these and the others, the one with most
/// messages.
pub(crate) struct Unread<'m> {
    country: Option<Country>,
    senders: Vec<Sender<'m>>,
}

struct Sender<'m> {
    name: String,
    is_known: bool,
    messages: Vec<UnreadMessage<'m>>,
}

impl Sender<'_> {
    /// Number of messages with a reason.
    fn count(&self, code: UnrecognizedCode) -> usize {
        self.messages.iter().filter(|unread| unread.code == Some(code)).count()
    }
}

impl<'m> Unread<'m> {
    /// `country` is that of the user, if it is known.
    pub(crate) fn new(messages: &[UnreadMessage<'m>], country: Option<Country>) -> Self {
        let mut by_sender: BTreeMap<String, Vec<UnreadMessage<'_>>> = BTreeMap::new();
        for unread in messages {
            let name = plain(unread.message.sender.trim());
            by_sender.entry(name).or_default().push(*unread);
        }
        let senders = by_sender.into_iter().map(|(name, messages)| Sender {
            is_known: messages
                .iter()
                .any(|unread| unread.code != Some(UnrecognizedCode::UnknownSender)),
            name,
            messages,
        });
        let mut senders: Vec<_> = senders.collect();
        senders.sort_by_key(|sender| (!sender.is_known, std::cmp::Reverse(sender.messages.len())));
        Self { country, senders }
    }

    /// The list for the screen: counts and positions, or the texts.
    pub(crate) fn view(&self, texts: bool) -> impl fmt::Display {
        fmt::from_fn(move |f| if texts { self.texts(f) } else { self.places(f) })
    }

    fn places(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "unrecognized, by sender, with the places in the file:")?;
        for sender in self.senders.iter().take(MAX_SENDERS) {
            let Sender {
                name,
                is_known,
                messages,
            } = sender;
            let places: Vec<String> = messages
                .iter()
                .take(MAX_PLACES)
                .map(|unread| unread.message.number.to_string())
                .collect();
            let more = messages.len() - places.len();
            let more = if more == 0 {
                String::new()
            } else {
                format!(" and {more} more")
            };
            let unknown = match self.country {
                Some(country) if !is_known => format!("  no institution of {country} has this sender"),
                _ => String::new(),
            };
            let places = places.join(", ");
            writeln!(f, "{:>7}  {name}  ({places}{more}){unknown}", messages.len())?;
            let contradicted = sender.count(UnrecognizedCode::Contradicted);
            if contradicted > 0 {
                writeln!(
                    f,
                    "         {contradicted} of them contradicted by a balance: a message before is missing or not read"
                )?;
            }
        }
        if let Some(more) = self.senders.len().checked_sub(MAX_SENDERS).filter(|more| *more > 0) {
            writeln!(f, "         and {more} more senders")?;
        }
        writeln!(f, "--show-unrecognized shows the texts.")
    }

    /// How to learn why a message is not read: a command of `tool` for the first sender. Nothing if no message has a
    /// sender, or if balances contradict all of them: the command compares no balances.
    pub(crate) fn how_to_explain(&self, tool: &str) -> impl fmt::Display {
        fmt::from_fn(move |f| {
            let unexplained = |sender: &&Sender<'_>| {
                !sender.name.is_empty() && sender.count(UnrecognizedCode::Contradicted) < sender.messages.len()
            };
            let Some(sender) = self.senders.iter().find(unexplained) else {
                return Ok(());
            };
            let country = self
                .country
                .map_or_else(String::new, |country| format!(" --country={country}"));
            writeln!(
                f,
                "To see why one is not read, paste this line, then the text, then press Enter and Ctrl-D:"
            )?;
            writeln!(f, "  {tool} sms explain --sender={}{country}", quoted(&sender.name))
        })
    }

    fn texts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "unrecognized, by sender:")?;
        for sender in &self.senders {
            writeln!(f, "{:>7}  {}", sender.messages.len(), sender.name)?;
            for UnreadMessage { message, .. } in &sender.messages {
                writeln!(f, "         message {}, {}", message.number, message.received_at)?;
                for line in message.body.lines() {
                    writeln!(f, "             {}", plain(line))?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(number: usize, sender: &str, body: &str) -> Imported {
        Imported {
            number,
            sender: sender.to_owned(),
            body: body.to_owned(),
            received_at: "2021-10-08T10:41:25Z".parse().expect("timestamp"),
        }
    }

    /// Only the sender of M-PESA is known.
    fn all(messages: &[Imported]) -> Vec<UnreadMessage<'_>> {
        let unread = messages.iter().map(|message| UnreadMessage {
            message,
            code: Some(if message.sender == "MPESA" {
                UnrecognizedCode::Wording
            } else {
                UnrecognizedCode::UnknownSender
            }),
        });
        unread.collect()
    }

    #[test]
    fn senders_with_most_messages_come_first_with_their_places() {
        let messages = [
            message(3, "KCB", "alpha"),
            message(5, "Absa", "two"),
            message(9, " Absa ", "three\nlines\u{1b}[2J"),
        ];
        let unread = Unread::new(&all(&messages), None);
        let places = unread.view(false).to_string();
        assert!(
            places.contains("      2  Absa  (5, 9)\n      1  KCB  (3)\n"),
            "{places}"
        );
        assert!(!places.contains("alpha"), "{places}");
        let texts = unread.view(true).to_string();
        let wanted = "      2  Absa\n         message 5, 2021-10-08T10:41:25+00:00\n             two\n";
        assert!(texts.contains(wanted), "{texts}");
        assert!(texts.contains("             lines\u{fffd}[2J\n"), "{texts}");
    }

    #[test]
    fn senders_of_institutions_come_first() {
        let messages = [
            message(1, "A Shop", "one"),
            message(2, "A Shop", "two"),
            message(3, "MPESA", "three"),
        ];
        let unread = Unread::new(&all(&messages), "KE".parse().ok());
        let places = unread.view(false).to_string();
        let wanted = "      1  MPESA  (3)\n      2  A Shop  (1, 2)  no institution of KE has this sender\n";
        assert!(places.contains(wanted), "{places}");
        let explain = unread.how_to_explain("tool").to_string();
        assert!(
            explain.contains("  tool sms explain --sender=MPESA --country=KE\n"),
            "{explain}"
        );
    }

    #[test]
    fn messages_that_a_balance_contradicts_are_told_and_not_explained() {
        let messages = [message(1, "AirtelMoney", "one"), message(2, "AirtelMoney", "two")];
        let of = |codes: [UnrecognizedCode; 2]| {
            let unread = messages.iter().zip(codes).map(|(message, code)| UnreadMessage {
                message,
                code: Some(code),
            });
            Unread::new(&unread.collect::<Vec<_>>(), "UG".parse().ok())
        };
        let one = of([UnrecognizedCode::Contradicted, UnrecognizedCode::Wording]);
        let places = one.view(false).to_string();
        let wanted = "      2  AirtelMoney  (1, 2)\n         1 of them contradicted by a balance";
        assert!(places.contains(wanted), "{places}");
        assert!(one.how_to_explain("tool").to_string().contains("AirtelMoney"));
        let both = of([UnrecognizedCode::Contradicted; 2]);
        assert_eq!(both.how_to_explain("tool").to_string(), "");
    }

    #[test]
    fn the_list_without_texts_is_limited() {
        let messages: Vec<Imported> = (0..2_000)
            .map(|number| message(number, &format!("SENDER-{}", number % 100), "text"))
            .collect();
        let places = Unread::new(&all(&messages), None).view(false).to_string();
        assert_eq!(places.lines().count(), 1 + MAX_SENDERS + 2);
        assert!(
            places.contains(" and 5 more)") && places.contains("and 50 more senders"),
            "{places}"
        );
    }
}
