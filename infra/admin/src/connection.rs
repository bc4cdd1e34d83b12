//! The table that a command works on.

use anyhow::{bail, ensure};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{Credentials, ProvideCredentials, Region};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use clap::Args;
use daftari_infra::local::{CREDENTIAL, REGION, TABLE};
use daftari_platform::aws::client_config;
use daftari_platform::store::Store;

use crate::{local, options};

/// Environment variable with the name of the table.
const TABLE_VARIABLE: &str = "DAFTARI_TABLE";
/// Environment variables with the address of DynamoDB, in order of precedence. The SDK reads them too.
const ENDPOINT_VARIABLES: [&str; 2] = ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"];
/// Header of every answer of DynamoDB.
const REQUEST_ID: &str = "x-amzn-requestid";

/// Address of the table.
#[derive(Args)]
pub(crate) struct Connection {
    /// Name of the table. Left out: DAFTARI_TABLE of the environment, else "daftari".
    #[arg(long)]
    table: Option<String>,
    /// Address of DynamoDB, if it is not that of the region. Left out: AWS_ENDPOINT_URL_DYNAMODB of the environment, if
    /// set.
    #[arg(long)]
    endpoint_url: Option<String>,
    #[arg(from_global)]
    local: bool,
}

/// A table and its client.
pub(crate) struct Connected {
    pub(crate) client: Client,
    pub(crate) table: String,
    /// For messages: the address of DynamoDB, or its region.
    place: String,
    local: bool,
}

impl Connection {
    /// The table, which exists.
    pub(crate) async fn store(&self) -> anyhow::Result<Store> {
        let connected = self.connect().await?;
        connected.ensure_table().await?;
        Ok(Store::new(connected.client, connected.table))
    }

    /// DynamoDB, with or without the table. Fails if the environment has no region or no credentials.
    pub(crate) async fn connect(&self) -> anyhow::Result<Connected> {
        let endpoint = self.endpoint()?;
        let mut config = client_config();
        if let Some(url) = &endpoint {
            config = config.endpoint_url(url);
        }
        if self.local {
            let credentials = Credentials::new(CREDENTIAL, CREDENTIAL, None, None, "local");
            config = config.region(Region::new(REGION)).credentials_provider(credentials);
        }
        let config = config.load().await;
        let Some(region) = config.region() else {
            bail!("AWS_REGION is not set; for the table of make dev: --local");
        };
        let credentials = match config.credentials_provider() {
            Some(provider) => provider.provide_credentials().await.ok(),
            None => None,
        };
        ensure!(
            credentials.is_some(),
            "no credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or for a profile \
             run eval \"$(aws configure export-credentials --format env)\"; for the table of make dev: --local"
        );
        Ok(Connected {
            client: Client::new(&config),
            table: self.table(),
            place: endpoint.unwrap_or_else(|| format!("DynamoDB of {region}")),
            local: self.local,
        })
    }

    fn table(&self) -> String {
        let of_environment = || named(TABLE_VARIABLE).filter(|_| !self.local);
        let table = self.table.clone().or_else(of_environment);
        table.unwrap_or_else(|| TABLE.to_owned())
    }

    /// The address of DynamoDB; `None` for the region's. The environment is an operator's, so `--local` ignores it.
    fn endpoint(&self) -> anyhow::Result<Option<String>> {
        if let Some(url) = &self.endpoint_url {
            return Ok(Some(options::url("--endpoint-url", url)?));
        }
        if self.local {
            return Ok(Some(local::endpoint()?));
        }
        let of_environment = |variable: &str| Some(options::url(variable, &named(variable)?));
        Ok(ENDPOINT_VARIABLES.into_iter().find_map(of_environment).transpose()?)
    }
}

fn named(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}

impl Connected {
    /// Fails if the table does not exist, or if the endpoint is not DynamoDB. Ignores all other errors, such as a
    /// missing permission for `DescribeTable`: the command's own calls report them.
    async fn ensure_table(&self) -> anyhow::Result<()> {
        let (table, place) = (&self.table, &self.place);
        match self.client.describe_table().table_name(table).send().await {
            Ok(answer) => self.ensure_dynamodb(answer.table().is_some()),
            Err(error) if is_missing(&error) => bail!("there is no table {table} at {place}"),
            Err(error) => self.ensure_answered(&error),
        }
    }

    /// Fails if DynamoDB does not answer, with or without the table.
    pub(crate) async fn ensure_there(&self) -> anyhow::Result<()> {
        match self.client.describe_table().table_name(&self.table).send().await {
            Ok(answer) => self.ensure_dynamodb(answer.table().is_some()),
            Err(error) => self.ensure_answered(&error),
        }
    }

    fn ensure_answered(&self, error: &SdkError<DescribeTableError>) -> anyhow::Result<()> {
        let place = &self.place;
        match error {
            SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) if self.local => {
                bail!("{place} is not reachable: is make dev running? TABLE_PORT or DATA_DIR name another copy")
            }
            SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => {
                bail!("{place} is not reachable: is the address right, and the network up?")
            }
            _ => {}
        }
        let answer = error.raw_response();
        self.ensure_dynamodb(answer.is_none_or(|answer| answer.headers().contains_key(REQUEST_ID)))
    }

    fn ensure_dynamodb(&self, is_dynamodb: bool) -> anyhow::Result<()> {
        let place = &self.place;
        ensure!(
            is_dynamodb,
            "{place} is not DynamoDB: the address must be that of the table, not of the API"
        );
        Ok(())
    }
}

fn is_missing(error: &SdkError<DescribeTableError>) -> bool {
    let fault = error.as_service_error();
    fault.is_some_and(DescribeTableError::is_resource_not_found_exception)
}
