//! Schemas of a page of one account, for the OpenAPI document.

use utoipa::ToSchema;
use uuid::Uuid;

use crate::Timestamp;

/// Declares the description of a page of one account, with the name of its count.
macro_rules! account_meta {
    ($name:ident, $count:ident) => {
        /// The description of the elements of a page of an account.
        #[derive(ToSchema)]
        pub struct $name {
            /// The page, from 1.
            #[schema(minimum = 1)]
            pub page: u32,
            /// The first instant considered; null if open.
            pub utc_starttime: Option<Timestamp>,
            /// The last instant considered; null if open.
            pub utc_endtime: Option<Timestamp>,
            /// The account.
            pub acct_uuid: Uuid,
            /// The user.
            pub user_uuid: Uuid,
            /// Number of elements on all pages.
            pub $count: u64,
            /// Number of pages.
            #[schema(minimum = 1)]
            pub max_pages: u64,
            /// The organization the user is registered with.
            pub client_uuid: Uuid,
        }
    };
}

account_meta!(AccountTransactionsMeta, total_transactions_count);
account_meta!(AccountBalancesMeta, total_balances_count);
account_meta!(AccountAlertsMeta, total_alerts_count);
