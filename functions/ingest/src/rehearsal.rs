//! Reading a message before the first one comes.

use daftari_domain::Timestamp;
use daftari_sms::Message;

/// A made-up message of the sender that most phones here hear from.
const BODY: &str = "QA12BC34DE Confirmed. Ksh100.00 sent to JANE DOE 0700000000 on 1/1/21 at 1:00 PM. \
                    New M-PESA balance is Ksh50.00. Transaction cost, Ksh0.00.";

/// Reads a message and forgets it: the tables of senders and companies, and the expressions of one institution, are then
/// ready, which take longer than reading a batch.
pub fn rehearse() {
    let message = Message {
        sender: "MPESA",
        body: BODY,
        received_at: Timestamp::EPOCH,
        id: None,
    };
    let _ = daftari_sms::read(&message, "KE".parse().ok());
}
