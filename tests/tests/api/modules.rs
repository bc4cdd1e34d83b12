//! The crates depend on each other in one direction, and so do the modules of every crate.
//!
//! A module that only re-exports another one does not depend on it; whoever imports the re-exported item does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module's path below its crate, `["store", "call"]`.
pub(crate) type Module = Vec<String>;
/// A path in the source, by its segments.
type Segments = Vec<String>;

/// The modules of a crate, with the imports and re-exports of each.
#[derive(Default)]
struct Crate {
    imports: BTreeMap<Module, Vec<Segments>>,
    exports: BTreeMap<Module, BTreeMap<String, Segments>>,
}

impl Crate {
    fn of(sources: &BTreeMap<Module, String>) -> Self {
        let mut read = Self::default();
        for (module, source) in sources {
            let (mut imports, mut exports) = (Vec::new(), BTreeMap::new());
            let source = shipped(source);
            let mut rest = String::new();
            for statement in source.split_inclusive(';') {
                let Some((before, tree)) = use_tree(statement) else {
                    rest.push_str(statement);
                    continue;
                };
                rest.push_str(before);
                let is_export = before.trim_end().ends_with("pub") || before.trim_end().ends_with(')');
                for path in expanded(tree) {
                    match path.last() {
                        Some(name) if is_export => drop(exports.insert(name.clone(), path)),
                        _ => imports.push(path),
                    }
                }
            }
            imports.extend(inline_paths(&rest));
            read.imports.insert(module.clone(), imports);
            read.exports.insert(module.clone(), exports);
        }
        read
    }

    /// The module that defines the name at the end of a path in `from`; `None` if another crate defines it.
    fn definer(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        assert!(depth < 20, "{path:?} is re-exported in a circle");
        let mut at = from.clone();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => {
                at.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            first => {
                at.push(first.to_owned());
                if !self.imports.contains_key(&at) {
                    return None;
                }
                rest = &rest[1..];
            }
        }
        while let Some((segment, later)) = rest.split_first() {
            at.push(segment.clone());
            if !self.imports.contains_key(&at) {
                at.pop();
                break;
            }
            rest = later;
        }
        let export = rest.first().and_then(|name| self.exports.get(&at)?.get(name));
        let definer = export.and_then(|path| self.definer(&at, path, depth + 1));
        Some(definer.unwrap_or(at))
    }

    /// The dependencies between modules, each reduced to its first `depth` segments.
    fn dependencies(&self, depth: usize) -> BTreeMap<Module, BTreeSet<Module>> {
        let cut = |module: &Module| module.iter().take(depth).cloned().collect::<Module>();
        let mut all: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for (module, imports) in &self.imports {
            let defined = imports.iter().filter_map(|path| self.definer(module, path, 0));
            let used = defined.map(|used| cut(&used)).filter(|used| *used != cut(module));
            all.entry(cut(module)).or_default().extend(used);
        }
        all
    }
}

/// The source without comments and unit tests.
pub(crate) fn shipped(source: &str) -> String {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = source.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The text before a `use` and its tree, if the statement ends with one.
fn use_tree(statement: &str) -> Option<(&str, &str)> {
    let statement = statement.strip_suffix(';')?;
    let at = statement.rfind("use ")?;
    let (before, tree) = (&statement[..at], &statement[at + 4..]);
    let begins = before.is_empty() || before.ends_with(['\n', ' ']);
    (begins && !tree.contains(['(', '=', '"'])).then_some((before, tree))
}

/// `a::{b, c::d}` as `a::b` and `a::c::d`.
fn expanded(tree: &str) -> Vec<Segments> {
    let tree: String = tree.split(" as ").collect::<Vec<_>>().join("@");
    let tree: String = tree.split_whitespace().collect();
    let mut paths = Vec::new();
    expand(String::new(), &tree, &mut paths);
    paths
}

fn expand(prefix: String, tree: &str, paths: &mut Vec<Segments>) {
    let (mut depth, mut start) = (0_usize, 0);
    let ends = tree.char_indices().filter(|(_, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        *c == ',' && depth == 0
    });
    let ends: Vec<usize> = ends.map(|(at, _)| at).chain([tree.len()]).collect();
    for end in ends {
        let part = &tree[start..end];
        start = end + 1;
        if let Some((before, inner)) = part.split_once('{') {
            expand(format!("{prefix}{before}"), inner.trim_end_matches('}'), paths);
        } else if !part.is_empty() {
            let path = format!("{prefix}{part}");
            let path = path.split('@').next().unwrap_or_default();
            paths.push(path.split("::").map(str::to_owned).collect());
        }
    }
}

/// The paths written in expressions and attributes: `crate::a::b`, `super::a`, `child::a`.
fn inline_paths(source: &str) -> Vec<Segments> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$';
    let source = source.replace("(in crate", "(");
    let words = source.split(|c: char| !is_path(c));
    let paths = words.filter(|word| word.contains("::") && !word.starts_with("::"));
    paths
        .map(|path| path.split("::").map(str::to_owned).collect())
        .collect()
}

