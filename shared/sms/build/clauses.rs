//! Compiles the grammars of `languages/` to tables: words, classes, patterns, and rules that name them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use daftari_sms_notation::clause::{
    BEGIN, END, INDEX, Item, MARKS, MONEY, NOT, OPTIONAL, PLACEHOLDERS, Step, WORD, Written, hash, parse,
};
use daftari_sms_notation::files::{EventEntry, LanguageFile, Patterns};

use super::pool;

/// The words, classes and patterns of all languages, as far as they are compiled.
#[derive(Default)]
struct Grammar {
    /// Words by number; placeholders first.
    words: Vec<String>,
    /// The number of each word.
    numbers: BTreeMap<String, u16>,
    /// The words of each class, by the class's number.
    classes: Vec<BTreeSet<u16>>,
    /// The number of each class that a language file names.
    named: BTreeMap<String, u16>,
    /// The number of each other class, by its words: equal sets of words are one class.
    unnamed: BTreeMap<BTreeSet<u16>, u16>,
    macros: BTreeMap<String, String>,
    /// The steps of each pattern, by its number.
    patterns: Vec<Vec<Step>>,
    /// The patterns of the guards.
    guarding: BTreeSet<u16>,
    /// The number of each pattern, by its steps: equal steps are one pattern.
    known: BTreeMap<Vec<Step>, u16>,
}

impl Grammar {
    fn word(&mut self, word: &str) -> u16 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u16::try_from(self.words.len()).expect("fewer words than that");
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    /// The numbers of a word. A stem `x*` stands for itself and for every known word that begins with `x`.
    fn words_of(&self, word: &str) -> BTreeSet<u16> {
        match word.strip_suffix('*').filter(|stem| !stem.is_empty()) {
            Some(stem) => self
                .numbers
                .iter()
                .filter(|(other, _)| other.starts_with(stem))
                .map(|(_, number)| *number)
                .collect(),
            None => BTreeSet::from([self.numbers[word]]),
        }
    }

    fn set_of(&self, items: &[Item]) -> Result<BTreeSet<u16>, String> {
        let mut set = BTreeSet::new();
        for item in items {
            match item {
                Item::Word(word) => set.extend(self.words_of(word)),
                Item::Class(name) => {
                    let number = self
                        .named
                        .get(name)
                        .ok_or_else(|| format!("there is no class {name:?}"))?;
                    set.extend(&self.classes[usize::from(*number)]);
                }
            }
        }
        Ok(set)
    }

    fn class_of(&mut self, set: BTreeSet<u16>) -> u16 {
        if let Some(number) = self.unnamed.get(&set) {
            return *number;
        }
        let number = u16::try_from(self.classes.len()).expect("fewer classes than that");
        self.classes.push(set.clone());
        self.unnamed.insert(set, number);
        number
    }

    fn step(&mut self, written: &Written) -> Result<Step, String> {
        let mut set = self.set_of(&written.items)?;
        let flag = if written.optional { OPTIONAL } else { 0 };
        if written.negated {
            // A gap never crosses the ends of a sentence, and an amount only if the notation allows it.
            set.extend([BEGIN, END]);
            if !written.or_money {
                set.insert(MONEY);
            }
            return Ok(self.class_of(set) | NOT | flag);
        }
        if set.len() == 1 {
            return Ok(set.first().expect("one") | WORD | flag);
        }
        Ok(self.class_of(set) | flag)
    }

    /// The number of a pattern. `reversed`: the reader runs it from an amount to the left, so the steps are reversed.
    fn pattern(&mut self, text: &str, reversed: bool) -> Result<u16, String> {
        let written = parse(text, &self.macros)?;
        let mut steps = Vec::new();
        for step in &written {
            let step = self.step(step).map_err(|fault| format!("{text:?}: {fault}"))?;
            steps.push(step);
        }
        if reversed {
            steps.reverse();
        }
        if let Some(number) = self.known.get(&steps) {
            return Ok(*number);
        }
        let number = u16::try_from(self.patterns.len()).expect("fewer patterns than that");
        self.known.insert(steps.clone(), number);
        self.patterns.push(steps);
        Ok(number)
    }

