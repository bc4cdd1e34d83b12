use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<String, BadPhoneNumber> {
    PhoneNumber::parse(text).map(|number| number.digits)
}

fn digits_of(number: &PhoneNumber) -> String {
    number.digits.clone()
}

fn country(code: &str) -> Country {
    code.parse().expect("country")
}

fn reason(text: &str) -> String {
    PhoneNumber::parse(text).expect_err(text).to_string()
}

/// A mobile number of each country: country code, national number, and whether a trunk prefix of 0 is dialled.
const NUMBERS: [(&str, &str, &str, bool); 36] = [
    ("KE", "254", "700111222", true),
    ("KE", "254", "110111222", true),
    ("NG", "234", "8031234567", true),
    ("GH", "233", "241234567", true),
    ("TZ", "255", "741234567", true),
    ("UG", "256", "701234567", true),
    ("RW", "250", "788123456", true),
    ("ET", "251", "911234567", true),
    ("ZM", "260", "971234567", true),
    ("MW", "265", "991234567", true),
    ("MZ", "258", "841234567", false),
    ("ZW", "263", "771234567", true),
    ("LS", "266", "50123456", false),
    ("BW", "267", "71234567", false),
    ("CI", "225", "0701234567", false),
    ("SN", "221", "701234567", false),
    ("BJ", "229", "0190123456", false),
    ("TG", "228", "90123456", false),
    ("BF", "226", "70123456", false),
    ("ML", "223", "65012345", false),
    ("NE", "227", "93123456", false),
    ("CM", "237", "671234567", false),
    ("CD", "243", "991234567", true),
    ("CG", "242", "061234567", false),
    ("MG", "261", "321234567", true),
    ("SO", "252", "712345678", true),
    ("SL", "232", "25123456", true),
    ("LR", "231", "770123456", true),
    ("ZA", "27", "711234567", true),
    ("EG", "20", "1001234567", true),
    ("GM", "220", "3012345", false),
    ("GN", "224", "601123456", false),
    ("SS", "211", "977123456", true),
    ("BI", "257", "79561234", false),
    ("NA", "264", "811234567", true),
    ("SZ", "268", "76123456", false),
];

#[test]
fn every_way_of_writing_a_number_is_one_number() {
    for text in [
        "254700111222",
        "+254700111222",
        "00254700111222",
        "+00254700111222",
        "000254700111222",
        "254 0700111222",
        "+254 (0)700 111 222",
        "00 254 (0) 700-111-222",
        " +254 700-111.222 ",
        "+(254)700111222",
        "(+254) [0]700/111/222",
        "+254\u{a0}700\u{2011}111\u{2013}222",
    ] {
        assert_eq!(read(text).as_deref(), Ok("254700111222"), "{text}");
    }
}

#[test]
fn trunk_prefixes_go_and_zeros_of_the_number_stay() {
    for (code, prefix, national, has_trunk) in NUMBERS {
        let expected = format!("{prefix}{national}");
        for text in [expected.clone(), format!("+{expected}"), format!("00{expected}")] {
            let number = PhoneNumber::parse(&text).expect(&text);
            assert_eq!(number.digits, expected, "{text}");
            assert_eq!(number.country, Some(country(code)), "{text}");
        }
        let with_trunk = read(&format!("+{prefix}0{national}"));
        if has_trunk {
            assert_eq!(with_trunk, Ok(expected), "{code}");
        } else {
            assert!(with_trunk.is_err(), "{code}: {with_trunk:?}");
        }
    }
}

#[test]
fn wrong_lengths_are_refused_with_the_country() {
    for (code, prefix, national, _) in NUMBERS {
        let refused = format!("for a phone number of {code} (country code {prefix})");
        let short = format!("{prefix}{}", &national[..national.len() - 1]);
        let long = format!("{prefix}{national}0");
        // Somalia and South Africa also have shorter mobile numbers.
        if !["SO", "ZA"].contains(&code) {
            assert!(reason(&short).ends_with(&refused), "{}", reason(&short));
        }
        assert!(reason(&long).ends_with(&refused), "{}", reason(&long));
    }
    assert_eq!(
        reason("25470011122"),
        "is too short for a phone number of KE (country code 254)"
    );
    assert_eq!(
        reason("2547001112222"),
        "is too long for a phone number of KE (country code 254)"
    );
    // Seven or nine digits.
    assert_eq!(
        reason("24399123456"),
        "has the wrong number of digits for a phone number of CD (country code 243)"
    );
}

