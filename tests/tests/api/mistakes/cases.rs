//! The table of mistakes.

use super::lender;

/// Words of the parser that must not appear in an answer.
const OF_THE_PARSER: [&str; 8] = [
    "invalid type",
    "invalid value",
    "expected",
    "unknown variant",
    "unknown field",
    "at line",
    "EOF",
    "trailing",
];

/// The pointer of a body that is not JSON: such a fault has no place in it.
const NO_JSON: &str = "-";

#[tokio::test]
async fn each_mistake_is_answered_with_the_place_and_the_rule() {
    let (_app, lender, user) = lender().await;
    let mut answered = 0;
    for line in include_str!("table.txt").lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (request, expected) = line.split_once(" => ").expect("a request and its answer");
        let (pointer, words) = expected.split_once(": ").expect("a pointer and words");
        let mut parts = request.splitn(3, ' ');
        let (method, path) = (parts.next().expect("a method"), parts.next().expect("a path"));
        let path = path.replace("{user}", &user);
        let answer = match (method, parts.next()) {
            ("GET", None) => lender.get(&path).await,
            ("POST", Some(body)) => lender.post_text(&path, body.to_owned()).await,
            _ => panic!("{line}"),
        };
        let answer = answer.expect_status(400);
        let detail = if pointer == NO_JSON {
            assert_eq!(answer.at("/code"), "malformed_json", "{line}: {}", answer.text);
            answer.at("/detail")
        } else {
            assert_eq!(answer.at("/errors/0/pointer"), pointer, "{line}: {}", answer.text);
            answer.at("/errors/0/detail")
        };
        let detail = detail.as_str().expect("detail");
        assert!(detail.contains(words), "{line}: {detail}");
        let of_the_parser = OF_THE_PARSER.iter().find(|words| answer.text.contains(**words));
        assert_eq!(of_the_parser, None, "{line}: {}", answer.text);
        answered += 1;
    }
    assert!(answered > 25, "{answered}");
}