    /// The class of the words that the patterns name. Words that a pattern only excludes are not in it.
    fn vocabulary<'t>(&mut self, texts: impl Iterator<Item = &'t String>) -> Result<u16, String> {
        let mut words = BTreeSet::new();
        for text in texts {
            for step in parse(text, &self.macros)?.iter().filter(|step| !step.negated) {
                words.extend(self.set_of(&step.items)?);
            }
        }
        Ok(self.class_of(words))
    }

    fn patterns(&mut self, texts: &[String], reversed: bool) -> Result<Vec<u16>, String> {
        texts.iter().map(|text| self.pattern(text, reversed)).collect()
    }

    /// The words of the rarest required step. A sentence that contains none of them cannot fit the pattern. Empty if
    /// the pattern requires no word.
    fn anchors(&self, steps: &[Step]) -> BTreeSet<u16> {
        let fitting = steps.iter().filter_map(|step| {
            let index = step & INDEX;
            match (step & (NOT | OPTIONAL), step & WORD) {
                (0, 0) => Some(self.classes[usize::from(index)].clone()),
                (0, _) => Some(BTreeSet::from([index])),
                _ => None,
            }
        });
        fitting
            .min_by_key(|set| {
                let common = set
                    .iter()
                    .filter(|word| usize::from(**word) < PLACEHOLDERS.len())
                    .count();
                set.len() + common * 200
            })
            .unwrap_or_default()
    }
}

pub(crate) fn generate(root: &Path) -> Result<String, String> {
    let mut files = Vec::new();
    for path in super::toml_files(&root.join("languages"))? {
        files.push((path.display().to_string(), super::read::<LanguageFile>(&path)?));
    }
    let mut grammar = Grammar::default();
    for placeholder in PLACEHOLDERS.into_iter().chain(MARKS) {
        grammar.word(placeholder);
    }
    for (_, file) in &files {
        grammar.macros.extend(file.macros.clone());
    }
    collect_words(&mut grammar, &files)?;
    define_classes(&mut grammar, &files)?;
    let mut code = String::new();
    rules(&mut grammar, &files, &mut code)?;
    if grammar.classes.len() > usize::from(INDEX) || grammar.words.len() > usize::from(INDEX) {
        return Err("more words or classes than a step can name".into());
    }
    write_words(&grammar, &files, &mut code)?;
    write_patterns(&grammar, &mut code);
    let list = |of: fn(&LanguageFile) -> &Vec<String>| {
        let mut all: Vec<&String> = files.iter().flat_map(|(_, file)| of(file)).collect();
        all.sort_by_key(|word| (std::cmp::Reverse(word.len()), word.as_str()));
        all.dedup();
        all
    };
    let mut months = list(|file| &file.months);
    let beginnings = super::by_first_byte(&mut months, |month| month);
    let numbers: Vec<usize> = months
        .iter()
        .map(|name| month_number(&files, name))
        .collect::<Result<_, _>>()?;
    writeln!(
        code,
        "pub(crate) static MONTHS: &[&str] = &{months:?};\npub(crate) static MONTH_NUMBERS: &[u8] = &{numbers:?};\npub(crate) static MONTH_BEGINNINGS: Beginnings = {beginnings};\n\
         pub(crate) static UNITS: &[&str] = &{:?};",
        list(|file| &file.units)
    )
    .expect("a String takes all");
    Ok(code)
}

/// The number of a month by its name or the beginning of it.
fn month_number(files: &[(String, LanguageFile)], name: &str) -> Result<usize, String> {
    let numbers = files.iter().flat_map(|(_, file)| {
        let full = file.months.iter().take(12).zip(1..);
        let named = file.months.iter().any(|month| month == name);
        full.filter(move |(month, _)| named && month.starts_with(name))
            .map(|(_, number)| number)
    });
    let numbers: BTreeSet<usize> = numbers.collect();
    match numbers.first() {
        Some(number) if numbers.len() == 1 => Ok(*number),
        _ => Err(format!("months: {name:?} begins the names of {numbers:?}")),
    }
}

