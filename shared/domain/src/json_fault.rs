//! Errors of the JSON parser in the terms of JSON, without texts of the input.

use std::fmt;

use serde_json::Error;

/// Why a JSON text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonFault {
    /// The text is not JSON.
    NotJson {
        /// The fault, as a clause.
        reason: &'static str,
        /// The line where reading stopped, from 1.
        line: usize,
        /// The place in the line, from 1; 0 before its first byte.
        column: usize,
    },
    /// An object lacks this member.
    Missing(String),
    /// An object has this member more than once.
    Repeated(String),
    /// An object has a member that is not among these.
    Unknown(Vec<String>),
    /// A value breaks this rule, such as `must be a string`.
    Value(String),
}

impl JsonFault {
    /// The fault that an error of the parser reports.
    pub fn of(error: &Error) -> Self {
        let text = error.to_string();
        // The parser appends line and column.
        let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
        if !error.is_data() {
            return Self::NotJson {
                reason: if error.is_eof() { ENDS_EARLY } else { reason(message) },
                line: error.line(),
                column: error.column(),
            };
        }
        let named = |kind: &str| message.strip_prefix(kind).map(|name| name.trim_matches('`').to_owned());
        if let Some(name) = named("missing field ") {
            Self::Missing(name)
        } else if let Some(name) = named("duplicate field ") {
            Self::Repeated(name)
        } else if let Some(known) = known_members(message) {
            Self::Unknown(known)
        } else {
            Self::Value(rule(message))
        }
    }
}

/// A sentence about the text, which it calls `it`.
impl fmt::Display for JsonFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { reason, line, column } => {
                write!(f, "it is not JSON: {reason} (line {line}, column {column})")
            }
            Self::Missing(name) => write!(f, "`{name}` is required"),
            Self::Repeated(name) => write!(f, "`{name}` must be given once"),
            Self::Unknown(known) if known.is_empty() => f.write_str("it has an unknown member: it takes none"),
            Self::Unknown(known) => write!(f, "it has an unknown member: it takes {}", known.join(", ")),
            Self::Value(rule) => write!(f, "a value {rule}"),
        }
    }
}

const ENDS_EARLY: &str = "it ends too early";

/// The reason why a text is not JSON, for the parser's message.
fn reason(message: &str) -> &'static str {
    match message {
        "expected value" | "expected ident" | "invalid number" => "there is no valid value",
        "key must be a string" => "the name of a member must be in double quotes",
        "expected `:`" => "a colon is missing after the name of a member",
        "expected `,` or `}`" | "expected `,` or `]`" => "a comma or a closing bracket is missing",
        "trailing comma" => "nothing follows a comma",
        "trailing characters" => "more text follows its end",
        "number out of range" => "a number is too large",
        "recursion limit exceeded" => "it is nested too deeply",
        "invalid escape" | "lone leading surrogate in hex escape" | "unexpected end of hex escape" => {
            "a string has an invalid escape"
        }
        "invalid unicode code point" => "a string is not in UTF-8",
        _ if message.starts_with("control character") => {
            "a string has a line break or another control character without an escape"
        }
        _ => "it has a fault",
    }
}

/// The known members that the parser lists for an unknown one; `None` for another message.
fn known_members(message: &str) -> Option<Vec<String>> {
    message.strip_prefix("unknown field `")?;
    if message.ends_with(", there are no fields") {
        return Some(Vec::new());
    }
    let (_, listed) = message.rsplit_once(", expected ")?;
    Some(quoted(listed).map(str::to_owned).collect())
}

fn quoted(list: &str) -> impl Iterator<Item = &str> {
    list.split('`').skip(1).step_by(2)
}