/// The modules that are on a cycle, or between two cycles.
fn circles(mut all: BTreeMap<Module, BTreeSet<Module>>) -> BTreeMap<Module, BTreeSet<Module>> {
    loop {
        let names: BTreeSet<Module> = all.keys().cloned().collect();
        let used: BTreeSet<Module> = all.values().flatten().cloned().collect();
        let before = all.len();
        for used in all.values_mut() {
            used.retain(|module| names.contains(module));
        }
        all.retain(|module, uses| !uses.is_empty() && used.contains(module));
        if all.len() == before {
            return all;
        }
    }
}

/// The folders of the crates, from the root of the workspace.
pub(crate) fn crates() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut crates = Vec::new();
    for parent in ["shared", "functions", "infra"] {
        let entries = std::fs::read_dir(root.join(parent)).expect("folder");
        let names = entries.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned());
        let folders = names.map(|name| format!("{parent}/{name}"));
        crates.extend(folders.filter(|folder| root.join(folder).join("src").is_dir()));
    }
    crates
}

/// The sources of a crate, without its test modules.
pub(crate) fn sources(folder: &str) -> BTreeMap<Module, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(folder)
        .join("src");
    let mut files: Vec<PathBuf> = vec![root.clone()];
    let mut sources = BTreeMap::new();
    while let Some(file) = files.pop() {
        if file.is_dir() {
            let entries = std::fs::read_dir(&file).expect("folder");
            files.extend(entries.map(|entry| entry.expect("entry").path()));
            continue;
        }
        let path = file.with_extension("");
        let segments = path.strip_prefix(&root).expect("below the root").iter();
        let mut module: Module = segments.map(|part| part.to_string_lossy().into_owned()).collect();
        module.pop_if(|last| last == "mod" || last == "lib");
        sources.insert(module, std::fs::read_to_string(&file).expect("source"));
    }
    let mut tests = BTreeSet::new();
    for (module, source) in &sources {
        for declared in source.split("#[cfg(test)]\n").skip(1) {
            let line = declared.lines().next().unwrap_or_default();
            if let Some((_, name)) = line.strip_suffix(';').and_then(|line| line.split_once("mod ")) {
                tests.insert([module.as_slice(), &[name.to_owned()]].concat());
            }
        }
    }
    sources.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
    sources
}