fn each_pattern(file: &LanguageFile) -> impl Iterator<Item = &String> {
    let named = file.patterns.values().flat_map(Patterns::as_slice);
    let events = file
        .events
        .iter()
        .flat_map(|event| event.left.as_slice().iter().chain(event.right.as_slice()));
    let roles = file
        .roles
        .iter()
        .flat_map(|role| role.left.as_slice().iter().chain(role.right.as_slice()));
    let guards = file
        .guards
        .iter()
        .flat_map(|guard| guard.patterns.iter().chain(&guard.except));
    let loans = file
        .loans
        .iter()
        .flat_map(|loan| loan.patterns.iter().chain(&loan.except));
    named.chain(events).chain(roles).chain(guards).chain(loans)
}

/// Classes that exist for all languages together and once more for each language. Their short words mean something else
/// in another language.
const OWN_CLASSES: [&str; 4] = ["party_mark", "party_end", "party_in", "party_out"];

fn own_class(name: &str, language: usize) -> String {
    format!("{name}_{language}")
}

/// Every word that a class, a pattern, a spelling or a phrase names.
fn collect_words(grammar: &mut Grammar, files: &[(String, LanguageFile)]) -> Result<(), String> {
    for (path, file) in files {
        for text in file.classes.values().flatten() {
            // A pattern in a class would be a word that no text contains.
            if text.len() > 1 && text.contains(['(', '|', ' ']) {
                return Err(format!("{path}: [classes] {text:?} is a pattern, not a word"));
            }
            if text == "@" || !text.starts_with('@') {
                grammar.word(text);
            }
        }
        for text in each_pattern(file) {
            let written = parse(text, &grammar.macros).map_err(|fault| format!("{path}: {fault}"))?;
            for item in written.iter().flat_map(|step| &step.items) {
                if let Item::Word(word) = item {
                    grammar.word(word);
                }
            }
        }
        for (canonical, spellings) in &file.spellings {
            for word in canonical.split(' ').chain(spellings.iter().map(String::as_str)) {
                grammar.word(word);
            }
        }
        for (canonical, phrases) in &file.phrases {
            grammar.word(canonical);
            for word in phrases.iter().flat_map(|phrase| phrase.split(' ')) {
                grammar.word(word);
            }
        }
        for word in file.abbreviations.iter().chain(&file.marks) {
            grammar.word(word);
        }
    }
    Ok(())
}

fn define_classes(grammar: &mut Grammar, files: &[(String, LanguageFile)]) -> Result<(), String> {
    let mut members: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for (language, (_, file)) in files.iter().enumerate() {
        for (name, words) in &file.classes {
            members.entry(name.clone()).or_default().extend(words);
            if OWN_CLASSES.contains(&name.as_str()) {
                members.insert(own_class(name, language), words.iter().collect());
            }
        }
    }
    for name in members.keys() {
        let number = u16::try_from(grammar.classes.len()).expect("fewer classes than that");
        grammar.classes.push(BTreeSet::new());
        grammar.named.insert((*name).clone(), number);
    }
    for name in members.keys() {
        let mut set = BTreeSet::new();
        let (mut pending, mut seen) = (vec![name.as_str()], BTreeSet::new());
        while let Some(class) = pending.pop() {
            if !seen.insert(class) {
                continue;
            }
            let words = members
                .iter()
                .find(|(known, _)| known.as_str() == class)
                .ok_or_else(|| format!("class {name:?} names the class {class:?}, which does not exist"))?;
            for word in words.1 {
                match word.strip_prefix('@').filter(|name| !name.is_empty()) {
                    Some(other) => pending.push(other),
                    None => set.extend(grammar.words_of(word)),
                }
            }
        }
        let number = usize::from(grammar.named[name.as_str()]);
        grammar.classes[number] = set;
    }
    Ok(())
}