/// The rule that a value breaks, for the parser's message or that of a type of this crate.
fn rule(message: &str) -> String {
    let Some((said, expected)) = message.rsplit_once(", expected ") else {
        return message.to_owned();
    };
    let about_the_type = ["invalid type: ", "invalid value: ", "invalid length "];
    if said.starts_with("unknown variant `") {
        format!("must be one of: {}", quoted(expected).collect::<Vec<_>>().join(", "))
    } else if about_the_type.iter().any(|start| said.starts_with(start)) {
        format!("must be {}", type_in_json(expected))
    } else {
        message.to_owned()
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
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only faults are looked at")]
    struct Sample {
        name: String,
        #[serde(default)]
        sizes: Vec<f64>,
    }

    fn fault(json: &[u8]) -> JsonFault {
        JsonFault::of(&serde_json::from_slice::<Sample>(json).expect_err("faulty"))
    }

    #[test]
    fn a_text_that_is_not_json_has_a_reason_and_a_place() {
        for (json, expected, at) in [
            ("", ENDS_EARLY, (1, 0)),
            ("{", ENDS_EARLY, (1, 1)),
            ("{\n", ENDS_EARLY, (2, 0)),
            (r#"{"name":"a"#, ENDS_EARLY, (1, 10)),
            (r#"{"name":"a","sizes":[1,"#, ENDS_EARLY, (1, 23)),
            ("nope", "there is no valid value", (1, 2)),
            (r#"{"name":'a'}"#, "there is no valid value", (1, 9)),
            (r#"{"sizes":[NaN]}"#, "there is no valid value", (1, 11)),
            (r#"{"sizes":[-]}"#, "there is no valid value", (1, 12)),
            ("{name:1}", "the name of a member must be in double quotes", (1, 2)),
            (r#"{"name" 1}"#, "a colon is missing after the name of a member", (1, 9)),
            (
                "{\"name\":\"a\"\n \"b\"}",
                "a comma or a closing bracket is missing",
                (2, 2),
            ),
            (r#"{"sizes":[1 2]}"#, "a comma or a closing bracket is missing", (1, 13)),
            (r#"{"name":"a",}"#, "nothing follows a comma", (1, 13)),
            (r#"{"name":"a"} x"#, "more text follows its end", (1, 14)),
            (r#"{"sizes":[1e999]}"#, "a number is too large", (1, 15)),
            (r#"{"name":"\x"}"#, "a string has an invalid escape", (1, 11)),
            (r#"{"name":"\ud800"}"#, "a string has an invalid escape", (1, 16)),
            (
                "{\"name\":\"a\nb\"}",
                "a string has a line break or another control character without an escape",
                (2, 0),
            ),
        ] {
            let (line, column) = at;
            let reason = expected;
            assert_eq!(
                fault(json.as_bytes()),
                JsonFault::NotJson { reason, line, column },
                "{json}"
            );
        }
        let not_utf8 = fault(b"{\"name\":\"\xff\"}").to_string();
        assert!(not_utf8.contains("a string is not in UTF-8"), "{not_utf8}");
        let deep = serde_json::from_str::<serde_json::Value>(&"[".repeat(200)).expect_err("deep");
        assert!(JsonFault::of(&deep).to_string().contains("nested too deeply"));
    }

    #[test]
    fn every_fault_is_a_sentence_without_the_text() {
        for (json, sentence) in [
            ("{", "it is not JSON: it ends too early (line 1, column 1)"),
            ("{}", "`name` is required"),
            (r#"{"name":"a","name":"b"}"#, "`name` must be given once"),
            (r#"{"secret":1}"#, "it has an unknown member: it takes name, sizes"),
            (r#"{"name":["secret"]}"#, "a value must be a string"),
            (r#""secret""#, "a value must be an object"),
            ("[]", "a value must be an object"),
        ] {
            assert_eq!(fault(json.as_bytes()).to_string(), sentence, "{json}");
        }
    }

    #[test]
    fn messages_of_the_parser_are_put_into_words_of_json() {
        for (message, words) in [
            ("invalid type: map, expected a sequence", "must be an array"),
            ("invalid type: integer `1`, expected a string", "must be a string"),
            ("invalid value: integer `300`, expected u8", "must be a whole number"),
            ("invalid type: null, expected struct Sample", "must be an object"),
            (
                "invalid length 0, expected struct Sample with 2 elements",
                "must be an object",
            ),
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
            assert_eq!(rule(message), words);
        }
        for (message, known) in [
            ("unknown field `x`, expected `a` or `b`", Some(vec!["a", "b"])),
            ("unknown field `x, expected y`, expected `a`", Some(vec!["a"])),
            ("unknown field `x`, there are no fields", Some(Vec::new())),
            ("unknown variant `x`, expected `a`", None),
        ] {
            let known = known.map(|known| known.into_iter().map(str::to_owned).collect());
            assert_eq!(known_members(message), known);
        }
    }
}
