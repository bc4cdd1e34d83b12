//! The table's definition in the SAM template, the only source of its keys, index and TTL.

use daftari_platform::store::create_table::TableShape;
use serde::Deserialize;

/// The SAM template.
pub const TEMPLATE: &str = include_str!("../../template.yaml");

/// The template's definition of the table is not supported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("infra/template.yaml: {0}")]
pub struct BadTemplate(String);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Table {
    key_schema: Vec<KeyElement>,
    global_secondary_indexes: Vec<Index>,
    time_to_live_specification: TimeToLive,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Index {
    index_name: String,
    key_schema: Vec<KeyElement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyElement {
    attribute_name: String,
    key_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TimeToLive {
    attribute_name: String,
}

/// The shape of the table that the template defines.
pub fn table_shape(template: &str) -> Result<TableShape, BadTemplate> {
    let template: yaml_serde::Value = yaml_serde::from_str(template).map_err(|error| BadTemplate(error.to_string()))?;
    let properties = &template["Resources"]["Table"]["Properties"];
    let table: Table = yaml_serde::from_value(properties.clone())
        .map_err(|error| BadTemplate(format!("Resources.Table.Properties: {error}")))?;
    let indexes = table.global_secondary_indexes.into_iter();
    Ok(TableShape {
        keys: keys(table.key_schema)?,
        indexes: indexes
            .map(|index| Ok((index.index_name, keys(index.key_schema)?)))
            .collect::<Result<_, _>>()?,
        ttl_attribute: table.time_to_live_specification.attribute_name,
    })
}

fn keys(schema: Vec<KeyElement>) -> Result<(String, String), BadTemplate> {
    let name = |kind: &str| {
        let element = schema.iter().find(|element| element.key_type == kind);
        element
            .map(|element| element.attribute_name.clone())
            .ok_or_else(|| BadTemplate(format!("no {kind} key")))
    };
    Ok((name("HASH")?, name("RANGE")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_defines_the_table() {
        let shape = table_shape(TEMPLATE).expect("shape");
        assert_eq!(shape.keys, ("PK".to_owned(), "SK".to_owned()));
        assert_eq!(
            shape.indexes,
            [("GSI1".to_owned(), ("GSI1PK".to_owned(), "GSI1SK".to_owned()))]
        );
        assert_eq!(shape.ttl_attribute, "expires_at");
    }
}
