//! Loans: whose loan it is, and which events it has.

use crate::assert_unread;

#[test]
fn somebody_else_s_loan_is_none_of_the_user_s() {
    assert_unread(
        "TALA",
        "KE",
        &[
            "Hi Peris, your friend John has a Tala loan of KES 4,000 that is overdue. Please ask him to pay.",
            "Dear Peris, John Doe's loan of KES 4,000 has been disbursed. You are his guarantor.",
            "Your loan is due tomorrow for John Doe, whom you guaranteed.",
            "Dear Mary, your loan guarantee for John of KES 4,000 is overdue.",
            "Hi Peris, we have received KES 1,200 from John for his loan. Your balance is KES 0.",
        ],
    );
    assert_unread(
        "MPESA",
        "KE",
        &[
            "Dear customer, JOHN DOE's M-Shwari loan of Ksh 3,000.00 is overdue. Kindly ask him to pay.",
            "Dear JANE, JOHN DOE has listed you as a referee for a KCB M-PESA loan of Ksh 3,000.00 due on 12/5/26.",
        ],
    );
}

#[test]
fn a_condition_or_a_question_about_a_loan_is_not_an_event() {
    assert_unread(
        "TALA",
        "KE",
        &[
            "Hi Peris, once you have fully repaid your loan you can borrow KES 5,000.",
            "Dear Peris, if you missed your loan payment of KES 1,150 pay today.",
            "Dear Peris, did you know you missed your Tala loan payment?",
            "Hi Peris, have you fully repaid your loan? Borrow KES 5,000 now.",
            "Hi Peris, you have not fully repaid your loan.",
            "Hi Peris, your loan is not overdue.",
            "Dear Peris, your loan will be approved once you verify KES 5,000.",
            "Dear Peris, your loan application LN-2046 for KES 9,000 has been received and is under review.",
        ],
    );
}

/// "Your loan is cleared" means something else than "your loan is cleared for disbursement".
#[test]
fn a_notice_is_not_read_up_to_the_middle_of_its_sentence() {
    assert_unread(
        "TALA",
        "KE",
        &[
            "Dear Peris, your loan of KES 1,500 has been sent to collections. Pay now.",
            "Dear Peris, your loan of KES 1,500 has been sent to CRB for listing.",
            "Dear Peris, your loan of KES 1,500 has been disbursed to John Doe.",
            "Dear Peris, your loan LN-2044 of KES 1,500 has been approved and sent for final review.",
            "Dear Peris, your loan of KES 1,500 is due on 12/12/2026 if you accept this offer.",
            "Dear Peris, your loan has been cleared for disbursement. KES 1,500 will be sent.",
            "DEAR PERIS, YOUR LOAN HAS BEEN CLEARED FOR DISBURSEMENT. KES 1,500 WILL BE SENT.",
            "Dear Peris, your loan is cleared by our credit team.",
            "Dear Peris, your request for KES 500 has been declined. Update the app.",
            "Dear Peris, your loan is due today for disbursement.",
            "Congratulations! You have cleared your loan arrears.",
            "You have cleared your loan instalment for March. KES 1,500 paid.",
            "Dear Peris, you missed your loan offer of KES 5,000. Apply today.",
            "Dear Peris, your loan limit has increased to KES 5,000 for John.",
            "Dear Peris, you qualify for a loan of up to KES 5,000 after you repay.",
            "Dear Peris, you have defaulted on your loan guarantee for John.",
            "Dear Peris, your loan has been submitted to CRB for scoring.",
            "Dear Peris, your loan has been reported to CRB as fully paid.",
            "Dear Peris, your loan is overdue for review. Visit the app.",
            "Dear guarantor, your loan of KES 3,000 is overdue.",
            "Dear Peris, your loan is cleared, except for KES 300 penalties.",
            "Dear Peris, your loan is fully paid, less KES 300.",
            "Dear Peris, your loan has been fully repaid - KES 300 remains.",
            "Dear Peris, your loan application was declined by mistake. KES 500 approved.",
            "Dear Peris, John's payment of KES 2,200 received for loan LN-2044. Outstanding balance: KES 7,000.",
            "Dear Peris, his loan repayment of KES 3,100 has been received. Outstanding balance: KES 5,400.",
            "FINAL NOTICE: Dear Peris, John's loan LN-2044 (50 days overdue, KES 11,300) is being escalated for legal recovery.",
        ],
    );
}
