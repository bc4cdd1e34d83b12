//! docs/FEATURES.md is made from the tables of features and indicators. `UPDATE_FEATURES=1` writes it.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use daftari_domain::insights::Definition;
use daftari_domain::insights::features::catalog::{Feature, Group, NOT_SERVED, SPANS, WEEKS, Windows};
use daftari_domain::insights::indicators::{DAYS, Indicator};

const HEAD: &str = "\
# Features

`GET /users/{user_uuid}/features` answers with named figures of a user as of an instant `T` (`utc_time`, or now).
[API.md](API.md#features) explains how to request them.

- **Windows.** Days have 24 hours. A window excludes its first instant and includes its last one, so that `0_30` and
  `31_90` share no record and together make `0_90`: `31` is a name, and `31_90` starts at the end of `0_30`. `0_365` is
  computed with `all_time=true`, or by its full name.
- **Money** is in the report currency and exact. Quotients are rounded half to even to six decimals. Counts include
  records in every currency.
- **An event** is one id of a record: a message that made two records is one event. **A transaction** has an amount and
  an impact.
- **End-of-day totals.** For each UTC date from the date of the window's start to the date of its end, both included:
  the sum over accounts of the last balance with that date or one of the 10 previous dates, also before the window. A
  date is *active* if the window has a balance of the kind on it, or a transaction at an institution where the user has
  an account of the kind (for loans: at any institution). Only records in the report currency make a date active.
  Notices without money never do. A figure over active days uses those that have a total.
- **Transfers between accounts of the user** follow [the rules of income](API.md#income-and-recurring-payments). A
  credit labelled `LoanDisbursed`, `LoanApproved` or `Overdraft` and a debit labelled `LoanRepayment` are never a side
  of one, because a lender is the other party.
- **Null** means unknown. A count, or a sum of a kind, is null if the window has no record of the user at all. It is 0
  if there are records but none qualifies. An average, median, extreme, ratio, slope, or total of credits or debits is
  null if nothing qualifies.
- **Source**: *dictionary*, *list*, *example*: pages of the public reference with definitions, with names only, and with
  an answer. *library*: the public feature library. *group pages*: the pages of the groups. If the source is a list of
  names, the definition is ours.

";

const FOOT: &str = "
Made from the tables of the service by `UPDATE_FEATURES=1 cargo test --locked -p daftari-domain --test features_page`; do
not edit.
";

const INSIGHTS: &str = "
## Insights

The member `insights` has further figures, which are ours. Unless a definition states otherwise, they cover depository
accounts in the report currency, without transfers between accounts of the user. The source names products with a similar
figure.

";

fn page() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("## Features with windows\n\n");
    let spans = SPANS.iter().map(|span| format!("`_{}`", span.suffix));
    named(&mut page, spans, ".");
    let of = |windows: Windows| Feature::ALL.iter().filter(move |feature| feature.windows() == windows);
    let windowed = of(Windows::Spans).map(|feature| (feature.definition(), feature.definition().name.to_owned()));
    table(&mut page, windowed);
    page.push_str("\n## Features without these windows\n\n");
    let others = of(Windows::None).chain(of(Windows::Weeks));
    table(
        &mut page,
        others.map(|feature| (feature.definition(), feature.full_name(None))),
    );
    let _ = writeln!(page, "\n`_{}` are the {} days up to `T`.", WEEKS.0, WEEKS.1);
    page.push_str("\n## Groups\n\n| path | features |\n|---|---|\n");
    for group in Group::ALL {
        let names = Feature::ALL.iter().filter(|feature| group.has(**feature));
        let names: Vec<String> = names
            .map(|feature| format!("`{}`", feature.definition().name))
            .collect();
        let _ = writeln!(
            page,
            "| `/{{country}}/features/{}` | {} |",
            group.name(),
            names.join(", ")
        );
    }
    page.push_str(INSIGHTS);
    let days = DAYS.iter().map(|days| format!("`_{days}d`"));
    named(&mut page, days, ": the days up to `T`.");
    let with_windows = |with: bool| Indicator::ALL.iter().filter(move |one| one.has_windows() == with);
    let row = |one: &Indicator| (one.definition(), one.definition().name.to_owned());
    table(&mut page, with_windows(true).map(row));
    page.push_str("\nWithout a window:\n\n");
    table(&mut page, with_windows(false).map(row));
    page.push_str("\n## Not served\n\nThese names of the public reference cannot be computed from records.\n\n");
    page.push_str("| name | reason |\n|---|---|\n");
    for (name, reason) in NOT_SERVED {
        let _ = writeln!(page, "| `{name}` | {reason} |");
    }
    page.push_str(FOOT);
    page
}

fn named(page: &mut String, suffixes: impl Iterator<Item = String>, rest: &str) {
    let suffixes: Vec<String> = suffixes.collect();
    let _ = writeln!(page, "The name is followed by {}{rest}\n", suffixes.join(", "));
}

fn table<'a>(page: &mut String, rows: impl Iterator<Item = (&'a Definition, String)>) {
    page.push_str("| name | definition | unit | null | source |\n|---|---|---|---|---|\n");
    for (definition, name) in rows {
        let (text, unit, source) = (definition.definition, definition.unit, definition.source);
        let _ = writeln!(page, "| `{name}` | {text} | {unit} | {} | {source} |", definition.null);
    }
}

#[test]
fn the_published_page_is_made_of_the_tables() {
    let page = page();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/FEATURES.md");
    if env::var_os("UPDATE_FEATURES").is_some() {
        fs::write(&path, &page).expect("docs/ is writable");
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == page,
        "docs/FEATURES.md is out of date: run with UPDATE_FEATURES=1"
    );
}

#[test]
fn names_are_unique_and_texts_are_sentences() {
    let features = Feature::ALL.iter().map(|feature| feature.definition());
    let indicators = Indicator::ALL.iter().map(|one| one.definition());
    let definitions: Vec<&Definition> = features.chain(indicators).collect();
    for (index, one) in definitions.iter().enumerate() {
        let is_unique = definitions[index + 1..].iter().all(|other| other.name != one.name);
        assert!(is_unique, "{}", one.name);
        assert!(
            one.definition.ends_with('.') && !one.definition.contains("  "),
            "{}",
            one.name
        );
    }
    for (name, _) in NOT_SERVED {
        assert!(Feature::named(name).is_none(), "{name}");
    }
}
