//! The balance of a second is the same in every product.

use proptest::prelude::*;
use serde_json::Value;

use super::golden::{figure, user};
use crate::AccountType;
use crate::insights::features::FeatureRequest;
use crate::insights::{cash_flow, features};
use crate::reports::tests::balance_order::any_second;
use crate::reports::tests::records::{at, json, kenyan};

proptest! {
    #[test]
    fn every_product_shows_the_same_last_balance_of_a_second((records, last) in any_second()) {
        let as_of = at("2021-10-08T20:00:00");
        let report = features(&records, &kenyan(), user(), None, &FeatureRequest::at(as_of));
        let is_loan = records[0].account_type == AccountType::Loan;
        let kind = if is_loan { "loan" } else { "depository" };
        let expected = last.to_string();
        let expected = expected.strip_suffix(".0").expect("whole");
        prop_assert_eq!(figure(&report, &format!("sum_of_{kind}_balances_latest_0_30")), expected);
        prop_assert_eq!(figure(&report, &format!("average_end_of_day_{kind}_balance_0_30")), expected);
        if !is_loan {
            let flow = json(&cash_flow(&records, &kenyan(), as_of, None, None).flow);
            let last: Value = serde_json::from_str(&last.to_string()).expect("a number");
            prop_assert_eq!(&flow["windows"]["30d"]["min_balance"], &last);
            prop_assert_eq!(&flow["months"][0]["ending_balance"], &last);
            prop_assert_eq!(figure(&report, "min_balance_30d"), expected);
        }
    }
}
