//! Rules for all schemas, which the annotations of single types do not express.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use utoipa::Number;
use utoipa::ToSchema;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::external_docs::ExternalDocsBuilder;
use utoipa::openapi::schema::{ArrayItems, Schema};
use utoipa::openapi::{OpenApi, RefOr};

/// Suffix of counts of omitted list elements. Such a member is absent if the list is complete.
const OMITTED: &str = "_omitted";

/// Hints beside an answer. The member is absent if there are none.
const WARNINGS: &str = "warnings";

/// Members that an answer has only on request, or only if they are known, by schema.
const OPTIONAL: [(&str, &[&str]); 12] = [
    // A frozen report has the members of its time.
    ("CreditReport", &["unassigned_repayments"]),
    ("CreditReportMeta", &["completeness"]),
    ("CurrencyBalances", &["unassigned_repayments"]),
    ("DepositoryAccount", &["same_balance_as"]),
    ("LateEpisode", &["due_date", "due_record_id"]),
    ("LoanAccount", &["due_date", "due_record_id"]),
    ("LedgerPage", &["_meta"]),
    ("IncomeReport", &["streams_left_out"]),
    ("RecurringReport", &["streams_left_out"]),
    ("MessageBatchResult", &["readings"]),
    ("LedgerRecord", &["fee", "reference", "counterparty", "due_date"]),
    ("WholeRecord", &["fee", "reference", "counterparty", "due_date"]),
];

/// Completes all schemas.
pub(crate) fn complete(document: &mut OpenApi) {
    require(document);
    let components = document.components.get_or_insert_default();
    components.schemas.values_mut().for_each(state_limits);
    link_errors(document);
}

/// Links the schema of problems to the page that explains each code.
fn link_errors(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let Some(RefOr::T(Schema::Object(problem))) = components.schemas.get_mut("Problem") else {
        panic!("there is no schema Problem");
    };
    let page = ExternalDocsBuilder::new()
        .url(concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/errors.md"))
        .description(Some("Every code, with its meaning and its cure"))
        .build();
    // Schemas of utoipa have no field for it, but an extension may have any name.
    let page = serde_json::to_value(page).expect("json");
    problem.extensions = Some(Extensions::from_iter([("externalDocs", page)]));
}

/// Marks members of answers as required. An answer contains every other member, and a missing value is null. Only
/// requests may leave members out.
fn require(document: &mut OpenApi) {
    add::<daftari_platform::http::Problem>(document);
    let incoming = reachable_from_bodies(document);
    // A problem without field errors leaves out `errors`. Features are only the requested ones, and two indicators need
    // a longer time.
    let exceptions = ["Problem", "FeatureValues", "IndicatorValues"];
    let components = document.components.get_or_insert_default();
    for (name, schema) in &mut components.schemas {
        if !incoming.contains(name) && !exceptions.contains(&name.as_str()) {
            let optional = OPTIONAL.iter().find(|(known, _)| known == name);
            require_all(schema, optional.map_or(&[], |(_, members)| members));
        }
    }
    for (name, members) in OPTIONAL {
        let Some(schema) = components.schemas.get(name) else {
            panic!("there is no schema {name}");
        };
        for member in members {
            assert!(has_member(schema, member), "{name} has no {member}");
        }
    }
}

fn add<T: ToSchema>(document: &mut OpenApi) {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    let components = document.components.get_or_insert_default();
    components.schemas.extend(schemas);
}

fn has_member(schema: &RefOr<Schema>, member: &str) -> bool {
    match schema {
        RefOr::T(Schema::Object(object)) => object.properties.contains_key(member),
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter().any(|part| has_member(part, member)),
        _ => false,
    }
}

fn require_all(schema: &mut RefOr<Schema>, optional: &[&str]) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            let members = object.properties.keys();
            let is_rare = |name: &str| name.ends_with(OMITTED) || name == WARNINGS || optional.contains(&name);
            let always = members.filter(|name| !is_rare(name));
            object.required = always.cloned().collect();
            object
                .properties
                .values_mut()
                .for_each(|member| require_all(member, &[]));
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                require_all(items, &[]);
            }
        }
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter_mut().for_each(|part| require_all(part, optional)),
        _ => {}
    }
}

/// Replaces the extensions that state limits by these limits. The attributes of utoipa take limits as literals only,
/// but extensions as expressions: so annotations name the constants that the code checks.
fn state_limits(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            for (name, most) in limits(object.extensions.take()) {
                match name.as_str() {
                    "x-max-length" => object.max_length = Some(most),
                    "x-maximum" => object.maximum = Some(Number::UInt(most)),
                    _ => panic!("{name} is not a limit of a value"),
                }
            }
            object.properties.values_mut().for_each(state_limits);
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                state_limits(items);
            }
        }
        Schema::OneOf(parts) => parts.items.iter_mut().for_each(state_limits),
        Schema::AllOf(parts) => parts.items.iter_mut().for_each(state_limits),
        Schema::AnyOf(parts) => parts.items.iter_mut().for_each(state_limits),
        _ => {}
    }
}

fn limits(extensions: Option<Extensions>) -> impl Iterator<Item = (String, usize)> {
    let stated = extensions.into_iter().flat_map(HashMap::from);
    stated.map(|(name, most)| {
        let most = most.as_u64().and_then(|most| usize::try_from(most).ok());
        (name, most.expect("a limit is a whole number"))
    })
}

/// Names of the schemas that request bodies use.
fn reachable_from_bodies(document: &OpenApi) -> BTreeSet<String> {
    let document = serde_json::to_value(document).expect("json");
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.values().filter_map(Value::as_object).flatten();
    let mut waiting: Vec<&Value> = operations.map(|(_, operation)| &operation["requestBody"]).collect();
    let mut found = BTreeSet::new();
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                let target = members.get("$ref").and_then(Value::as_str);
                let name = target.and_then(|target| target.strip_prefix("#/components/schemas/"));
                if let Some(name) = name
                    && found.insert(name.to_owned())
                {
                    waiting.push(&document["components"]["schemas"][name]);
                }
                waiting.extend(members.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    found
}
