"""Calls the service like a program with a generated client."""

import datetime
import os
import uuid

import httpx
from daftari_client import AuthenticatedClient, Client
from daftari_client.api.authentication import post_token
from daftari_client.api.reports import get_credit_report, get_dti, get_transactions_summary
from daftari_client.api.ledger import get_ledger, post_ledger
from daftari_client.api.users import delete_user, get_user, get_users, post_user
from daftari_client.models import (
    AccessToken,
    AccountType,
    CreditReport,
    DtiReport,
    Environment,
    Impact,
    LedgerPage,
    NewRecord,
    Problem,
    ProblemCode,
    RecordBatch,
    RecordBatchResult,
    Registration,
    SignIn,
    TransactionsSummary,
    User,
    UsersPage,
)

url = os.environ["DAFTARI_URL"]
timeout = httpx.Timeout(60.0)

login = SignIn(email="demo@daftari.example", password="demo-password-2021", environment=Environment.TEST)
token = post_token.sync(client=Client(base_url=url, timeout=timeout), body=login)
assert isinstance(token, AccessToken), token
client = AuthenticatedClient(base_url=url, token=token.access_token, timeout=timeout)

user = post_user.sync(client=client, body=Registration(phone_number="254799555032", first_name="Pythonic"))
assert isinstance(user, User), user

record = NewRecord(
    id="1",
    timestamp=datetime.datetime(2026, 3, 1, 10, tzinfo=datetime.timezone.utc),
    institution_id="mpesa",
    account_type=AccountType.DEPOSITORY,
    amount=1250.5,
    impact=Impact.CREDIT,
    balance=2000,
    currency="KES",
)
stored = post_ledger.sync(user.uuid, client=client, body=RecordBatch(records=[record]))
assert isinstance(stored, RecordBatchResult), stored
assert stored.accepted + stored.duplicates == 1

ledger = get_ledger.sync(user.uuid, client=client, limit=10)
assert isinstance(ledger, LedgerPage) and ledger.records[0].amount == 1250.5, ledger
report = get_credit_report.sync(user.uuid, client=client)
assert isinstance(report, CreditReport) and report.depository.total_balances == 2000, report
dti = get_dti.sync(user.uuid, client=client)
assert isinstance(dti, DtiReport) and dti.credit_count == 1, dti
summary = get_transactions_summary.sync(user.uuid, client=client)
assert isinstance(summary, TransactionsSummary) and summary.total_transactions_count == 1, summary
found = get_users.sync(client=client, search="Pythonic")
assert isinstance(found, UsersPage) and len(found.users) == 1, found

missing = get_user.sync(uuid.UUID("00000000-0000-4000-8000-000000000000"), client=client)
assert isinstance(missing, Problem) and missing.code == ProblemCode.NOT_FOUND, missing

erased = delete_user.sync_detailed(user.uuid, client=client)
assert erased.status_code == 204, erased
print("python: 10 calls")
