//! The fields of the credit report, from its schemas.

use serde_json::Value;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{OpenApi, RefOr};

use super::{Table, meaning, quoted};

/// The name of a table, the part of the report, and its schema.
const SECTIONS: [(&str, &str, &str); 8] = [
    ("report-meta", "meta", "CreditReportMeta"),
    ("report-user", "user", "Person"),
    ("report-depository", "depository", "Depository"),
    ("report-loan", "loan", "Loans"),
    ("report-totals", "totals_by_currency[]", "CurrencyBalances"),
    ("report-tradelines", "tradelines", "Tradelines"),
    ("report-repayments", "loan_repayments[]", "LoanRepayment"),
    ("report-unassigned", "unassigned_repayments[]", "LoanRepayment"),
];

/// The schemas whose fields have rows too.
const OPENED: [&str; 5] = [
    "DepositoryAccount",
    "LoanAccount",
    "StatusReason",
    "LateEpisode",
    "Tradeline",
];

pub(super) fn tables(document: &OpenApi) -> Vec<Table> {
    let schemas = Schemas {
        document,
        json: serde_json::to_value(document).expect("json")["components"]["schemas"].take(),
    };
    let table = |(name, part, schema)| Table {
        name,
        header: ["field", "type", "meaning"].map(str::to_owned).into(),
        rows: schemas.fields(part, schema, &[]),
        by_hand: None,
    };
    SECTIONS.map(table).into()
}

struct Schemas<'d> {
    /// Has the fields of a schema in their order.
    document: &'d OpenApi,
    json: Value,
}

impl Schemas<'_> {
    /// A row for each field of a schema, and for those of the nested schemas in [`OPENED`].
    fn fields(&self, part: &str, name: &str, seen: &[&str]) -> Vec<Vec<String>> {
        let components = self.document.components.as_ref().expect("components");
        let Some(RefOr::T(Schema::Object(object))) = components.schemas.get(name) else {
            panic!("{name} is not an object");
        };
        let mut rows = Vec::new();
        for field in object.properties.keys() {
            let schema = &self.json[name]["properties"][field];
            let place = format!("{part}.{field}");
            rows.push(vec![quoted(&place), self.kind(schema), meaning(schema)]);
            let (inner, place) = match schema["type"].as_str() {
                Some("array") => (&schema["items"], format!("{place}[]")),
                _ => (schema, place),
            };
            let target = target(inner).filter(|target| OPENED.contains(target) && !seen.contains(target));
            if let Some(target) = target {
                rows.extend(self.fields(&place, target, &[seen, &[target]].concat()));
            }
        }
        rows
    }

    /// The JSON type of a field, with `null` if it is nullable.
    fn kind(&self, schema: &Value) -> String {
        if let Some(alternatives) = schema["oneOf"].as_array() {
            let mut kinds: Vec<String> = alternatives.iter().map(|schema| self.kind(schema)).collect();
            kinds.dedup();
            return kinds.join(", ");
        }
        if let Some(target) = target(schema) {
            return self.kind(&self.json[target]);
        }
        let form = schema["format"]
            .as_str()
            .filter(|form| ["date-time", "uuid"].contains(form));
        let written = |kind: &str| match form {
            Some(form) if kind != "null" => format!("{kind} ({form})"),
            _ => kind.to_owned(),
        };
        let kinds = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).map(written).collect(),
            kind => vec![written(kind.as_str().unwrap_or("object"))],
        };
        kinds.join(", ")
    }
}

/// The name of the schema that a field refers to, if any.
fn target(schema: &Value) -> Option<&str> {
    let alternatives = schema["oneOf"].as_array().into_iter().flatten();
    let mut references = [schema]
        .into_iter()
        .chain(alternatives)
        .filter_map(|schema| schema["$ref"].as_str());
    references.next()?.rsplit('/').next()
}
