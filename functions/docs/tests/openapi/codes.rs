//! Codes of problem documents are written where they arise; the document lists them all.

use std::path::Path;

use daftari_platform::openapi::PROBLEM_CODES;

/// Words behind `code: "`, which problems and rejected records have, and behind `invalid_fields("`, which makes some.
fn codes_in(text: &str) -> impl Iterator<Item = &str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let after = ["code: \"", "invalid_fields(\""].map(|start| code.split(start).skip(1));
    let after = after.into_iter().flatten();
    after.filter_map(|rest| rest.split('"').next())
}

fn visit(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.ends_with("tests") {
            continue;
        }
        if path.is_dir() {
            visit(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("text");
            found.extend(codes_in(&text).map(str::to_owned));
        }
    }
}

#[test]
fn every_code_is_listed() {
    let mut found = Vec::new();
    for folder in ["shared/platform/src", "functions"] {
        visit(&crate::repository().join(folder), &mut found);
    }
    for code in ["too_many_users", "invalid_body"] {
        assert!(found.contains(&code.to_owned()), "{found:?}");
    }
    let described = ["invalid_record"];
    for code in found {
        let listed = PROBLEM_CODES.iter().any(|(known, ..)| *known == code);
        assert!(listed || described.contains(&code.as_str()), "{code}");
    }
}

#[test]
fn every_listed_code_has_a_response() {
    for (code, status, _) in PROBLEM_CODES {
        let known = *status == 405 || crate::operations::name_of(*status).is_some();
        assert!(known, "{code} {status}");
    }
}
