//! Parts of a text that are not words: dates, times, links, short codes, masks, references. Most functions look at one
//! place and return the end of the part there. Places are in bytes.

use daftari_domain::Date;

use super::tables::{MONTH_BEGINNINGS, MONTH_NUMBERS, MONTHS};
use crate::words::WORDS;

pub(super) fn digit(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(u8::is_ascii_digit)
}

pub(super) fn letter(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(u8::is_ascii_alphabetic)
}

/// Whether a letter of any script or a digit is at a place. All bytes above ASCII count as letters, because the lexer
/// looks for currency signs first.
pub(super) fn wordly(text: &[u8], at: usize) -> bool {
    text.get(at)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
}

fn is(text: &[u8], at: usize, any: &[u8]) -> bool {
    text.get(at).is_some_and(|byte| any.contains(byte))
}

/// The number of digits from a place on.
pub(super) fn digits(text: &[u8], at: usize) -> usize {
    text[at.min(text.len())..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

fn starts_with_ignoring_case(text: &[u8], at: usize, word: &str) -> bool {
    text.get(at..at + word.len())
        .is_some_and(|piece| piece.eq_ignore_ascii_case(word.as_bytes()))
}

/// The end of the longest name of a month at a place.
pub(super) fn month(text: &[u8], at: usize) -> Option<usize> {
    let mut named = MONTH_BEGINNINGS.of(MONTHS, text.get(at..)?).iter();
    let found = named.find(|name| starts_with_ignoring_case(text, at, name))?;
    Some(at + found.len())
}

/// The place behind the ending of an ordinal such as "th"; the same place if there is none.
pub(super) fn ordinal(text: &[u8], at: usize) -> usize {
    let behind = |end: &&&str| starts_with_ignoring_case(text, at, end) && !letter(text, at + end.len());
    at + WORDS.ordinal.iter().find(behind).map_or(0, |end| end.len())
}

/// The end of a date, and whether a calendar may have such a day and month.
pub(super) fn date(text: &[u8], at: usize) -> Option<(usize, bool)> {
    numeric_date(text, at).or_else(|| named_date(text, at).map(|end| (end, true)))
}

fn number(text: &[u8], at: usize, len: usize) -> u32 {
    text[at..at + len]
        .iter()
        .fold(0, |value, byte| value * 10 + u32::from(byte - b'0'))
}

/// A date in digits: `2026-05-01T10:00:00Z`, `1/5/26`, `01-05-2026`, `1.5.2026`.
fn numeric_date(text: &[u8], at: usize) -> Option<(usize, bool)> {
    let first = digits(text, at);
    let mark = at + first;
    if !(1..=4).contains(&first) || first == 3 || !is(text, mark, b"-/.") {
        return None;
    }
    let separator = text[mark];
    let second = digits(text, mark + 1);
    let mark_2 = mark + 1 + second;
    if !(1..=2).contains(&second) || text.get(mark_2) != Some(&separator) {
        return None;
    }
    let third = digits(text, mark_2 + 1);
    let end = mark_2 + 1 + third;
    let (a, b) = (number(text, at, first), number(text, mark + 1, second));
    if first == 4 {
        if separator == b'.' || !(1..=2).contains(&third) {
            return None;
        }
        let day = number(text, mark_2 + 1, third);
        let possible = (1..=12).contains(&b) && (1..=31).contains(&day);
        let end = if is(text, end, b"T ") {
            time(text, end + 1).map_or(end, |end| if is(text, end, b"Z") { end + 1 } else { end })
        } else {
            end
        };
        return Some((end, possible));
    }
    if third != 2 && third != 4 {
        return None;
    }
    let day = |value: u32| (1..=31).contains(&value);
    let month = |value: u32| (1..=12).contains(&value);
    let month_first = separator == b'/' && goes_on_in_american(text, end);
    Some((end, (day(a) && month(b)) || (month_first && month(a) && day(b))))
}

/// Whether a date goes on as the short form of the locale en-US does: `5/30/26, 10:01 AM`. In other forms the day is
/// first.
fn goes_on_in_american(text: &[u8], end: usize) -> bool {
    let hours = end + 2;
    let minutes = hours + digits(text, hours) + 1;
    is(text, end, b",")
        && is(text, end + 1, b" ")
        && is(text, minutes - 1, b":")
        && digits(text, minutes) == 2
        && half_of_day(text, minutes + 2).is_some()
}

/// Day, month and year of a date in digits. A date that does not begin with the year is read as day, month, year.
pub(super) fn day_month_year(text: &[u8]) -> Option<(u32, u32, u32)> {
    let (end, _) = numeric_date(text, 0)?;
    let parts: Vec<u32> = text[..end]
        .split(|byte| !byte.is_ascii_digit())
        .take(3)
        .map(|part| number(part, 0, part.len()))
        .collect();
    let [first, month, last] = <[u32; 3]>::try_from(parts).ok()?;
    Some(match (first, last) {
        (32.., _) => (last, month, first),
        _ => (first, month, full_year(last)),
    })
}

/// A date that states its year, and its end.
pub(crate) fn full_date(text: &[u8], at: usize) -> Option<(usize, Date)> {
    let (end, day, month, year) = match numeric_date(text, at) {
        Some((end, _)) => {
            let (day, month, year) = day_month_year(&text[at..end])?;
            (end, day, month, year)
        }
        None => day_of_named_month(text, at)?,
    };
    let date = Date::of_calendar(i32::try_from(year).ok()?, month, day)?;
    Some((end, date))
}

/// End, day, month and year of a date with the name of a month.
fn day_of_named_month(text: &[u8], at: usize) -> Option<(usize, u32, u32, u32)> {
    let end = named_date(text, at)?;
    let mut numbers = text[at..end]
        .split(|byte| !byte.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| number(part, 0, part.len()));
    let (day, year) = (numbers.next()?, numbers.next()?);
    let name = (at..end).find(|place| letter(text, *place) && month(text, *place).is_some())?;
    let name = &text[name..month(text, name)?];
    let index = MONTHS
        .iter()
        .position(|month| name.eq_ignore_ascii_case(month.as_bytes()))?;
    Some((end, day, u32::from(*MONTH_NUMBERS.get(index)?), full_year(year)))
}

/// A year of two digits is one of this century.
const fn full_year(year: u32) -> u32 {
    if year < 100 { year + 2_000 } else { year }
}

/// A date with the name of a month: `1 May 2026`, `13-JUN-2026`, `9th Jul`, `May 1, 2026`.
fn named_date(text: &[u8], at: usize) -> Option<usize> {
    let len = digits(text, at);
    if (1..=2).contains(&len) {
        let mut place = ordinal(text, at + len);
        if is(text, place, b" /.-") {
            place += 1;
        }
        let named = month(text, place)?;
        let year = (0..=2)
            .take_while(|gap| (0..*gap).all(|back| is(text, named + back, b" ,./-")))
            .map(|gap| named + gap)
            .filter(|place| digits(text, *place) == 4 || (digits(text, *place) == 2 && !is(text, place + 2, b".:,")))
            .last();
        return match year {
            Some(place) => Some(place + digits(text, place)),
            None if letter(text, named) => None,
            None => Some(named),
        };
    }
    let mut place = month(text, at)?;
    if is(text, place, b".") {
        place += 1;
    }
    if !is(text, place, b" ") || !(1..=2).contains(&digits(text, place + 1)) {
        return None;
    }
    place = ordinal(text, place + 1 + digits(text, place + 1));
    // Without a year the number may be an amount: "cash out 50".
    let comma = if is(text, place, b",") { place + 1 } else { place };
    (is(text, comma, b" ") && digits(text, comma + 1) == 4).then_some(comma + 5)
}

/// A time of day: `10:15`, `7:08 PM`, `08:10:45`, `10.30am`, `4pm`, `10h15`, `1400 hrs`.
pub(super) fn time(text: &[u8], at: usize) -> Option<usize> {
    let hours = digits(text, at);
    if hours == 4 {
        let place = if is(text, at + 4, b" ") { at + 5 } else { at + 4 };
        let mark = WORDS
            .behind_hours
            .iter()
            .find(|mark| starts_with_ignoring_case(text, place, mark));
        return mark.map(|mark| place + mark.len());
    }
    if !(1..=2).contains(&hours) {
        return None;
    }
    let mut end = at + hours;
    if is(text, end, b":") && (1..=2).contains(&digits(text, end + 1)) {
        end += 1 + digits(text, end + 1);
        if is(text, end, b":") && digits(text, end + 1) == 2 {
            end += 3;
            // Three digits or more behind a point are a fraction of the second. Fewer digits are another number.
            let fraction = digits(text, end + 1);
            let more = end + 1 + fraction;
            if is(text, end, b".") && fraction >= 3 && !is(text, more, b".,") {
                end = more;
            }
        }
        end = half_of_day(text, end).unwrap_or(end);
        let zone = if is(text, end, b" ") { end + 1 } else { end };
        let named = WORDS
            .behind_time
            .iter()
            .find(|name| starts_with_ignoring_case(text, zone, name) && !wordly(text, zone + name.len()));
        return Some(named.map_or(end, |name| zone + name.len()));
    }
    let sign = WORDS
        .hour_signs
        .iter()
        .find(|sign| starts_with_ignoring_case(text, end, sign) && digits(text, end + sign.len()) == 2);
    if let Some(sign) = sign {
        let end = end + sign.len() + 2;
        let mut marks = WORDS.behind_minutes.iter();
        let mark = marks.find(|mark| starts_with_ignoring_case(text, end, mark));
        return Some(mark.map_or(end, |mark| end + mark.len()));
    }
    if is(text, end, b".") && digits(text, end + 1) == 2 {
        return half_of_day(text, end + 3);
    }
    half_of_day(text, end)
}

/// A mark of the half of the day: ` PM`, `am`, ` p.m.`. Operators leave out the space behind capitals: `PMWithdraw`.
fn half_of_day(text: &[u8], at: usize) -> Option<usize> {
    let at = if is(text, at, b" ") { at + 1 } else { at };
    // Of "a.m" and "a.m.", the longer one.
    let ends = WORDS.half_day.iter().filter_map(|mark| {
        if !starts_with_ignoring_case(text, at, mark) {
            return None;
        }
        let end = at + mark.len();
        let capitals = text[at..end].iter().all(u8::is_ascii_uppercase);
        let glued = capitals && text.get(end).is_some_and(u8::is_ascii_uppercase);
        let pointed = mark.contains('.');
        (pointed || !wordly(text, end) || glued).then_some(end)
    });
    ends.max()
}

/// A short code to dial: `*334#`, `*737*2#`, `#150#`.
pub(super) fn short_code(text: &[u8], at: usize) -> Option<usize> {
    if !is(text, at, b"*#") {
        return None;
    }
    let first = digits(text, at + 1);
    let mut end = at + 1 + first;
    if !(2..=4).contains(&first) {
        return None;
    }
    let mut groups = 0;
    while is(text, end, b"*") && wordly(text, end + 1) {
        let len = text[end + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        end += 1 + len;
        groups += 1;
    }
    let closing = if is(text, end, b"*") { end + 1 } else { end };
    if is(text, closing, b"#") {
        return Some(closing + 1);
    }
    let bare = (text[at] == b'*' && groups > 0) || (text[at] == b'#' && first == 3 && !wordly(text, end));
    bare.then_some(end)
}

/// An operator's own mark, which separates the words around it: `*165*S*`, `*EN#`.
pub(super) fn operator_mark(text: &[u8], at: usize) -> Option<usize> {
    let place = if is(text, at, b"*") { at + 1 } else { at };
    let tagged = WORDS
        .operator_tags
        .iter()
        .find(|tag| text[place..].starts_with(tag.as_bytes()));
    if let Some(tag) = tagged {
        return Some(place + tag.len());
    }
    if !is(text, at, b"*") {
        return None;
    }
    let starts_with =
        |place: usize, mark: &str| text.get(place..).is_some_and(|rest| rest.starts_with(mark.as_bytes()));
    if let Some(mark) = WORDS.operator_marks.iter().find(|mark| starts_with(at, mark)) {
        return Some(at + mark.len());
    }
    let end = at + 4;
    if digits(text, at + 1) != 3 || !is(text, end, b"*") {
        return None;
    }
    let mut marks = WORDS.numbered_marks.iter();
    let mark = marks.find(|mark| starts_with(end + 1, mark));
    let end = end + 1 + mark.map_or(0, |mark| mark.len());
    wordly(text, end).then_some(end)
}

fn until_space(text: &[u8], at: usize) -> usize {
    let mut end = at + text[at..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
    while end > at && is(text, end - 1, b".,;)!'\"") {
        end -= 1;
    }
    end
}

/// A link or an email address. A host that begins with a digit does not count, because it may be a number.
pub(super) fn link(text: &[u8], at: usize) -> Option<usize> {
    if ["http://", "https://", "www."]
        .iter()
        .any(|head| starts_with_ignoring_case(text, at, head))
    {
        return Some(until_space(text, at));
    }
    let end = until_space(text, at);
    let piece = &text[at..end];
    // Every host has a point; most words have none.
    if !piece.contains(&b'.') {
        return None;
    }
    if let Some(sign) = piece.iter().position(|byte| *byte == b'@') {
        let host = &piece[sign + 1..];
        if sign > 0
            && host.contains(&b'.')
            && piece[..sign]
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._+-".contains(byte))
        {
            return Some(end);
        }
    }
    if digit(text, at) {
        return None;
    }
    let host = piece
        .iter()
        .position(|byte| matches!(byte, b'/' | b':'))
        .unwrap_or(piece.len());
    let host_text = std::str::from_utf8(&piece[..host]).ok()?;
    let (name, ending) = host_text.rsplit_once('.')?;
    let hostly = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    // "Confirmed.To" is not a link: the capital begins a sentence.
    let sentence =
        ending.starts_with(|c: char| c.is_ascii_uppercase()) && !name.bytes().all(|byte| !byte.is_ascii_lowercase());
    let known = WORDS
        .link_endings
        .iter()
        .any(|known| known.eq_ignore_ascii_case(ending));
    (known && !sentence && name.split('.').all(hostly)).then_some(end)
}

/// A number with hidden digits: `****567`, `1000***9388`, `XX345`, `0170*****7302`, `01J****550`, `**** **** 0042`. It
/// has at least three characters.
pub(super) fn mask(text: &[u8], at: usize) -> Option<usize> {
    let dots = |at: usize| text[at..].starts_with(b"..");
    let lead = masked_lead(text, at);
    let begins = at + lead;
    let hides = is(text, begins, b"*#")
        || (is(text, begins, b"xX") && is(text, begins + 1, b"xX"))
        || dots(begins.min(text.len()))
        || (lead == 0 && is(text, begins, b"xX") && digits(text, begins + 1) >= 3);
    if !hides {
        return None;
    }
    let mut end = begins;
    while end < text.len() && (digit(text, end) || is(text, end, b"*#xX.-")) {
        end += 1;
    }
    while end > begins && is(text, end - 1, b".-") {
        end -= 1;
    }
    let found = &text[at..end];
    let hidden = found.iter().filter(|byte| b"*#xX".contains(byte)).count();
    let shown = found.iter().any(u8::is_ascii_digit);
    if found.len() < 3 || !(shown || hidden >= 3) || wordly(text, end) {
        return None;
    }
    Some(if shown { end } else { behind_hidden_groups(text, end) })
}

/// How many characters stand before the hidden part of a mask: digits, and in the number of an account also capital
/// letters.
fn masked_lead(text: &[u8], at: usize) -> usize {
    let plain = digits(text, at);
    let written = text[at..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        .count();
    let number = digit(text, at) && (3..=8).contains(&written) && text[at + written..].starts_with(b"**");
    if number { written } else { plain }
}

/// The end of a number in groups whose first group is hidden: `**** **** 0042`, `**** 0042`.
fn behind_hidden_groups(text: &[u8], end: usize) -> usize {
    let mut next = end;
    while is(text, next, b" ") {
        let hidden = text[next + 1..].iter().take_while(|byte| **byte == b'*').count();
        let shown = digits(text, next + 1);
        let after = next + 1 + hidden.max(shown);
        if hidden >= 2 && !wordly(text, after) {
            next = after;
        } else if shown == 4 && !wordly(text, after) && !(is(text, after, b".,-/:") && digit(text, after + 1)) {
            return after;
        } else {
            return end;
        }
    }
    end
}

/// A reference: letters and digits, perhaps with `.`, `_` or `-` inside.
pub(super) fn reference(text: &[u8], at: usize) -> Option<usize> {
    let mut end = at;
    loop {
        let len = text[end..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        if len == 0 {
            break;
        }
        end += len;
        // A word that follows a full stop begins a sentence: "GWX178.Umepokea".
        let after = text.get(end + 1..).unwrap_or_default();
        let titled =
            after.first().is_some_and(u8::is_ascii_uppercase) && after.get(1).is_some_and(u8::is_ascii_lowercase);
        if !(is(text, end, b"._-") && wordly(text, end + 1)) || (is(text, end, b".") && titled) {
            break;
        }
        end += 1;
    }
    while end > at && is(text, end - 1, b"._-") {
        end -= 1;
    }
    let found = &text[at..end];
    if found.len() < 2 || !found.iter().any(u8::is_ascii_digit) || !found.iter().any(u8::is_ascii_alphabetic) {
        return None;
    }
    // "250.00MT": an amount in a currency that the country does not know.
    let whole = digits(found, 0);
    let decimals = if whole > 0 && found.get(whole) == Some(&b'.') {
        digits(found, whole + 1)
    } else {
        0
    };
    if (1..=2).contains(&decimals) && found[whole + 1 + decimals..].iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    // "No.109xx27": an abbreviation and the number behind it.
    let first = found.iter().position(|byte| *byte == b'.').unwrap_or(found.len());
    if first < found.len() && found[..first].iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    // A word directly behind a long number is not a part of the reference.
    let lead = digits(text, at);
    let rest = &text[at + lead..end];
    let word = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if lead >= 6 && word == rest.len() && word >= 3 && rest[1..].iter().all(u8::is_ascii_lowercase) {
        return Some(at + lead);
    }
    let alternates = found.windows(3).any(|three| {
        let kind = |byte: u8| byte.is_ascii_digit();
        kind(three[0]) == kind(three[2]) && kind(three[0]) != kind(three[1])
    });
    let headed = {
        let head = found.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
        head >= 1 && found[head..].iter().filter(|byte| byte.is_ascii_digit()).count() >= 2
    };
    (found.len() >= 6 || alternates || headed).then_some(end)
}

/// Whether the text contains an impossible date such as 31/25/2026. The rest of such a text is not reliable either.
pub(crate) fn has_impossible_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len()).any(|at| {
        let begins = digit(bytes, at)
            && (at == 0
                || !(wordly(bytes, at - 1) || matches!(bytes[at - 1], b'/' | b'-' | b'.' | b',' | b'*' | b'#')));
        begins
            && date(bytes, at).is_some_and(|(end, possible)| {
                !possible && !wordly(bytes, end) && !matches!(bytes.get(end), Some(b'/' | b'-' | b'*' | b'#'))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dated(text: &str) -> Option<(&str, bool)> {
        date(text.as_bytes(), 0).map(|(end, possible)| (&text[..end], possible))
    }

    #[test]
    fn dates_are_read_and_impossible_ones_told() {
        assert_eq!(dated("07-08-2026 at"), Some(("07-08-2026", true)));
        assert_eq!(dated("31/25/26 at"), Some(("31/25/26", false)));
        assert_eq!(dated("4/25/26 at 7:08 PM"), Some(("4/25/26", false)));
        assert_eq!(dated("07-25-2026, 7:08 PM"), Some(("07-25-2026", false)));
        assert_eq!(dated("5/30/26, 10:01 AM"), Some(("5/30/26", true)));
        assert_eq!(dated("2026-25-01"), Some(("2026-25-01", false)));
        assert_eq!(dated("2026-05-01 10:15:00 x"), Some(("2026-05-01 10:15:00", true)));
        assert_eq!(dated("07-May-2025"), Some(("07-May-2025", true)));
        assert_eq!(dated("9th Jul 2026 at"), Some(("9th Jul 2026", true)));
        assert_eq!(dated("1,200.50"), None);
    }

    #[test]
    fn times_do_not_swallow_numbers() {
        let timed = |text: &str| time(text.as_bytes(), 0).map(|end| text[..end].to_owned());
        assert_eq!(timed("10:15.500").as_deref(), Some("10:15"));
        assert_eq!(timed("7:17 PMWithdraw").as_deref(), Some("7:17 PM"));
        assert_eq!(timed("10:15.Thank").as_deref(), Some("10:15"));
        assert_eq!(timed("500 to"), None);
    }

    #[test]
    fn masks_links_and_references_hold_no_words() {
        let ends =
            |f: fn(&[u8], usize) -> Option<usize>, text: &str| f(text.as_bytes(), 0).map(|end| text[..end].to_owned());
        assert_eq!(ends(mask, "145******971 on").as_deref(), Some("145******971"));
        assert_eq!(ends(mask, "...").as_deref(), None);
        assert_eq!(ends(link, "gtbank.com.").as_deref(), Some("gtbank.com"));
        assert_eq!(ends(link, "Confirmed.To check"), None);
        assert_eq!(ends(short_code, "*334#OK").as_deref(), Some("*334#"));
        assert_eq!(ends(reference, "UH72AB3CDE on").as_deref(), Some("UH72AB3CDE"));
        assert_eq!(ends(reference, "GWX_178.Umepokea").as_deref(), Some("GWX_178"));
    }
}
