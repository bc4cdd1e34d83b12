//! Embeds the built web page, `web/dist`, if there is one.
//!
//! `infra/dev/console.sh` builds the page, and needs the network once. Cargo needs neither the script nor Node.js:
//! without `web/dist` the function still compiles, and serves a page that tells how to build.
//! `DAFTARI_CONSOLE=required` makes a missing page an error, as for packages.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// How a file is compressed in `dist`, beside the file itself: suffix, and the name in `Content-Encoding`.
const ENCODINGS: [(&str, &str); 2] = [(".br", "br"), (".gz", "gzip")];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=web/dist");
    println!("cargo::rerun-if-env-changed=DAFTARI_CONSOLE");
    let dist = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("web/dist");
    let mut names = match dist.read_dir() {
        Ok(entries) => entries
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<_>>>()?,
        Err(_) => Vec::new(),
    };
    names.retain(|name| !name.starts_with('.') && ENCODINGS.iter().all(|(suffix, _)| !name.ends_with(suffix)));
    names.sort();
    if names.is_empty() && env::var("DAFTARI_CONSOLE").as_deref() == Ok("required") {
        return Err(io::Error::other(
            "functions/console/web/dist is missing: infra/dev/console.sh builds it",
        ));
    }

    let mut code = String::from("&[\n");
    for name in names {
        // `index.html` names the other files, whose names contain a hash of their content.
        let _ = write!(code, "    File {{ name: {name:?}, bytes: ");
        include(&mut code, &dist.join(&name));
        for (suffix, encoding) in ENCODINGS {
            let _ = write!(code, ", {encoding}: ");
            let compressed = dist.join(format!("{name}{suffix}"));
            if compressed.exists() {
                code += "Some(";
                include(&mut code, &compressed);
                code += ")";
            } else {
                code += "None";
            }
        }
        code += " },\n";
    }
    code += "]\n";
    fs::write(PathBuf::from(variable("OUT_DIR")?).join("files.rs"), code)
}

fn include(code: &mut String, file: &Path) {
    let _ = write!(code, "include_bytes!({:?})", file.to_string_lossy());
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}
