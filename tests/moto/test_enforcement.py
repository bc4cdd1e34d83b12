"""moto with permissions enforced, called through its port as each of two functions."""

import copy
import json
import threading

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.core.authorization import ActionAuthenticatorMixin
from moto.dynamodb.exceptions import TransactionCanceledException
from moto.dynamodb.models import Table, dynamodb_backends
from moto.dynamodb.responses import DynamoHandler

from compare import faults, usage_of
from enforcement import ADMIN, Application
from server import serve
from template import ACCOUNT, REGION, Template

TEMPLATE = """
Resources:
  ReaderFunction:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: reader } }
    Properties:
      Policies:
        - Statement:
            - { Effect: Allow, Action: [dynamodb:GetItem, dynamodb:Query], Resource: !GetAtt Table.Arn }
  WriterFunction:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: writer } }
    Properties:
      Policies:
        - Statement:
            - { Effect: Allow, Action: [dynamodb:PutItem, dynamodb:BatchWriteItem], Resource: !GetAtt Table.Arn }
            - { Effect: Allow, Action: dynamodb:Query, Resource: !Sub "${Table.Arn}/index/GSI1" }
  KeeperFunction:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: keeper } }
    Properties:
      Policies:
        - Statement:
            - Effect: Allow
              Action: [dynamodb:GetItem, dynamodb:PutItem, dynamodb:BatchWriteItem]
              Resource: !GetAtt Table.Arn
              Condition: { ForAllValues:StringLike: { dynamodb:LeadingKeys: ["*#USER#*", NOTHING] } }
            - Effect: Allow
              Action: dynamodb:Query
              Resource: !Sub "${Table.Arn}/index/GSI1"
              Condition: { ForAllValues:StringLike: { dynamodb:LeadingKeys: "*#USERS" } }
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{ AttributeName: PK, KeyType: HASH }, { AttributeName: SK, KeyType: RANGE }]
      GlobalSecondaryIndexes:
        - { IndexName: GSI1, KeySchema: [{ AttributeName: GSI1PK, KeyType: HASH }] }
"""
ITEM = {"PK": {"S": "a"}, "SK": {"S": "1"}}
NEW = {"ConditionExpression": "attribute_not_exists(PK)"}


class Engine:
    def __init__(self, application, server):
        self.application = application
        self.endpoint = f"http://127.0.0.1:{server.port}"
        self.admin = self.client(ADMIN)

    def client(self, name, **changed):
        keys = {**self.application.credentials[name], **changed}
        return boto3.client(
            "dynamodb",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=keys["access_key"],
            aws_secret_access_key=keys["secret_key"],
            config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20),
        )

    def create_table(self, name):
        keys = [{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}]
        index_keys = [{"AttributeName": "GSI1PK", "KeyType": "HASH"}]
        names = ["PK", "SK", "GSI1PK"]
        self.admin.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
            KeySchema=keys,
            GlobalSecondaryIndexes=[
                {"IndexName": "GSI1", "KeySchema": index_keys, "Projection": {"ProjectionType": "KEYS_ONLY"}},
            ],
        )

    def faults(self):
        return faults(usage_of(self.application))


@pytest.fixture(scope="module")
def running():
    application = Application(Template(TEMPLATE))
    server = serve(application)
    yield Engine(application, server)
    server.shutdown()


@pytest.fixture
def engine(running):
    """The engine with an empty table `t` and another table, and no recorded usage."""
    for name in ("t", "other"):
        running.create_table(name)
    running.application.record.used.clear()
    running.application.record.denied.clear()
    yield running
    for name in ("t", "other"):
        running.admin.delete_table(TableName=name)


