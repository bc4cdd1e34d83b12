//! Warm-up: reads a message during the cold start.

use daftari_domain::Timestamp;
use daftari_sms::Message;

/// An invented message of a common sender.
const BODY: &str = "QA12BC34DE Confirmed. Ksh100.00 sent to JANE DOE 0700000000 on 1/1/21 at 1:00 PM. \
                    New M-PESA balance is Ksh50.00. Transaction cost, Ksh0.00.";

/// Reads a message and discards the result. This prepares the tables of senders and companies and the scanners of one
/// institution, which takes longer than reading a batch.
pub fn warm_up() {
    let message = Message {
        sender: "MPESA",
        body: BODY,
        received_at: Timestamp::EPOCH,
        id: None,
    };
    let _ = daftari_sms::read(&message, "KE".parse().ok());
}