fn rules(grammar: &mut Grammar, files: &[(String, LanguageFile)], code: &mut String) -> Result<(), String> {
    let (mut events, mut roles, mut guards, mut loans) = (String::new(), String::new(), String::new(), String::new());
    let mut named: BTreeMap<&String, Vec<u16>> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for (language, (path, file)) in files.iter().enumerate() {
        let at = |fault: String| format!("{path}: {fault}");
        for (name, patterns) in &file.patterns {
            let (left, list) = (name.starts_with("left_"), patterns.as_slice());
            let numbers = grammar.patterns(list, left).map_err(at)?;
            named.entry(name).or_default().extend(numbers);
        }
        for event in &file.events {
            if !names.insert(&event.name) {
                return Err(at(format!("two events are called {:?}", event.name)));
            }
            events.push_str(&event_code(grammar, event, language).map_err(at)?);
        }
        for role in &file.roles {
            let left = grammar.patterns(role.left.as_slice(), true).map_err(at)?;
            let right = grammar.patterns(role.right.as_slice(), false).map_err(at)?;
            let words = grammar
                .vocabulary(role.left.as_slice().iter().chain(role.right.as_slice()))
                .map_err(at)?;
            writeln!(
                roles,
                "Rule {{ role: Role::{}, left: &{left:?}, right: &{right:?}, words: {words} }},",
                camel(&role.role)
            )
            .expect("a String takes all");
        }
        for guard in &file.guards {
            let patterns = grammar.patterns(&guard.patterns, false).map_err(at)?;
            let except = grammar.patterns(&guard.except, false).map_err(at)?;
            grammar.guarding.extend(&patterns);
            writeln!(
                guards,
                "Guard {{ name: {:?}, language: {language}, hard: {}, patterns: &{patterns:?}, except: &{except:?} }},",
                guard.name, guard.hard
            )
            .expect("a String takes all");
        }
        for loan in &file.loans {
            let patterns = grammar.patterns(&loan.patterns, false).map_err(at)?;
            let except = grammar.patterns(&loan.except, false).map_err(at)?;
            let words = grammar.vocabulary(loan.patterns.iter()).map_err(at)?;
            writeln!(
                loans,
                "LoanRule {{ class: LoanClass::{}, patterns: &{patterns:?}, except: &{except:?}, words: {words} }},",
                camel(&loan.class)
            )
            .expect("a String takes all");
        }
    }
    writeln!(code, "pub(crate) static EVENTS: &[Event] = &[\n{events}];\npub(crate) static RULES: &[Rule] = &[\n{roles}];\npub(crate) static GUARDS: &[Guard] = &[\n{guards}];\npub(crate) static LOAN_RULES: &[LoanRule] = &[\n{loans}];").expect("a String takes all");
    write_names(grammar, files.len(), &named, code);
    Ok(())
}

fn event_code(grammar: &mut Grammar, event: &EventEntry, language: usize) -> Result<String, String> {
    let left = grammar.patterns(event.left.as_slice(), true)?;
    let right = grammar.patterns(event.right.as_slice(), false)?;
    let words = grammar.vocabulary(event.left.as_slice().iter().chain(event.right.as_slice()))?;
    let direction = match event.direction.as_str() {
        "CREDIT" => "Some(Impact::Credit)",
        "DEBIT" => "Some(Impact::Debit)",
        "NONE" => "None",
        other => return Err(format!("{other:?} is not a direction")),
    };
    let strength = match event.strength.as_str() {
        known @ ("strong" | "account" | "known" | "done" | "weak") => camel(known),
        other => return Err(format!("{other:?} is not a strength")),
    };
    let mut flags = Vec::new();
    for flag in &event.flags {
        let known = [
            "CARD", "UNDO", "DEPOSIT", "NOUN", "AIRTIME", "HEADLINE", "FEE", "SENT", "NAMED", "WHOSE", "MINUS",
            "BANKS", "ACTOR",
        ];
        if !known.contains(&flag.to_ascii_uppercase().as_str()) {
            return Err(format!("event {:?}: there is no flag {flag:?}", event.name));
        }
        flags.push(format!("flag::{}", flag.to_ascii_uppercase()));
    }
    let flags = if flags.is_empty() {
        "0".to_owned()
    } else {
        flags.join(" | ")
    };
    let name = format!("clauses/{}", event.name);
    Ok(format!(
        "Event {{ name: {name:?}, language: {language}, direction: {direction}, strength: Strength::{strength}, left: &{left:?}, right: &{right:?}, words: {words}, flags: {flags} }},\n"
    ))
}

