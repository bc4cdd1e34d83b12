//! The details of a movement that a layout states: the fee, the reference, the other side.

use daftari_domain::CounterpartyKind;
use daftari_sms_notation::files::TemplateEntry;
use daftari_sms_notation::kind::FieldKind;
use daftari_sms_notation::template::Pattern;

use super::pool::Pool;
use super::words::Sides;
use super::{field_id, known};

/// The field with the institution's fee. It is the whole charge, unless the text also states a field of [`CHARGES`].
/// The key `fee` of a template states how these fields make up the fee.
const FEE: &str = "fee";
/// Fields with further charges. If one of them is not zero, the fee may include it or not. Then the fee is unknown,
/// unless the key `fee` of the template states how the two relate.
const CHARGES: [&str; 6] = ["tax", "vat", "levy", "charges", "fees", "fee2"];
/// A fee with its parts in brackets behind it. The parts are not further charges.
const PARTS: &str = "{fee}[ ({fees:text})]";
/// The fields with the code of the transaction, the most specific one first.
const REFERENCES: [&str; 4] = ["code", "ref", "receipt", "reference"];
/// Names of fields that always hold the other side's name.
const PARTIES: [&str; 3] = ["payer", "payee", AGENT];
const AGENT: &str = "agent";
/// A field with a name. After a word such as "from" it is the other side's, otherwise the reader's.
const NAME: &str = "name";

/// The rule for the details of a template, as code. An error states the fault in the key `fee`.
pub(crate) fn rule(
    entry: &TemplateEntry,
    pattern: &Pattern<'_>,
    sides: &Sides,
    pool: &mut Pool,
) -> Result<String, String> {
    let has = |name: &str| pattern.fields.iter().any(|(field, _)| *field == name);
    let is_money = |name: &str| {
        pattern
            .fields
            .iter()
            .any(|(field, kind)| *field == name && matches!(kind, FieldKind::Money(_)))
    };
    let id = |name: &str| field_id(pattern, name);
    let parts = entry.pattern.contains(PARTS);
    let terms: Vec<&str> = entry.fee.iter().flat_map(|fee| fee.split([' ', '+', '-'])).collect();
    let is_part = |name: &str| terms.contains(&name) || (parts && name == "fees");
    let mut others: Vec<&str> = CHARGES.into_iter().filter(|name| has(name) && !is_part(name)).collect();
    let mut charges = |names: &[&str]| -> Result<String, String> {
        let ids = names.iter().map(|name| Ok(id(name)?.to_string()));
        let list = pool.list("CHARGES", ids.collect::<Result<_, String>>()?)?;
        Ok(format!("Charges({list})"))
    };
    let fee = match entry.fee.as_deref() {
        None if is_money(FEE) => format!("FeeRule::Field({})", id(FEE)?),
        None => "FeeRule::None".to_owned(),
        Some(stated) => {
            let terms: Vec<&str> = terms.iter().copied().filter(|term| !term.is_empty()).collect();
            if let Some(term) = terms.iter().find(|term| !is_money(term)) {
                return Err(format!("fee = {stated:?}: {term:?} is not a field with money"));
            }
            match (terms.as_slice(), stated.contains('-')) {
                ([total, of], true) if !stated.contains('+') => {
                    // The total includes every charge.
                    others.clear();
                    let least = Some(FEE).filter(|name| is_money(name)).map(id).transpose()?;
                    format!(
                        "FeeRule::Rest {{ total: {}, of: {}, least: {least:?} }}",
                        id(total)?,
                        id(of)?
                    )
                }
                ([_, _, ..], false) => format!("FeeRule::Sum({})", charges(&terms)?),
                _ => return Err(format!("fee = {stated:?}: a sum of fields, or one field less another")),
            }
        }
    };
    let charges = charges(&others)?;
    let reference = REFERENCES
        .iter()
        .find(|name| has(name))
        .map(|name| id(name))
        .transpose()?;
    let stated = entry.records.iter().find_map(|record| record.counterparty.as_deref());
    let before = word_before(&entry.pattern, NAME);
    let side = before
        .as_ref()
        .filter(|word| sides.other_side.contains(*word) || sides.agents.contains(*word));
    let party = stated
        .or_else(|| PARTIES.into_iter().find(|name| has(name)))
        .or_else(|| side.map(|_| NAME));
    let is_agent =
        party == Some(AGENT) || (party == Some(NAME) && side.is_some_and(|word| sides.agents.contains(word)));
    let kind = match &entry.kind {
        Some(kind) => Some(known::<CounterpartyKind>(kind)?),
        None => is_agent.then_some(CounterpartyKind::Agent),
    };
    let kind = kind.map_or("None".to_owned(), |kind| format!("Some(CounterpartyKind::{kind:?})"));
    let party = party.map(id).transpose()?;
    Ok(format!(
        "DetailsRule {{ fee: {fee}, charges: {charges}, reference: {reference:?}, party: {party:?}, kind: {kind} }}"
    ))
}

/// The last word before the first place of a field, in small letters. Other fields are skipped.
fn word_before(pattern: &str, field: &str) -> Option<String> {
    let places = ["}", ":"].map(|end| pattern.find(&format!("{{{field}{end}")));
    let at = places.into_iter().flatten().min()?;
    let mut depth = 0;
    let outside = pattern[..at].chars().filter(|c| match c {
        '{' => {
            depth += 1;
            false
        }
        '}' => {
            depth -= 1;
            false
        }
        _ => depth == 0,
    });
    let text: String = outside.collect();
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.next_back().map(str::to_lowercase)
}
