//! The match of a template.

use crate::tables::{FieldId, Template};

/// A template that matches a text as a whole.
#[derive(Debug)]
pub(crate) struct Match<'t> {
    pub(crate) template: &'static Template,
    /// The text of each field; `None` if the field is in an optional part that the message leaves out.
    pub(crate) values: Vec<Option<&'t str>>,
}

impl<'t> Match<'t> {
    /// The first value of the field `id`, with its index among the fields. Several alternatives of a pattern may hold
    /// the field.
    pub(crate) fn value(&self, id: FieldId) -> Option<(usize, &'t str)> {
        let fields = self.template.fields().iter().zip(&self.values).enumerate();
        fields
            .filter(|(_, (field, _))| field.id == id)
            .find_map(|(index, (_, value))| value.map(|value| (index, value)))
    }
}