/// The patterns and classes that the reader asks for by name.
fn write_names(grammar: &Grammar, languages: usize, named: &BTreeMap<&String, Vec<u16>>, code: &mut String) {
    code.push_str("pub(crate) mod pattern {\n");
    for (name, numbers) in named {
        writeln!(
            code,
            "pub(crate) static {}: &[u16] = &{numbers:?};",
            name.to_ascii_uppercase()
        )
        .expect("a String takes all");
    }
    code.push_str("}\n");
    for name in OWN_CLASSES {
        let of = |language| {
            let own = grammar.named.get(&own_class(name, language));
            own.map_or("None".to_owned(), |class| format!("Some({class})"))
        };
        let list: Vec<String> = (0..languages).map(of).collect();
        writeln!(
            code,
            "pub(crate) static {}S: &[Option<u16>] = &[{}];",
            name.to_ascii_uppercase(),
            list.join(",")
        )
        .expect("a String takes all");
    }
    code.push_str("#[allow(dead_code)]\npub(crate) mod class {\n");
    for (name, number) in &grammar.named {
        writeln!(code, "pub(crate) const {}: u16 = {number};", name.to_ascii_uppercase()).expect("a String takes all");
    }
    code.push_str("}\n");
}

fn camel(name: &str) -> String {
    name.split('_')
        .map(|part| {
            let (first, rest) = part.split_at(1.min(part.len()));
            first.to_ascii_uppercase() + rest
        })
        .collect()
}

fn write_words(grammar: &Grammar, files: &[(String, LanguageFile)], code: &mut String) -> Result<(), String> {
    // The words that each spelling stands for.
    let mut written: BTreeMap<String, Vec<u16>> = BTreeMap::new();
    for (number, word) in grammar.words.iter().enumerate().skip(PLACEHOLDERS.len()) {
        if !word.ends_with('*') || word.len() == 1 {
            written.insert(word.clone(), vec![u16::try_from(number).expect("few")]);
        }
    }
    for (canonical, spellings) in files.iter().flat_map(|(_, file)| &file.spellings) {
        let numbers: Vec<u16> = canonical.split(' ').map(|word| grammar.numbers[word]).collect();
        for spelling in spellings {
            written.insert(spelling.clone(), numbers.clone());
        }
    }
    let size = (written.len() * 2).next_power_of_two();
    let mut table = vec![0_u16; size];
    for (index, (word, _)) in written.iter().enumerate() {
        let mut slot = hash(word) as usize & (size - 1);
        while table[slot] != 0 {
            slot = (slot + 1) & (size - 1);
        }
        table[slot] = u16::try_from(index + 1).expect("few");
    }
    writeln!(
        code,
        "pub(crate) static SPELLINGS: Texts = {};\npub(crate) static SPELLED: Lists = {};\n\
         pub(crate) static SLOTS: &[u16] = &{table:?};",
        pool::texts(written.keys().map(String::as_str))?,
        pool::lists(written.values().cloned())?
    )
    .expect("a String takes all");
    let mut stems: Vec<(&str, u16)> = grammar
        .words
        .iter()
        .zip(0..)
        .filter_map(|(word, number)| Some((word.strip_suffix('*').filter(|stem| !stem.is_empty())?, number)))
        .collect();
    // The longest stem decides.
    stems.sort_by_key(|(stem, _)| std::cmp::Reverse(stem.len()));
    let beginnings = super::by_first_byte(&mut stems, |(stem, _)| stem);
    writeln!(
        code,
        "pub(crate) static STEMS: &[(&str, u16)] = &{stems:?};\npub(crate) static STEM_BEGINNINGS: Beginnings = {beginnings};"
    )
    .expect("a String takes all");
    let mut phrases: Vec<(u16, u16, u16)> = Vec::new();
    for (canonical, list) in files.iter().flat_map(|(_, file)| &file.phrases) {
        for phrase in list {
            let (first, second) = phrase
                .split_once(' ')
                .ok_or_else(|| format!("the phrase {phrase:?} is not two words"))?;
            phrases.push((
                grammar.numbers[first],
                grammar.numbers[second],
                grammar.numbers[canonical],
            ));
        }
    }
    phrases.sort_unstable();
    writeln!(code, "pub(crate) static PHRASES: &[(u16, u16, u16)] = &{phrases:?};").expect("a String takes all");
    let abbreviations: BTreeSet<&String> = files.iter().flat_map(|(_, file)| &file.abbreviations).collect();
    let abbreviations: Vec<&String> = abbreviations.into_iter().collect();
    writeln!(code, "pub(crate) static ABBREVIATIONS: &[&str] = &{abbreviations:?};").expect("a String takes all");
    // A bit for each language: the languages that a word identifies, and the languages without marks.
    let (mut marked, mut unmarked) = (vec![0_u16; grammar.words.len()], 0_u16);
    for (language, (_, file)) in files.iter().enumerate() {
        let bit = u32::try_from(language)
            .ok()
            .and_then(|language| 1_u16.checked_shl(language));
        let bit = bit.ok_or("more languages than bits")?;
        let words: BTreeSet<u16> = file.marks.iter().flat_map(|word| grammar.words_of(word)).collect();
        if words.is_empty() {
            unmarked |= bit;
        }
        for word in words {
            marked[usize::from(word)] |= bit;
        }
    }
    writeln!(
        code,
        "pub(crate) static MARKED: &[u16] = &{marked:?};\npub(crate) const UNMARKED: u16 = {unmarked};"
    )
    .expect("a String takes all");
    writeln!(
        code,
        "pub(crate) static WORD_TEXTS: Texts = {};",
        pool::texts(grammar.words.iter().map(String::as_str))?
    )
    .expect("a String takes all");
    Ok(())
}

