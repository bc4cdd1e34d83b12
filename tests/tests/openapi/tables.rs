//! Tables of docs/ are made from Rust: the codes of errors.md, with the cure as a last column that is written by hand,
//! and the reasons and fields of affordability in API.md.
//!
//! A table stands between `<!-- table: NAME -->` and `<!-- end -->`. `UPDATE_OPENAPI=1` writes it, with `…` for the
//! cure of a code that has none yet.

use std::collections::{BTreeSet, HashMap};

use daftari_domain::insights::affordability::request::TABLE;
use daftari_domain::insights::affordability::{AffordabilityRequest, ReasonCode};
use daftari_platform::Code;
use serde_json::{Map, Value};

/// Stands where somebody must write.
const MISSING: &str = "…";
const END: &str = "\n<!-- end -->";

struct Table {
    name: &'static str,
    header: &'static [&'static str],
    rows: Vec<Vec<String>>,
    /// The title of the last column, if it is written by hand.
    by_hand: Option<&'static str>,
}

fn problems() -> Table {
    let row = |code: Code| {
        let status = code.status().as_u16().to_string();
        [&quoted(code.as_str()), &status, code.title(), code.meaning()]
            .map(str::to_owned)
            .into()
    };
    Table {
        name: "problems",
        header: &["code", "status", "title", "meaning"],
        rows: Code::of_problems().map(row).collect(),
        by_hand: Some("cure"),
    }
}

fn rejections() -> Table {
    let row = |code: Code| vec![quoted(code.as_str()), code.meaning().to_owned()];
    Table {
        name: "rejections",
        header: &["code", "meaning"],
        rows: Code::of_rejections().map(row).collect(),
        by_hand: Some("cure"),
    }
}

fn reasons() -> Table {
    let row = |code: &ReasonCode| {
        let rule = code.rule();
        let texts = [rule.when, rule.value.to_owned(), rule.limit];
        let (code, effect) = (quoted(&json(code)), quoted(&json(&code.effect())));
        [code].into_iter().chain(texts).chain([effect]).collect()
    };
    Table {
        name: "reasons",
        header: &["code", "when", "value", "limit", "effect"],
        rows: ReasonCode::ALL.iter().map(row).collect(),
        by_hand: None,
    }
}

fn loan_request() -> Table {
    let document = serde_json::to_value(crate::document::document()).expect("json");
    let schema = &document["components"]["schemas"]["AffordabilityRequest"];
    let meaning = |name: &str| {
        let field = &schema["properties"][name];
        let alternatives = field["oneOf"].as_array().into_iter().flatten();
        let text = [field]
            .into_iter()
            .chain(alternatives)
            .find_map(|schema| schema["description"].as_str());
        let text = text
            .unwrap_or_else(|| panic!("{name} has no description"))
            .replace('\n', " ");
        // The default has a column of its own.
        let parts = text
            .split_once("; left out, ")
            .or_else(|| text.split_once(". Left out, "));
        parts.map_or(text.clone(), |(meaning, _)| format!("{meaning}."))
    };
    let rows = TABLE.iter().map(|field| {
        let texts = [&meaning(field.name), field.values, field.default].map(str::to_owned);
        [quoted(field.name)].into_iter().chain(texts).collect()
    });
    Table {
        name: "loan-request",
        header: &["field", "meaning", "values", "default"],
        rows: rows.collect(),
        by_hand: None,
    }
}

fn quoted(text: &str) -> String {
    format!("`{text}`")
}

/// The word of a value in JSON.
fn json(value: &impl serde::Serialize) -> String {
    daftari_domain::described::word(value)
}

/// A page with one of its tables as it must be.
fn with_table(page: &str, table: &Table) -> String {
    let start = format!("<!-- table: {} -->\n\n", table.name);
    let (before, rest) = page.split_once(&start).expect("the start of the table");
    let (present, after) = rest.split_once(END).expect("the end of the table");
    let table = written(table, &last_columns(present));
    format!("{before}{start}{table}{END}{after}")
}

/// The last column of a table by the first.
fn last_columns(table: &str) -> HashMap<&str, &str> {
    let rows = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let cells = rows.filter_map(|row| Some((row.split_once(" | ")?.0, row.rsplit_once(" | ")?.1)));
    cells.collect()
}

fn written(table: &Table, last_columns: &HashMap<&str, &str>) -> String {
    let line = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let header = [table.header, table.by_hand.as_slice()].concat();
    let mut text = line(&header) + "|" + &"---|".repeat(header.len()) + "\n";
    for row in &table.rows {
        assert!(row.iter().all(|cell| !cell.contains('|')), "{row:?}");
        let mut cells: Vec<&str> = row.iter().map(String::as_str).collect();
        if table.by_hand.is_some() {
            cells.push(last_columns.get(cells[0]).unwrap_or(&MISSING));
        }
        text += &line(&cells);
    }
    text
}

#[test]
fn the_tables_of_the_pages_are_made_from_the_code_and_complete() {
    for (name, tables) in [
        ("errors.md", [problems(), rejections()]),
        ("API.md", [reasons(), loan_request()]),
    ] {
        let path = crate::repository().join("docs").join(name);
        let page = std::fs::read_to_string(&path).expect("page");
        let made = tables.iter().fold(page.clone(), |page, table| with_table(&page, table));
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(&path, &made).expect("written");
        } else {
            assert!(
                page == made,
                "docs/{name} is out of date: UPDATE_OPENAPI=1 cargo test --locked -p daftari-tests --test openapi"
            );
        }
        let missing = format!("| {MISSING} |");
        let incomplete: Vec<_> = made.lines().filter(|line| line.contains(&missing)).collect();
        assert!(incomplete.is_empty(), "write the last column: {incomplete:#?}");
    }
}

#[test]
fn a_reason_and_a_field_of_the_request_have_a_row_each() {
    let document = serde_json::to_value(crate::document::document()).expect("json");
    let schemas = &document["components"]["schemas"];
    let codes: Vec<String> = ReasonCode::ALL.iter().map(json).collect();
    assert_eq!(schemas["AffordabilityReasonCode"]["enum"], Value::from(codes));
    let fields = schemas["AffordabilityRequest"]["properties"]
        .as_object()
        .expect("fields");
    let rows: BTreeSet<&str> = TABLE.iter().map(|field| field.name).collect();
    assert_eq!(fields.keys().map(String::as_str).collect::<BTreeSet<_>>(), rows);
    let required: Vec<&str> = TABLE
        .iter()
        .filter(|row| row.default == "required")
        .map(|row| row.name)
        .collect();
    assert_eq!(schemas["AffordabilityRequest"]["required"], Value::from(required));
}

#[test]
fn a_default_that_the_table_states_is_that_of_a_missing_field() {
    let required = || {
        let values = [("principal", 1.into()), ("interest_rate", 0.into()), ("term", 1.into())];
        values
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect::<Map<String, Value>>()
    };
    let read = |body: Map<String, Value>| AffordabilityRequest::read(&Value::from(body).to_string()).expect("valid");
    let mut stated = required();
    for field in TABLE {
        let value = serde_json::from_str(field.default).ok();
        let word = field.default.strip_prefix('`').and_then(|text| text.strip_suffix('`'));
        if let Some(value) = value.or_else(|| word.map(Value::from)) {
            stated.insert(field.name.to_owned(), value);
        }
    }
    assert_eq!(
        stated.len(),
        TABLE.len() - 2,
        "all but currency and utc_time: {stated:?}"
    );
    assert_eq!(read(stated), read(required()));
}
