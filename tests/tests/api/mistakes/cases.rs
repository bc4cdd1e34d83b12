//! The table of mistakes.

use serde_json::Value;

use super::lender;

/// Words of the parser that must not appear in an answer.
const OF_THE_PARSER: [&str; 6] = [
    "invalid type",
    "invalid value",
    "expected",
    "unknown variant",
    "unknown field",
    "at line",
];

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
            ("POST", Some(body)) => {
                serde_json::from_str::<Value>(body).expect("a body in JSON");
                lender.post_text(&path, body.to_owned()).await
            }
            _ => panic!("{line}"),
        };
        let answer = answer.expect_status(400);
        assert_eq!(answer.at("/errors/0/pointer"), pointer, "{line}: {}", answer.text);
        let detail = answer.at("/errors/0/detail");
        let detail = detail.as_str().expect("detail");
        assert!(detail.contains(words), "{line}: {detail}");
        let of_the_parser = OF_THE_PARSER.iter().find(|words| answer.text.contains(**words));
        assert_eq!(of_the_parser, None, "{line}: {}", answer.text);
        answered += 1;
    }
    assert!(answered > 25, "{answered}");
}