#[test]
fn a_fixed_line_in_use_is_a_number_though_it_is_shorter() {
    assert_eq!(read("+49 30 123456").as_deref(), Ok("4930123456"));
    assert_eq!(read("+254 20 222 2222").as_deref(), Ok("254202222222"));
}

#[test]
fn numbers_that_are_not_in_use_are_numbers() {
    assert_eq!(read("254123456789").as_deref(), Ok("254123456789"));
    assert_eq!(read("447700900123").as_deref(), Ok("447700900123"));
}

#[test]
fn shared_country_codes_are_told_apart_by_the_digits_that_follow() {
    for (text, expected) in [
        ("14155550199", Some("US")),
        ("18762101234", Some("JM")),
        ("16042345678", Some("CA")),
        ("77710009998", Some("KZ")),
        ("79161234567", Some("RU")),
        ("212650123456", Some("MA")),
        ("881612345678", None),
    ] {
        let number = PhoneNumber::parse(text).unwrap_or_else(|error| panic!("{text} {error}"));
        assert_eq!(number.country, expected.map(country), "{text}");
    }
}

#[test]
fn a_text_that_is_not_an_international_number_is_refused_with_the_reason() {
    for text in [
        "",
        "+",
        "phone",
        "254 12a 456",
        "٢٥٤١٢٣٤٥٦٧٨٩",
        "254+700111222",
        "++254700111222",
        "1-800-FLOWERS",
        "254700111222;ext=1",
        "-",
    ] {
        assert!(
            reason(text).contains("digits, with nothing but"),
            "{text}: {}",
            reason(text)
        );
    }
    for text in ["0712345678", "0 712 345 678"] {
        assert!(reason(text).contains("not 0"), "{text}: {}", reason(text));
    }
    for text in ["999123456789", "+0712345678", "0000254700111222"] {
        assert!(reason(text).contains("not a country code"), "{text}: {}", reason(text));
    }
    let (sixteen, many) = ("2547001112223334", "1".repeat(2_048));
    for text in [sixteen, &many] {
        assert_eq!(reason(text), "must have at most 15 digits");
    }
    assert_eq!(reason("12345"), "is too short for a phone number of country code 1");
    assert_eq!(
        reason("2541"),
        "has too few digits for a phone number in international form, such as 254123456789"
    );
}

#[test]
fn national_forms_are_read_by_the_country() {
    for (code, prefix, national, has_trunk) in NUMBERS {
        let expected = format!("{prefix}{national}");
        let country = Some(country(code));
        let found = |text: &str| readings(text, country).expect("readings");
        assert_eq!(found(national)[0], expected, "{code} {national}");
        if has_trunk {
            assert_eq!(found(&format!("0{national}"))[0], expected, "{code} 0{national}");
        }
        assert!(may_be_national(national), "{code}");
    }
    for text in ["+0711000117", "+711000117"] {
        assert!(
            !readings(text, Some(country("KE")))
                .expect("readings")
                .contains(&"254711000117".to_owned())
        );
    }
}

#[test]
fn digits_that_are_a_number_abroad_too_are_not_read_as_national() {
    // 91 is India, and the digits are a complete number there. So in Uganda they cannot be a number without its trunk
    // prefix.
    let abroad = readings("919876543210", Some(country("UG"))).expect("readings");
    assert_eq!(abroad[0], "919876543210");
    // A number not in use is only read as a national one if it has the trunk prefix.
    assert_eq!(
        readings("123456789", Some(country("KE"))).expect("readings"),
        ["123456789"]
    );
    assert_eq!(
        readings("0123456789", Some(country("KE"))).expect("readings")[0],
        "254123456789"
    );
}

#[test]
fn digits_as_they_are_stored_and_old_spellings_are_looked_for_after_the_number() {
    let found = |text: &str| readings(text, Some(country("KE"))).expect("readings");
    let all = [
        "254700111222",
        "2540700111222",
        "00254700111222",
        "002540700111222",
        "000254700111222",
    ];
    assert_eq!(found("254700111222"), all);
    assert_eq!(found("+254 0700111222"), all);
    let mut dialled = found("0700111222");
    assert_eq!(dialled.remove(1), "0700111222");
    assert_eq!(dialled, all);
    assert_eq!(found("25470011122"), ["25470011122"]);
    assert_eq!(readings("abc", None), Err(BadPhoneNumber::NotANumber));
    assert_eq!(readings(&"1".repeat(16), None), Err(BadPhoneNumber::TooManyDigits));
    let spellings = |text| PhoneNumber::parse(text).expect("number").old_spellings();
    assert_eq!(
        spellings("22670123456"),
        ["0022670123456", "00022670123456"],
        "no trunk prefix there"
    );
}