fn write_patterns(grammar: &Grammar, code: &mut String) {
    let blocks = grammar.classes.len().div_ceil(64);
    let mut bits = vec![vec![0_u64; blocks]; grammar.words.len()];
    for (class, words) in grammar.classes.iter().enumerate() {
        for word in words {
            bits[usize::from(*word)][class / 64] |= 1 << (class % 64);
        }
    }
    // Most words are in few classes, and many words are in the same classes, so each set is stored once.
    let mut sets: BTreeMap<&Vec<u64>, usize> = BTreeMap::new();
    let mut distinct: Vec<&Vec<u64>> = Vec::new();
    let of_word: Vec<usize> = bits
        .iter()
        .map(|set| {
            *sets.entry(set).or_insert_with(|| {
                distinct.push(set);
                distinct.len() - 1
            })
        })
        .collect();
    writeln!(code, "pub(crate) const CLASS_BLOCKS: usize = {blocks};\npub(crate) static CLASS_SETS: &[[u64; CLASS_BLOCKS]] = &{distinct:?};\npub(crate) static WORD_SETS: &[u16] = &{of_word:?};").expect("a String takes all");
    let mut steps: Vec<Step> = Vec::new();
    let mut ends: Vec<u32> = Vec::new();
    let mut optional: Vec<u64> = Vec::new();
    let mut by_word: Vec<Vec<u16>> = vec![Vec::new(); grammar.words.len()];
    let mut always: Vec<u16> = Vec::new();
    for (pattern, number) in grammar.patterns.iter().zip(0..) {
        steps.extend(pattern);
        ends.push(u32::try_from(steps.len()).expect("few"));
        let omitted = pattern.iter().enumerate().filter(|(_, step)| **step & OPTIONAL != 0);
        optional.push(omitted.fold(0, |set, (at, _)| set | (1 << at)));
        let anchors = grammar.anchors(pattern);
        if anchors.is_empty() {
            always.push(number);
        }
        for word in anchors {
            by_word[usize::from(word)].push(number);
        }
    }
    let mut flat: Vec<u16> = Vec::new();
    let mut starts: Vec<u32> = Vec::new();
    for patterns in &by_word {
        starts.push(u32::try_from(flat.len()).expect("few"));
        flat.extend(patterns);
    }
    starts.push(u32::try_from(flat.len()).expect("few"));
    let blocks = grammar.patterns.len().div_ceil(64);
    let mut guarding = vec![0_u64; blocks];
    for pattern in &grammar.guarding {
        guarding[usize::from(*pattern) / 64] |= 1 << (pattern % 64);
    }
    writeln!(
        code,
        "pub(crate) static GUARDING: [u64; PATTERN_BLOCKS] = {guarding:?};"
    )
    .expect("a String takes all");
    writeln!(code, "pub(crate) const PATTERN_BLOCKS: usize = {blocks};\npub(crate) static STEPS: &[u16] = &{steps:?};\npub(crate) static STEP_ENDS: &[u32] = &{ends:?};\npub(crate) static OPTIONAL_STEPS: &[u64] = &{optional:?};\npub(crate) static ANCHORED: &[u16] = &{flat:?};\npub(crate) static ANCHOR_STARTS: &[u32] = &{starts:?};\npub(crate) static UNANCHORED: &[u16] = &{always:?};").expect("a String takes all");
}
