//! The tables of codes in docs/errors.md are made from the codes. Their last column, the cure, is written by hand.
//!
//! `UPDATE_OPENAPI=1` writes them too, with `…` for the cure of a code that has none yet.

use std::collections::HashMap;

use daftari_platform::Code;

/// Stands where somebody must write.
const MISSING: &str = "…";
const END: &str = "\n<!-- end -->";

fn problems() -> (Vec<&'static str>, Vec<Vec<String>>) {
    let row = |code: Code| {
        let status = code.status().as_u16().to_string();
        [&format!("`{}`", code.as_str()), &status, code.title(), code.meaning()]
            .map(str::to_owned)
            .into()
    };
    (
        vec!["code", "status", "title", "meaning"],
        Code::of_problems().map(row).collect(),
    )
}

fn rejections() -> (Vec<&'static str>, Vec<Vec<String>>) {
    let row = |code: Code| vec![format!("`{}`", code.as_str()), code.meaning().to_owned()];
    (vec!["code", "meaning"], Code::of_rejections().map(row).collect())
}

/// The page with its tables as they must be.
fn made(page: &str) -> String {
    let tables = [("problems", problems()), ("rejections", rejections())];
    tables
        .into_iter()
        .fold(page.to_owned(), |page, (name, (header, rows))| {
            let start = format!("<!-- codes: {name} -->\n\n");
            let (before, rest) = page.split_once(&start).expect("the start of the table");
            let (present, after) = rest.split_once(END).expect("the end of the table");
            let table = table(header, rows, &cures(present));
            format!("{before}{start}{table}{END}{after}")
        })
}

/// The last column of a table by the first.
fn cures(table: &str) -> HashMap<&str, &str> {
    let rows = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let cells = rows.filter_map(|row| Some((row.split_once(" | ")?.0, row.rsplit_once(" | ")?.1)));
    cells.collect()
}

fn table(mut header: Vec<&str>, rows: Vec<Vec<String>>, cures: &HashMap<&str, &str>) -> String {
    header.push("cure");
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let header: Vec<String> = header.into_iter().map(str::to_owned).collect();
    let mut table = line(&header) + "|" + &"---|".repeat(header.len()) + "\n";
    for mut row in rows {
        assert!(row.iter().all(|cell| !cell.contains('|')), "{row:?}");
        row.push((*cures.get(row[0].as_str()).unwrap_or(&MISSING)).to_owned());
        table += &line(&row);
    }
    table
}

#[test]
fn the_page_of_errors_has_every_code_with_a_cure() {
    let path = crate::repository().join("docs/errors.md");
    let page = std::fs::read_to_string(&path).expect("page");
    let made = made(&page);
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &made).expect("written");
    } else {
        assert!(
            page == made,
            "docs/errors.md is out of date: UPDATE_OPENAPI=1 cargo test --locked -p daftari-tests --test openapi"
        );
    }
    let cureless = format!("| {MISSING} |");
    let cureless: Vec<_> = made.lines().filter(|line| line.contains(&cureless)).collect();
    assert!(cureless.is_empty(), "write the cure: {cureless:#?}");
}
