//! Enums whose OpenAPI schema explains every value. The explanation of a value is the documentation of its variant.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// Declares an enum of unit variants and its schema, under the name in front. The description of the schema is the
/// documentation of the enum, then a list of the values with the documentation of each. The values are spelled as serde
/// writes them.
///
/// ```
/// use utoipa::PartialSchema;
///
/// daftari_domain::described! { "Season";
///     /// A season of the farming year.
///     #[derive(Clone, Copy, serde::Serialize)]
///     #[serde(rename_all = "lowercase")]
///     pub enum Season {
///         /// March to May.
///         Long,
///         /// October to December.
///         Short,
///     }
/// }
///
/// let schema = serde_json::to_value(Season::schema())?;
/// assert_eq!(
///     schema["description"],
///     "A season of the farming year.\n\n- `long`: March to May.\n- `short`: October to December."
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! described {
    ($schema:literal; $(#[$($meta:tt)*])* $vis:vis enum $name:ident {
        $($(#[$($about:tt)*])* $variant:ident),* $(,)?
    }) => {
        $(#[$($meta)*])*
        $vis enum $name {
            $($(#[$($about)*])* $variant,)*
        }

        $crate::described_schema! {
            $name, $schema, $crate::documentation!($([$($meta)*])*),
            [$(($crate::described::word(&$name::$variant), $crate::documentation!($([$($about)*])*))),*]
        }
    };
}

/// Implements the schema of an enum from its documentation and that of its values.
#[doc(hidden)]
#[macro_export]
macro_rules! described_schema {
    ($name:ident, $schema:expr, $about:expr, [$(($word:expr, $meaning:expr)),*]) => {
        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema> {
                $crate::described::schema($about, [$((String::from($word), $meaning)),*])
            }
        }

        impl ::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed($schema)
            }
        }
    };
}

/// The documentation among attributes, as one text.
#[doc(hidden)]
#[macro_export]
macro_rules! documentation {
    () => { "" };
    ([doc = $line:literal] $($rest:tt)*) => { concat!($line, "\n", $crate::documentation!($($rest)*)) };
    ([$($other:tt)*] $($rest:tt)*) => { $crate::documentation!($($rest)*) };
}

/// The schema of an enum, from its documentation, and its values with theirs.
pub fn schema<const N: usize>(about: &str, values: [(String, &str); N]) -> RefOr<Schema> {
    let meanings = values
        .iter()
        .map(|(word, meaning)| format!("- `{word}`: {}", on_one_line(meaning)));
    let meanings: Vec<String> = meanings.collect();
    let description = format!("{}\n\n{}", on_one_line(about), meanings.join("\n"));
    let text = ObjectBuilder::new().schema_type(Type::String);
    let text = text.description(Some(description));
    let words = values.into_iter().map(|(word, _)| word);
    RefOr::T(Schema::from(text.enum_values(Some(words)).build()))
}

/// A value as serde writes it.
///
/// # Panics
///
/// If serde does not write it as a string. Only values of this program's own enums are described.
pub fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => panic!("a described value is not a string: {other:?}"),
    }
}

/// A documentation without its line breaks.
pub(crate) fn on_one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