#[test]
fn modules_import_each_other_in_one_direction() {
    let crates = crates();
    assert!(crates.len() > 15, "the crates are found: {crates:?}");
    let mut found = BTreeMap::new();
    for folder in &crates {
        let read = Crate::of(&sources(folder));
        for (what, depth) in [("modules", usize::MAX), ("folders", 1)] {
            let circles = circles(read.dependencies(depth));
            if !circles.is_empty() {
                let _ = found.insert((folder, what), circles);
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// For each crate, the workspace crates that it names, including its tests and build.
fn crate_dependencies() -> BTreeMap<Module, BTreeSet<Module>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = |folder: &str| -> toml::Table {
        let text = std::fs::read_to_string(root.join(folder).join("Cargo.toml")).expect("manifest");
        text.parse().expect("TOML")
    };
    let workspace = manifest(".");
    let shared = workspace["workspace"]["dependencies"].as_table().expect("dependencies");
    let own: BTreeSet<&str> = shared
        .iter()
        .filter(|(_, source)| source.get("path").is_some())
        .map(|(name, _)| name.as_str())
        .collect();
    let of = |folder: String| {
        let manifest = manifest(&folder);
        let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
        let tables = kinds.into_iter().filter_map(|kind| manifest.get(kind)?.as_table());
        let names = tables
            .flat_map(|table| table.keys())
            .filter(|name| own.contains(name.as_str()));
        let name = manifest["package"]["name"].as_str().expect("name").to_owned();
        (vec![name], names.map(|name| vec![name.clone()]).collect())
    };
    crates().into_iter().chain(["tests".to_owned()]).map(of).collect()
}

#[test]
fn crates_depend_on_each_other_in_one_direction() {
    let all = crate_dependencies();
    let tests = &all[&vec!["daftari-tests".to_owned()]];
    assert!(
        tests.contains(&vec!["docs".to_owned()]),
        "the manifests are read: {tests:?}"
    );
    assert!(tests.len() > 12, "{tests:?}");
    let circles = circles(all);
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn a_circle_is_found_through_a_re_export_and_in_a_path() {
    let circles_of = |sources: [(&str, &str); 4]| {
        let sources = sources.map(|(path, source)| {
            let module = path.split("::").filter(|part| !part.is_empty());
            (module.map(str::to_owned).collect::<Module>(), source.to_owned())
        });
        let found = circles(Crate::of(&sources.into()).dependencies(usize::MAX));
        found.keys().map(|module| module.join("::")).collect::<Vec<_>>()
    };
    let root = ("", "mod a;\nmod b;\n");
    let facade = ("a", "mod inner;\npub use inner::Thing;\n");
    let with = |b: &'static str, inner: &'static str| circles_of([root, facade, ("b", b), ("a::inner", inner)]);
    assert!(with("use crate::a::Thing;", "pub struct Thing;").is_empty());
    assert_eq!(
        with("use crate::a::Thing;", "use crate::b::{Other, More};"),
        ["a::inner", "b"]
    );
    assert_eq!(
        with("fn f(_: crate::a::Thing) {}", "use super::super::b;"),
        ["a::inner", "b"]
    );
    let parent = ("a", "mod inner;\nfn f() -> u8 { inner::g() }\n");
    let of_child = |inner: &'static str| circles_of([root, parent, ("b", ""), ("a::inner", inner)]);
    assert!(of_child("pub fn g() -> u8 { 1 }").is_empty());
    assert_eq!(of_child("use super::f;"), ["a", "a::inner"]);
    assert!(with("// crate::a::Thing\n", "use crate::b::Other;").is_empty());
    let test = "#[cfg(test)]\nmod tests {\n    use crate::a::Thing;\n}\n";
    assert!(with(test, "use crate::b::Other;").is_empty());
}

/// The SDK's client is private to `store/call.rs`. The other files use types of attributes, faults and capacity, or
/// create a table.
#[test]
fn few_modules_name_the_sdk_of_the_table() {
    let named = sources("shared/platform").into_iter();
    let named = named.filter(|(_, source)| source.contains("aws_sdk_dynamodb"));
    let named: Vec<String> = named.map(|(module, _)| module.join("/")).collect();
    let expected = [
        "aws",
        "store",
        "store/attributes",
        "store/call",
        "store/create_table",
        "store/fault",
        "store/usage",
    ];
    assert_eq!(named, expected);
}

/// Handlers get the table only from the extractors that check the caller.
#[test]
fn no_function_opens_the_table() {
    let functions = crates().into_iter().filter(|folder| folder.starts_with("functions/"));
    let sources: Vec<_> = functions.flat_map(|folder| sources(&folder)).collect();
    assert!(
        sources.iter().any(|(_, source)| source.contains("SignInStore")),
        "the sources are read"
    );
    let opening: Vec<_> = sources
        .iter()
        .filter(|(_, source)| source.contains("Store::"))
        .collect();
    assert!(opening.is_empty(), "{opening:#?}");
}
