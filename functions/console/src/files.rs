//! The built files of the page, and the choice of the form for a client.

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// The file that names all others. Only its name stays the same between builds.
pub(crate) const INDEX: &str = "index.html";

/// A file of the page, in up to three forms.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) bytes: &'static [u8],
    pub(crate) br: Option<&'static [u8]>,
    pub(crate) gzip: Option<&'static [u8]>,
}

/// The files of `web/dist`; none if the page was not built before the function (`build.rs`).
pub(crate) static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

impl File {
    /// The content type, by the name. Builds make files of these types only.
    pub(crate) fn content_type(&self) -> &'static str {
        match self.name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("txt") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }

    /// The smallest form that the client accepts, and its `Content-Encoding`.
    pub(crate) fn form_for(&self, headers: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
        let forms = [("br", self.br), ("gzip", self.gzip)];
        forms
            .into_iter()
            .find_map(|(encoding, bytes)| Some((bytes.filter(|_| accepts(headers, encoding))?, Some(encoding))))
            .unwrap_or((self.bytes, None))
    }
}

/// Whether `Accept-Encoding` names an encoding with a weight above 0 (RFC 9110, section 12.5.3). `*` does not count as
/// naming one: such a client gets the uncompressed file.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter();
    let elements = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    elements
        .map(|element| element.split(';').map(str::trim))
        .any(|mut parts| {
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
            let refused = parts.any(|part| {
                let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
                weight.is_some_and(|weight| weight.trim_matches(['0', '.']).is_empty())
            });
            named && !refused
        })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const FILE: File = File {
        name: "index-5f0c9a4e.js",
        bytes: b"plain",
        br: Some(b"br"),
        gzip: Some(b"gzip"),
    };

    fn form(accepted: &[&'static str]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        for value in accepted {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_static(value));
        }
        FILE.form_for(&headers).1
    }

    #[test]
    fn a_client_gets_the_smallest_form_that_it_takes() {
        for (accepted, wanted) in [
            (&["gzip, deflate, br, zstd"][..], Some("br")),
            (&["gzip, deflate"], Some("gzip")),
            (&["GZIP;q=1.0", "BR;q=0.5"], Some("br")),
            (&["br;q=0, gzip;q=0.001"], Some("gzip")),
            (&["br;q=0.000,gzip; q=0"], None),
            (&["identity"], None),
            (&["brotli, xgzip"], None),
            (&[""], None),
            (&[], None),
        ] {
            assert_eq!(form(accepted), wanted, "{accepted:?}");
        }
        assert_eq!(FILE.form_for(&HeaderMap::new()).0, b"plain");
    }

    #[test]
    fn every_built_file_has_a_type_that_browsers_know() {
        for file in FILES {
            assert_ne!(file.content_type(), "application/octet-stream", "{}", file.name);
        }
    }
}