#[test]
fn searches_read_the_beginning_of_a_number() {
    let found = |text: &str| search_prefixes(text, Some(country("KE")));
    assert!(found("0711").contains(&"254711".to_owned()));
    assert!(found("0711000117").contains(&"254711000117".to_owned()));
    assert!(found("711000117").contains(&"254711000117".to_owned()));
    assert!(found("+254 711").contains(&"254711".to_owned()));
    assert!(found("00254 711").contains(&"254711".to_owned()));
    assert!(search_prefixes("0701", Some(country("CI"))).contains(&"2250701".to_owned()));
    assert_eq!(found("254711"), ["254711"]);
    assert!(found("joseph").is_empty() && found("").is_empty());
    for text in ["0711", "254711", "711000117", "0711000117"] {
        assert!(found(text).len() <= 6, "{text}: {:?}", found(text));
    }
}

#[test]
fn an_empty_prefix_is_never_searched() {
    for text in ["0", "00", "000", "0 0", "+0", "+00", "(00)0", "00-000"] {
        for country in [None, Some(country("KE"))] {
            let prefixes = search_prefixes(text, country);
            assert!(!prefixes.contains(&String::new()), "{text}: {prefixes:?}");
        }
    }
}

#[test]
fn the_beginning_of_a_number_may_hold_its_trunk_zero() {
    for text in ["254 0700", "+254 (0)700", "00254 0700", "2540700"] {
        for country in [None, Some(country("KE"))] {
            let prefixes = search_prefixes(text, country);
            assert!(prefixes.contains(&"254700".to_owned()), "{text}: {prefixes:?}");
        }
    }
    assert!(search_prefixes("2540700111", None).contains(&"254700111".to_owned()));
    assert_eq!(search_prefixes("2540", None), ["2540"]);
}

#[test]
fn the_country_is_looked_up_only_if_it_may_matter() {
    for text in ["0711", "0711000117", "711000117"] {
        assert!(may_be_national(text), "{text}");
    }
    for text in [
        "254711000117",
        "+254711000117",
        "00254711000117",
        "254711",
        "joseph",
        "",
    ] {
        assert!(!may_be_national(text), "{text}");
    }
}

proptest! {
    #[test]
    fn normalizing_again_changes_nothing(text in "(\\+|00)?[1-9][0-9]{5,14}") {
        if let Ok(number) = PhoneNumber::parse(&text) {
            let again = PhoneNumber::parse(&number.digits);
            prop_assert_eq!(again.as_ref(), Ok(&number), "{}", text);
        }
    }

    #[test]
    fn separators_and_prefixes_do_not_matter(digits in "2[0-9]{9,13}", at in 1_usize..9) {
        let (a, b) = digits.split_at(at);
        let copied = format!("\u{202a}{a}\u{200b}{b}\u{202c}");
        for text in [format!("+{a} ({b})"), format!("00{a}-{b}"), format!("{a}.{b}"), copied] {
            prop_assert_eq!(read(&text), read(&digits), "{}", text);
        }
    }

    #[test]
    fn old_spellings_are_spellings_of_the_same_number(digits in "2[0-9]{9,13}") {
        if let Ok(number) = PhoneNumber::parse(&digits) {
            for spelling in number.old_spellings() {
                prop_assert_eq!(read(&spelling), Ok(digits_of(&number)), "{}", spelling);
            }
        }
    }

    #[test]
    fn a_number_without_a_fault_is_one_that_can_be_registered(text in "[+]?[0-9]{0,15}", from in "(254|0)[0-9]{6,11}") {
        for text in [text, from] {
            prop_assert_eq!(fault(&text, None), PhoneNumber::parse(&text).err());
            if fault(&text, Some(country("KE"))).is_none() {
                let of_readings = readings(&text, Some(country("KE"))).expect("readings");
                let known = of_readings.iter().any(|digits| PhoneNumber::parse(digits).is_ok_and(|read| read.digits() == digits));
                prop_assert!(known, "{}: {:?}", text, of_readings);
            }
        }
    }

    #[test]
    fn every_text_gets_an_answer(text in "\\PC{0,80}", digits in "[-+ 0-9().]{0,80}") {
        for text in [text, digits] {
            let _ = PhoneNumber::parse(&text);
            let _ = readings(&text, Some(country("KE")));
            let _ = fault(&text, Some(country("KE")));
            let _ = search_prefixes(&text, Some(country("KE")));
        }
    }
}
