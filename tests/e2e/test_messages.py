"""Messages of institutions of three countries, sent as phones send them, appear in ledgers, lists and reports."""

import pytest

AT = "2026-10-{day:02}T12:00:00Z"
# The user's country selects the institution of shared senders, so each country has a user.
PHONES = {"KE": "254799555002", "RW": "250788555002", "TZ": "255754555002"}
MESSAGES = {
    "KE": [
        (
            "MPESA",
            "UJ31B7X4ZQ Confirmed. Ksh1,500.00 sent to GRACE NJERI 0712000456 on 1/10/26 at 1:30 PM. New M-PESA "
            "balance is Ksh8,200.00. Transaction cost, Ksh23.00.",
        ),
        (
            "MPESA",
            "UJ42E8JAX1 confirmed.You bought Ksh50.00 of airtime on 2/10/26 at 2:52 PM.New M-PESA balance is "
            "Ksh8,150.00. Transaction cost, Ksh0.00. Amount you can transact within the day is 499,950.00.",
        ),
        (
            "AirtelMoney",
            "Airtel Money: You have received Ksh 700.00 from BRIAN KIPTOO (0733456111) on 03/10/2026 at 3:00 PM. Your "
            "new balance is Ksh 1,750.00. Transaction ID: AIR156677891.",
        ),
        (
            "QuickLender",
            "Congratulations Peris! Your QuickLender loan application LN-2044 for KES 8,000 has been APPROVED. You "
            "will receive disbursement shortly. -QuickLender",
        ),
        (
            "TALA",
            "Dear Peris, your loan application LN-2045 for KES 9,000 has been declined. You may apply again after 30 "
            "days. -TALA",
        ),
        ("KCB", "Your verification code is 401882. Do not share it with anyone."),
    ],
    "RW": [
        (
            "M-Money",
            "TxId: 83214484548. Your payment of 1,500 RWF to Eric Habimana 23456 has been completed at 2026-10-04 "
            "17:31:39. Your new balance: 2,700 RWF. Fee was 0 RWF.",
        ),
    ],
    "TZ": [
        (
            "CRDB",
            "Umepokea TZS 64000.00 kutoka SALMA IDDI kwenda akaunti yako Balance is TZS 180500.00",
        ),
    ],
}
RECORDED = {"KE": 5, "RW": 1, "TZ": 1}


@pytest.fixture(scope="module")
def phones(http):
    """A user of each country, and the headers of the app on the user's phone."""
    known = {}
    for country, number in PHONES.items():
        user = http.post("/users", json={"phone_number": number, "first_name": "Peris"}).json()["uuid"]
        token = http.post("/auth/user-token", json={"user_uuid": user})
        assert token.status_code == 201, token.text
        known[country] = user, {"Authorization": f"Bearer {token.json()['access_token']}"}
    return known


@pytest.fixture
def phone(phones):
    return phones["KE"]


def send(http, phones, country):
    user, headers = phones[country]
    batch = [
        {"sender": sender, "body": body, "received_at": AT.format(day=day)}
        for day, (sender, body) in enumerate(MESSAGES[country], start=1)
    ]
    answer = http.post(f"/users/{user}/messages", json={"messages": batch}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_messages_show_up_everywhere_with_their_labels(http, phones):
    read = set()
    for country, (user, _) in phones.items():
        counts = send(http, phones, country)
        assert counts["unrecognized_messages"] == [], country
        assert counts["recorded"] + counts["duplicates"] == RECORDED[country]
        assert counts["not_financial"] == (1 if country == "KE" else 0)
        for r in http.get(f"/users/{user}/ledger").json()["records"]:
            read.add((r["institution_id"], r["impact"], r["amount"], r["balance"], r["currency"], *r["labels"]))
    assert read == {
        ("mpesa", "DEBIT", 1500.0, 8200.0, "KES"),
        ("mpesa", "DEBIT", 50.0, 8150.0, "KES", "AirtimePurchase"),
        ("airtel_ke", "CREDIT", 700.0, 1750.0, "KES"),
        ("mtn_rw", "DEBIT", 1500.0, 2700.0, "RWF"),
        ("crdb", "CREDIT", 64000.0, 180500.0, "TZS"),
        ("quicklender", None, None, None, "KES", "LoanApproved"),
        ("tala_ke", None, None, None, "KES", "LoanDeclined"),
    }
    user, _ = phones["KE"]
    [alert] = http.get(f"/users/{user}/institutions/quicklender/alerts").json()["alerts"]
    assert alert["labels"] == ["LoanApproved"] and alert["body"].startswith("Congratulations Peris!")
    summary = http.get(f"/users/{user}/transactions-summary").json()
    assert summary["currency"] == "KES"
    assert (summary["credit"]["total"], summary["debit"]["total"]) == (700.0, 1550.0)
    report = http.get(f"/users/{user}/creditreport").json()
    assert report["depository"]["total_accounts"] == 2
    assert report["loan"]["open_accounts"] == 1
    assert http.get(f"/users/{user}/dti").json()["status"] == "ok"


def test_a_text_of_another_country_is_not_read(http, phones):
    user, headers = phones["KE"]
    before = http.get(f"/users/{user}/ledger").json()
    batch = [{"sender": s, "body": b, "received_at": AT.format(day=9)} for s, b in MESSAGES["RW"] + MESSAGES["TZ"]]
    counts = http.post(f"/users/{user}/messages", json={"messages": batch}, headers=headers).json()
    assert counts["recorded"] == 0
    assert [unread["sender"] for unread in counts["unrecognized_messages"]] == ["M-Money", "CRDB"]
    assert http.get(f"/users/{user}/ledger").json() == before


def test_sending_again_changes_nothing(http, phones):
    for country, (user, _) in phones.items():
        send(http, phones, country)
        before = http.get(f"/users/{user}/ledger").json()
        counts = send(http, phones, country)
        assert (counts["recorded"], counts["duplicates"]) == (0, RECORDED[country])
        assert http.get(f"/users/{user}/ledger").json() == before


def test_a_phone_can_do_nothing_else(http, phone):
    user, headers = phone
    assert http.get(f"/users/{user}/ledger", headers=headers).status_code == 403
    assert http.get("/users", headers=headers).status_code == 403
    other = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4"
    assert http.post(f"/users/{other}/messages", json={"messages": []}, headers=headers).status_code == 404
