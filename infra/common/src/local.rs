//! Constants that the service on this machine (`make dev`) shares with the tools that work on it.

/// Name of the table.
pub const TABLE: &str = "daftari";
/// The AWS region that clients send to the local engine. The engine ignores it.
pub const REGION: &str = "eu-west-1";
/// The access key id and the secret key that clients send to the local engine. The engine ignores both.
pub const CREDENTIAL: &str = "local";

/// Environment variable with the folder of all data.
pub const DATA_DIR: &str = "DATA_DIR";
/// The folder without that variable, from the root of the project.
pub const DEFAULT_DATA_DIR: &str = ".local";
/// Environment variable with the port of the table.
pub const TABLE_PORT: &str = "TABLE_PORT";
/// The port of the table without that variable.
pub const DEFAULT_TABLE_PORT: u16 = 8000;
/// Environment variable with the port of the API.
pub const API_PORT: &str = "PORT";
/// The port of the API without that variable.
pub const DEFAULT_API_PORT: u16 = 9000;

/// File of the folder: the environment of the functions, with lines such as `DAFTARI_TABLE='daftari'`. Every start
/// writes it with the table's address.
pub const ENVIRONMENT_FILE: &str = "functions.env";
/// File of the folder: the signing keys.
pub const SIGNING_KEYS_FILE: &str = "signing-keys.json";
/// File of the folder: the URL of the API, while `make dev` serves it.
pub const API_FILE: &str = "api-url";
