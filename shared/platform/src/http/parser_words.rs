//! Messages of the JSON parser, in the terms of JSON.

use crate::shown;
use crate::wording::{Quoted, Shown};

/// The known fields that the parser lists for an unknown one; `None` for another message.
pub(super) fn known_fields(message: &str) -> Option<Vec<&str>> {
    message.strip_prefix("unknown field `")?;
    if message.ends_with(", there are no fields") {
        return Some(Vec::new());
    }
    let (_, listed) = message.rsplit_once(", expected ")?;
    Some(quoted(listed))
}

fn quoted(list: &str) -> Vec<&str> {
    list.split('`').skip(1).step_by(2).collect()
}

/// A message about a value as a sentence.
pub(super) fn in_words_of_json(message: &str) -> Shown {
    let Some((said, expected)) = message.rsplit_once(", expected ") else {
        return Shown::new(Quoted(message));
    };
    if said.starts_with("unknown variant `") {
        shown!("must be one of: {}", Quoted(&quoted(expected).join(", ")))
    } else if said.starts_with("invalid type: ") || said.starts_with("invalid value: ") {
        shown!("must be {}", Quoted(type_in_json(expected)))
    } else {
        Shown::new(Quoted(message))
    }
}

/// The JSON name of a type, for the parser's name.
fn type_in_json(expected: &str) -> &str {
    match expected {
        "a sequence" => "an array",
        "a map" => "an object",
        "a borrowed string" | "str" | "string or map" => "a string",
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "f32" | "f64" => "a number",
        _ if expected.starts_with("struct ") => "an object",
        _ => expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_the_parser_are_put_into_words_of_json() {
        for (message, words) in [
            ("invalid type: map, expected a sequence", "must be an array"),
            ("invalid type: integer `1`, expected a string", "must be a string"),
            ("invalid value: integer `300`, expected u8", "must be a whole number"),
            ("invalid type: null, expected struct Sample", "must be an object"),
            (
                "invalid type: string \"a, expected b\", expected a boolean",
                "must be a boolean",
            ),
            ("unknown variant `x`, expected `a`", "must be one of: a"),
            ("unknown variant `x`, expected `a` or `b`", "must be one of: a, b"),
            (
                "unknown variant `x`, expected one of `a`, `b`, `c`",
                "must be one of: a, b, c",
            ),
            ("must be a number", "must be a number"),
        ] {
            assert_eq!(in_words_of_json(message).as_str(), words);
        }
        for (message, known) in [
            ("unknown field `x`, expected `a` or `b`", Some(vec!["a", "b"])),
            ("unknown field `x, expected y`, expected `a`", Some(vec!["a"])),
            ("unknown field `x`, there are no fields", Some(Vec::new())),
            ("unknown variant `x`, expected `a`", None),
        ] {
            assert_eq!(known_fields(message), known);
        }
    }
}