def query(client, **more):
    key = "GSI1PK" if "IndexName" in more else "PK"
    condition = {"KeyConditionExpression": f"{key} = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}
    return client.query(TableName="t", **condition, **more)


def code_of(call, *arguments, **more):
    with pytest.raises(ClientError) as refused:
        call(*arguments, **more)
    return refused.value.response["Error"]["Code"]


def test_granted_calls_succeed_and_full_use_is_accepted(engine):
    reader, writer = engine.client("reader"), engine.client("writer")
    writer.put_item(TableName="t", Item=ITEM)
    writer.batch_write_item(RequestItems={"t": [{"DeleteRequest": {"Key": {**ITEM, "SK": {"S": "2"}}}}]})
    query(writer, IndexName="GSI1")
    assert reader.get_item(TableName="t", Key=ITEM)["Item"] == ITEM
    assert query(reader)["Count"] == 1
    assert [fault for fault in engine.faults() if "keeper" not in fault] == []


def test_an_action_that_is_not_granted_is_denied_and_named(engine):
    assert code_of(engine.client("reader").put_item, TableName="t", Item=ITEM) == "AccessDeniedException"
    assert engine.admin.scan(TableName="t")["Count"] == 0
    assert engine.faults()[0] == "MISSING: reader needs dynamodb:PutItem on table, and its policy does not grant it"


def test_a_table_of_another_name_is_denied(engine):
    assert code_of(engine.client("reader").get_item, TableName="elsewhere", Key=ITEM) == "AccessDeniedException"


def test_an_index_is_not_part_of_its_table_nor_the_table_of_its_index(engine):
    assert code_of(query, engine.client("reader"), IndexName="GSI1") == "AccessDeniedException"
    assert code_of(query, engine.client("writer")) == "AccessDeniedException"
    missing = [fault for fault in engine.faults() if fault.startswith("MISSING")]
    assert missing == [
        "MISSING: reader needs dynamodb:Query on index GSI1, and its policy does not grant it",
        "MISSING: writer needs dynamodb:Query on table, and its policy does not grant it",
    ]


def test_a_transaction_is_allowed_by_the_actions_of_its_parts(engine):
    writer = engine.client("writer")
    put = {"Put": {"TableName": "t", "Item": ITEM}}
    check = {"ConditionCheck": {"TableName": "t", "Key": {**ITEM, "SK": {"S": "2"}}, **NEW}}
    writer.transact_write_items(TransactItems=[put])
    denied = {**put["Put"], "Item": {**ITEM, "SK": {"S": "3"}}}
    assert code_of(writer.transact_write_items, TransactItems=[{"Put": denied}, check]) == "AccessDeniedException"
    assert engine.admin.scan(TableName="t")["Count"] == 1
    missing = "MISSING: writer needs dynamodb:ConditionCheckItem on table, and its policy does not grant it"
    assert missing in engine.faults()


def test_the_contents_of_a_batch_need_no_permission_of_their_own(engine):
    engine.client("writer").batch_write_item(RequestItems={"t": [{"DeleteRequest": {"Key": ITEM}}]})
    assert engine.application.record.denied == {}


def of_partition(name):
    return {"PK": {"S": name}, "SK": {"S": "1"}}


def test_a_condition_on_partition_keys_holds_for_those_it_names(engine):
    keeper = engine.client("keeper")
    keeper.put_item(TableName="t", Item=of_partition("o#test#USER#1"))
    assert keeper.get_item(TableName="t", Key=of_partition("NOTHING")).get("Item") is None
    assert engine.admin.scan(TableName="t")["Count"] == 1
    assert engine.application.record.denied == {}


@pytest.mark.parametrize(("partition", "kind"), [
    ("LOGIN#a@b.example", "LOGIN#*"),
    ("ORG#1", "ORG#*"),
    ("o#test#user#1", "*#test#*#*"),
    ("o#test#TERMS", "*#test#TERMS"),
    ("NOTHINGS", "NOTHINGS"),
    ("a", "*"),
])
def test_another_partition_is_denied_and_named(engine, partition, kind):
    keeper = engine.client("keeper")
    assert code_of(keeper.put_item, TableName="t", Item=of_partition(partition)) == "AccessDeniedException"
    assert engine.admin.scan(TableName="t")["Count"] == 0
    missing = f"MISSING: keeper needs dynamodb:PutItem on table, keys {kind}, and its policy does not grant it"
    assert missing in engine.faults()


def test_one_key_of_a_batch_too_many_is_denied(engine):
    good, bad = ({"PutRequest": {"Item": of_partition(name)}} for name in ("o#test#USER#1", "LOGIN#a"))
    keeper = engine.client("keeper")
    keeper.batch_write_item(RequestItems={"t": [good]})
    assert code_of(keeper.batch_write_item, RequestItems={"t": [good, bad]}) == "AccessDeniedException"


def test_an_index_is_asked_for_its_own_partition_key(engine):
    keeper = engine.client("keeper")
    asked = {"TableName": "t", "IndexName": "GSI1", "KeyConditionExpression": "GSI1PK = :a"}
    keeper.query(**asked, ExpressionAttributeValues={":a": {"S": "o#test#USERS"}})
    denied = {":a": {"S": "o#test#USER#1"}}
    assert code_of(keeper.query, **asked, ExpressionAttributeValues=denied) == "AccessDeniedException"


def test_a_pattern_of_keys_that_no_call_needs_is_named(engine):
    engine.client("keeper").put_item(TableName="t", Item=of_partition("o#test#USER#1"))
    unused = "UNUSED: keeper may dynamodb:PutItem on table, keys {}, and no test makes it do so"
    assert unused.format("NOTHING") in engine.faults()
    assert unused.format("*#USER#*") not in engine.faults()


def let_moto_ask(monkeypatch):
    """moto's own enforcement, without enforcement.py."""
    own = ActionAuthenticatorMixin._authenticate_and_authorize_normal_action
    monkeypatch.setattr(DynamoHandler, "_authenticate_and_authorize_normal_action", own)


def test_moto_without_enforcement_denies_table_permissions_that_a_policy_grants(engine, monkeypatch):
    reader = engine.client("reader")
    reader.get_item(TableName="t", Key=ITEM)
    let_moto_ask(monkeypatch)
    # Its answer is XML, in which a DynamoDB client finds no error code.
    with pytest.raises(ClientError, match="(?s)403.*not authorized to perform: dynamodb:GetItem"):
        reader.get_item(TableName="t", Key=ITEM)


def test_moto_alone_asks_for_an_action_of_its_own_for_a_transaction(engine, monkeypatch):
    writer = engine.client("writer")
    let_moto_ask(monkeypatch)
    grant = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": "*"}}
    engine.application.iam.put_user_policy("writer", "everywhere", json.dumps(grant))
    try:
        writer.put_item(TableName="t", Item=ITEM)
        put = [{"Put": {"TableName": "t", "Item": ITEM}}]
        with pytest.raises(ClientError, match="dynamodb:TransactWriteItems"):
            writer.transact_write_items(TransactItems=put)
    finally:
        engine.application.iam.delete_user_policy("writer", "everywhere")


def test_strangers_and_forgers_are_refused(engine):
    stranger = engine.client("reader", access_key="AKIAIOSFODNN7EXAMPLE")
    assert code_of(stranger.get_item, TableName="t", Key=ITEM) == "UnrecognizedClientException"
    forger = engine.client("reader", secret_key="guessed")
    assert code_of(forger.get_item, TableName="t", Key=ITEM) == "InvalidSignatureException"


class WriteDuringTransaction:
    """Writes after the first transaction has begun, for which moto copies the table, and before it continues."""

    def __init__(self, monkeypatch, write):
        self.writing = threading.Thread(target=write)
        self.begun = False
        self.real = copy.deepcopy
        monkeypatch.setattr(copy, "deepcopy", self.copied)

    def copied(self, value, *arguments):
        result = self.real(value, *arguments)
        if isinstance(value, Table) and not self.begun:
            self.begun = True
            self.writing.start()
            # If writes are not blocked, this one completes at once; otherwise it waits for the end of the transaction.
            self.writing.join(timeout=0.5)
        return result

    def finish(self):
        assert self.begun
        self.writing.join(timeout=10)
        assert not self.writing.is_alive()


FAILING = [{"Put": {"TableName": "t", "Item": ITEM, **NEW}}]
BESIDE = {**ITEM, "SK": {"S": "2"}}


def test_moto_alone_loses_a_write_beside_a_transaction_that_fails(engine, monkeypatch):
    engine.admin.put_item(TableName="t", Item=ITEM)
    backend = dynamodb_backends[ACCOUNT][REGION]
    write = WriteDuringTransaction(monkeypatch, lambda: backend.put_item("t", BESIDE))
    with pytest.raises(TransactionCanceledException):
        backend.transact_write_items(FAILING)
    write.finish()
    assert backend.get_item("t", BESIDE) is None


def test_one_request_at_a_time_loses_none(engine, monkeypatch):
    engine.admin.put_item(TableName="t", Item=ITEM)
    beside = engine.client(ADMIN)
    write = WriteDuringTransaction(monkeypatch, lambda: beside.put_item(TableName="t", Item=BESIDE))
    assert code_of(engine.admin.transact_write_items, TransactItems=FAILING) == "TransactionCanceledException"
    write.finish()
    assert engine.admin.get_item(TableName="t", Key=BESIDE)["Item"] == BESIDE
