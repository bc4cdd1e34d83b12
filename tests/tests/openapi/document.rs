//! The document as a whole.

use daftari_tests::SERVED;
use utoipa::openapi::external_docs::ExternalDocsBuilder;
use utoipa::openapi::security::{Http, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Components, Contact, InfoBuilder, License, OpenApi, OpenApiBuilder, Paths, Server};

use crate::{operations, schemas};

const DESCRIPTION: &str = include_str!("description.md");

const TAGS: [(&str, &str); 8] = [
    (
        "Authentication",
        "Email and password of a login become tokens. An API token lives five hours and carries the scopes `read`, \
         `ingest` and `erase`.",
    ),
    (
        "Users",
        "The phone users of the lender's organization. A user is known by a uuid.",
    ),
    (
        "Ledger",
        "The records of a user: transactions, balances and alerts. Send messages or records, and read them.",
    ),
    (
        "Institutions",
        "The ledger by institution, for the newer generation of clients.",
    ),
    (
        "Accounts",
        "The ledger by account, in the shape for the older generation of clients.",
    ),
    (
        "Reports",
        "Credit report, debt to income and summaries, computed from the ledger at the moment of the request. Amounts of \
         different currencies are never added up.",
    ),
    (
        "Insights",
        "Named features, completeness, income, cash flow and affordability, computed from the ledger at the moment of the \
         request.",
    ),
    (
        "Service",
        "What the service is, whether it answers, and which version it is. Without a token.",
    ),
];

/// The document of all functions, without a base path.
pub(crate) fn document() -> OpenApi {
    let mut document = base();
    for (_, operation) in SERVED.iter().flat_map(|served| (served.operations)()) {
        document.merge(operation);
    }
    schemas::complete(&mut document);
    operations::complete(&mut document);
    document
}

/// The document as text, with the method and the path of each row that a text mentions by its name: `GET_USERS`.
pub(crate) fn text() -> String {
    let mut text = document().to_pretty_json().expect("json") + "\n";
    for row in crate::routes() {
        for end in ['`', '?'] {
            text = text.replace(&format!("`{}{end}", row.name), &format!("`{row}{end}"));
        }
    }
    let unknown = text.match_indices('`').find_map(|(at, _)| {
        let word = text[at + 1..]
            .split(|c: char| !c.is_ascii_uppercase() && c != '_')
            .next()?;
        ["GET_", "POST_", "DELETE_"]
            .iter()
            .any(|method| word.starts_with(method))
            .then_some(word)
    });
    assert_eq!(unknown, None, "no row that the document describes");
    text
}

fn base() -> OpenApi {
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    let mut contact = Contact::new();
    contact.name = Some("Daftari".to_owned());
    contact.url = Some(env!("CARGO_PKG_REPOSITORY").to_owned());
    let info = InfoBuilder::new()
        .title("Daftari")
        .version(daftari_platform::version::VERSION)
        .description(Some(DESCRIPTION.trim_end()))
        .contact(Some(contact))
        .license(Some(license))
        .build();
    let tags = TAGS.map(|(name, description)| {
        let tag = TagBuilder::new().name(name);
        tag.description(Some(description)).build()
    });
    let guides = ExternalDocsBuilder::new()
        .url(concat!(env!("CARGO_PKG_REPOSITORY"), "/tree/main/docs"))
        .description(Some("Guides: a tutorial, the rules behind the figures, examples"))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .external_docs(Some(guides))
        .servers(Some([Server::new("/")]))
        .tags(Some(tags))
        .paths(Paths::new())
        .components(Some(components()))
        .build()
}

fn components() -> Components {
    let mut components = Components::new();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some(
            "An API token (scopes `read`, `ingest`, `erase`; five hours), or a user token, which lets the app on one \
             user's phone send that user's messages and nothing else (scope `messages`; 90 days).",
        ));
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    components.add_security_scheme("basic", SecurityScheme::Http(Http::new(HttpAuthScheme::Basic)));
    components
}
