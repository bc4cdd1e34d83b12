//! The shape of the answer.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use super::catalog::{Feature, SPANS, Windows};
use crate::ids::{OrganizationId, UserId};
use crate::insights::definition::{Definition, Unit, Values};
use crate::insights::indicators::{DAYS, Indicator};
use crate::money::DecimalNumber;
use crate::views::Warning;
use crate::{Currency, Timestamp};

/// The features of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FeatureReport {
    /// The user as registered.
    pub user: FeatureUser,
    /// The requested features, by name and window.
    pub features: FeatureValues,
    /// Further figures by name and window. Ours.
    pub insights: IndicatorValues,
    /// About the answer. Ours.
    #[serde(rename = "_meta")]
    pub meta: FeatureMeta,
    /// Hints about parameters that may be misspelt. Omitted if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// The user as registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FeatureUser {
    /// The user.
    #[schema(value_type = Uuid)]
    pub uuid: UserId,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Phone number, digits only.
    pub phone_number: String,
    /// The lender's own id of the user.
    pub external_id: Option<String>,
}

/// About the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FeatureMeta {
    /// The user.
    #[schema(value_type = Uuid)]
    pub user_uuid: UserId,
    /// The organization the user is registered with.
    #[schema(value_type = Uuid)]
    pub client_uuid: OrganizationId,
    /// The instant at which windows end. Later records are ignored.
    pub utc_time: Timestamp,
    /// The report currency: the currency of all money.
    pub currency: Option<Currency>,
    /// The timestamp of the newest record considered: of the 180 days before, of 376 with `all_time`. Null if there is
    /// none.
    pub latest_record_at: Option<Timestamp>,
    /// Days from the date of the oldest record considered to that of `utc_time`. Null if there is none.
    pub history_days: Option<i64>,
    /// How much of the money in the report currency the messages state, from 0 to 1, over the records considered. Null
    /// without a step from one stated balance to the next.
    pub completeness: Option<DecimalNumber>,
    /// Messages of the time of the records considered that were not read and may concern a loan: they mention one, or a
    /// lender sent them. The figures lack what they state.
    pub unrecognized_loan_messages: u64,
    /// The threshold of `days_balance_below_x`. Null if none was requested and no period has a record.
    pub threshold: Option<DecimalNumber>,
    /// Other currencies that records count in, by code. No sum includes them.
    pub other_currencies: Vec<Currency>,
    /// Features that the public reference names and that cannot be computed from records.
    #[schema(value_type = Vec<String>)]
    pub not_served: Vec<&'static str>,
}

/// Features by full name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FeatureValues(pub Values);

/// Indicators by full name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct IndicatorValues(pub Values);

impl PartialSchema for FeatureValues {
    fn schema() -> RefOr<Schema> {
        let mut object = ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("Features by name and window: only those that were asked for."));
        for feature in Feature::ALL.iter().copied() {
            let definition = feature.definition();
            if feature.windows() == Windows::Spans {
                for span in &SPANS {
                    object = object.property(feature.full_name(Some(span)), property(definition));
                }
            } else {
                object = object.property(feature.full_name(None), property(definition));
            }
        }
        RefOr::T(Schema::Object(object.build()))
    }
}

impl ToSchema for FeatureValues {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("FeatureValues")
    }
}

impl PartialSchema for IndicatorValues {
    fn schema() -> RefOr<Schema> {
        let mut object = ObjectBuilder::new().schema_type(Type::Object).description(Some(
            "Figures that lenders ask for beyond the features, by name and window.",
        ));
        for indicator in Indicator::ALL.iter().copied() {
            let windows = DAYS.iter().map(|days| Some(*days)).filter(|_| indicator.has_windows());
            let none = std::iter::once(None).filter(|_| !indicator.has_windows());
            for days in windows.chain(none) {
                object = object.property(indicator.full_name(days), property(indicator.definition()));
            }
        }
        RefOr::T(Schema::Object(object.build()))
    }
}

impl ToSchema for IndicatorValues {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("IndicatorValues")
    }
}

fn property(definition: &Definition) -> Schema {
    let kind = match definition.unit {
        Unit::Currency => Type::String,
        unit if unit.is_whole() => Type::Integer,
        _ => Type::Number,
    };
    let text = format!("{} In {}; {}.", definition.definition, definition.unit, definition.null);
    let object = ObjectBuilder::new().schema_type(SchemaType::from_iter([kind, Type::Null]));
    Schema::Object(object.description(Some(text)).build())
}
