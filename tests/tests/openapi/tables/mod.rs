//! Tables of docs/ that are made from Rust and the OpenAPI document.
//!
//! A table stands between `<!-- table: NAME -->` and `<!-- end -->`. `UPDATE_OPENAPI=1` writes it. The last column of
//! some tables is written by hand, such as the cure of a code; `…` stands in a new row.

mod loan_status;
mod report;

use std::collections::{BTreeSet, HashMap};

use daftari_domain::Label;
use daftari_domain::insights::affordability::request::TABLE;
use daftari_domain::insights::affordability::{AffordabilityRequest, ReasonCode};
use daftari_platform::Code;
use serde_json::{Map, Value};

/// Stands where somebody must write.
const MISSING: &str = "…";
const START: &str = "<!-- table: ";
const END: &str = "\n<!-- end -->";

struct Table {
    name: &'static str,
    header: Vec<String>,
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
        header: ["code", "status", "title", "meaning"].map(str::to_owned).into(),
        rows: Code::of_problems().map(row).collect(),
        by_hand: Some("cure"),
    }
}

fn rejections() -> Table {
    let row = |code: Code| vec![quoted(code.as_str()), code.meaning().to_owned()];
    Table {
        name: "rejections",
        header: ["code", "meaning"].map(str::to_owned).into(),
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
        header: ["code", "when", "value", "limit", "effect"].map(str::to_owned).into(),
        rows: ReasonCode::ALL.iter().map(row).collect(),
        by_hand: None,
    }
}

fn loan_request() -> Table {
    let document = serde_json::to_value(crate::document::document()).expect("json");
    let schema = &document["components"]["schemas"]["AffordabilityRequest"];
    let meaning = |name: &str| {
        let text = meaning(&schema["properties"][name]);
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
        header: ["field", "meaning", "values", "default"].map(str::to_owned).into(),
        rows: rows.collect(),
        by_hand: None,
    }
}

/// The values of an enum with their meanings, from its schema.
fn words(document: &Value, name: &'static str, schema: &str, title: &str) -> Table {
    let schema = &document["components"]["schemas"][schema];
    let lines = schema["description"].as_str().expect("a description").lines();
    let meanings = lines.filter_map(|line| line.strip_prefix("- ")?.split_once(": "));
    let row = |(word, meaning): (&str, &str)| vec![word.to_owned(), meaning.to_owned()];
    let rows: Vec<Vec<String>> = meanings.map(row).collect();
    assert_eq!(
        rows.len(),
        schema["enum"].as_array().map_or(0, Vec::len),
        "{name}: {rows:?}"
    );
    Table {
        name,
        header: vec![title.to_owned(), "meaning".to_owned()],
        rows,
        by_hand: None,
    }
}

/// The description of a field on one line.
fn meaning(field: &Value) -> String {
    let alternatives = field["oneOf"].as_array().into_iter().flatten();
    let mut schemas = [field].into_iter().chain(alternatives);
    let text = schemas.find_map(|schema| schema["description"].as_str());
    let words = text
        .unwrap_or_else(|| panic!("{field} has no description"))
        .split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

fn quoted(text: &str) -> String {
    format!("`{text}`")
}

/// The word of a value in JSON.
fn json(value: &impl serde::Serialize) -> String {
    daftari_domain::described::word(value)
}

/// All tables.
fn tables() -> Vec<Table> {
    let document = crate::document::document();
    let json = serde_json::to_value(&document).expect("json");
    let words = |name, schema, title| words(&json, name, schema, title);
    let labels = Table {
        by_hand: Some("example of a text"),
        ..words("labels", "Label", "label")
    };
    let mut tables = vec![
        problems(),
        rejections(),
        reasons(),
        loan_request(),
        labels,
        words("reason-effects", "AffordabilityReasonEffect", "effect"),
        words("not-financial", "NotFinancialCode", "code"),
        words("unrecognized", "UnrecognizedCode", "code"),
        loan_status::table(),
    ];
    tables.extend(report::tables(&document));
    tables
}

/// A page with its tables as they must be, and the names of these tables.
fn with_tables<'p>(page: &'p str, tables: &[Table]) -> (String, Vec<&'p str>) {
    let mut parts = page.split(START);
    let mut made = parts.next().unwrap_or_default().to_owned();
    let mut names = Vec::new();
    for part in parts {
        let (name, rest) = part.split_once(" -->\n\n").expect("the name of the table");
        let (present, after) = rest.split_once(END).expect("the end of the table");
        let table = tables.iter().find(|table| table.name == name);
        let table = table.unwrap_or_else(|| panic!("there is no table {name}"));
        let table = written(table, &last_columns(present));
        made += &format!("{START}{name} -->\n\n{table}{END}{after}");
        names.push(name);
    }
    (made, names)
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
    let header = table.header.iter().map(String::as_str).chain(table.by_hand);
    let header: Vec<&str> = header.collect();
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
    let tables = tables();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(crate::repository().join("docs")).expect("docs") {
        let path = entry.expect("entry").path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let page = std::fs::read_to_string(&path).expect("page");
        let (made, names) = with_tables(&page, &tables);
        found.extend(names.into_iter().map(str::to_owned));
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(&path, &made).expect("written");
        } else {
            assert!(
                page == made,
                "{} is out of date: UPDATE_OPENAPI=1 cargo test --locked -p daftari-tests --test openapi",
                path.display()
            );
        }
        let missing = format!("| {MISSING} |");
        let incomplete: Vec<_> = made.lines().filter(|line| line.contains(&missing)).collect();
        assert!(incomplete.is_empty(), "write the last column: {incomplete:#?}");
    }
    found.sort();
    let mut wanted: Vec<&str> = tables.iter().map(|table| table.name).collect();
    wanted.sort_unstable();
    assert_eq!(found, wanted, "each table is in one page");
}

#[test]
fn the_guide_to_institutions_names_every_label() {
    let path = crate::repository().join("docs/adding-an-institution.md");
    let guide = std::fs::read_to_string(path).expect("page");
    let missing = Label::ALL
        .iter()
        .map(|label| quoted(label.as_str()))
        .find(|label| !guide.contains(label));
    assert_eq!(missing, None);
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
