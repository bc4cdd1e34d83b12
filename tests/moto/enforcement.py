"""moto's DynamoDB with AWS's enforcement of permissions, one request at a time, and a record of the used permissions.

moto's own enforcement checks the signature, finds the caller's policies and evaluates an action on a resource. But it
uses the name of the operation as the action, even for transactions, and always the resource `*`, which a policy for a
table never allows. Here every action and ARN is evaluated that AWS evaluates.
"""

import io
import json
import re
import threading
from collections import Counter

from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.exceptions import JsonRESTError
from moto.dynamodb.responses import DynamoHandler
from moto.iam.access_control import IAMPolicy, IAMRequest, PermissionResult
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from actions import required
from template import ACCOUNT, Grant, matches, patterns, place_of

ADMIN = "admin"
_ADMIN_POLICY = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}],
})


class Record:
    """The allowed and denied actions of each caller, with counts."""

    def __init__(self, granted):
        self.granted = granted
        self.used = {}
        self.denied = {}

    def add(self, allowed, caller, need):
        """Counts each grant that a call used. Of a call that was denied, the keys that no grant names."""
        place = place_of(need.arn)
        granted = [each for each in self.granted.get(caller, ()) if (each.action, each.on) == (need.action, place)]
        found = Counter()
        for key in need.keys:
            named = [grant for grant in granted if grant.keys and matches(grant.keys, key)]
            found.update(named if allowed else [] if named else [Grant(need.action, place, kind_of(key))])
        if not found or not granted or any(not grant.keys for grant in granted):
            found = Counter([Grant(need.action, place)])
        (self.used if allowed else self.denied).setdefault(caller, Counter()).update(found)


def kind_of(key):
    """A partition key without the parts that differ from item to item."""
    parts = (part if re.fullmatch(r"[A-Z]+|production|test", part) else "*" for part in key.split("#"))
    return "#".join(parts)


def _error(code, message):
    """An error in DynamoDB's format. moto would answer in XML."""
    return JsonRESTError(f"com.amazon.coral.service#{code}", message)


class _Request(IAMRequest):
    template = None
    record = None

    def _raise_invalid_access_key(self, reason):
        raise _error("UnrecognizedClientException", "The security token included in the request is invalid.")

    def _raise_signature_does_not_match(self):
        raise _error("InvalidSignatureException", "The request signature does not match the signature provided.")

    def check_action_permitted(self, resource):
        del resource  # always "*"
        operation = self._action.split(":")[1]
        caller = self._access_key._owner_user_name
        denied = []
        for need in required(operation, json.loads(self._body or b"{}"), self.template.partition_key):
            allowed = self._allowed(need)
            if not allowed:
                denied.append(need)
            self.record.add(allowed, caller, need)
        if denied:
            message = f"User: {self._access_key.arn} is not authorized to perform: {denied[0].action}"
            raise _error("AccessDeniedException", f"{message} on resource: {denied[0].arn}")

    def _allowed(self, need):
        """Whether the caller's policies allow it. moto decides on effect, action and resource, and ignores conditions:
        statements whose condition does not hold are removed."""
        results = []
        for document in self._policies(need.arn):
            holding = [each for each in _listed(document["Statement"]) if _holds(each, need.keys)]
            bare = [{name: each[name] for name in each if name != "Condition"} for each in holding]
            results.append(IAMPolicy(json.dumps({"Statement": bare})).is_action_permitted(need.action, need.arn))
        return PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results

    def _policies(self, arn):
        """The caller's policies that can apply to an ARN. Each is for one table (`Application.grant`), and each test
        has one."""
        caller = self._access_key._owner_user_name
        table = re.sub(r".*:table/|/index/.*", "", arn)
        for name in {ADMIN, table} & set(self.backend.list_user_policies(caller)):
            yield json.loads(self.backend.get_user_policy(caller, name)["policy_document"])


def _listed(value):
    return value if isinstance(value, list) else [value]


def _holds(statement, keys):
    """Whether the condition of a statement holds: each key matches one of its patterns."""
    wanted = patterns(statement)
    return not wanted or all(any(matches(pattern, key) for pattern in wanted) for key in keys)


class Application:
    """The WSGI application: moto, with one IAM user per function."""

    def __init__(self, template):
        self.template = template
        self.record = _Request.record = Record(template.granted)
        _Request.template = template
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.one_at_a_time = threading.Lock()
        self.iam = iam_backends[ACCOUNT]["aws"]
        self.credentials = {}
        for name in [ADMIN, *template.functions]:
            self.iam.create_user("eu-west-1", name)
            key = self.iam.create_access_key(name)
            self.credentials[name] = {"access_key": key.access_key_id, "secret_key": key.secret_access_key}
        self.iam.put_user_policy(ADMIN, ADMIN, _ADMIN_POLICY)
        # From the first request on, every call needs a policy.
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
        ActionAuthenticatorMixin.request_count = 0
        DynamoHandler._authenticate_and_authorize_normal_action = _authorize

    def __call__(self, environ, start_response):
        # Reads the body first, so that a caller that stops midway blocks nobody.
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        status = None

        def started(line, headers, exc_info=None):
            nonlocal status
            status = line
            return start_response(line, headers, exc_info)

        with self.one_at_a_time:
            answer = list(self.moto(environ, started))
            if environ.get("HTTP_X_AMZ_TARGET", "").endswith(".CreateTable") and status.startswith("200"):
                self.grant(json.loads(body)["TableName"])
        return answer

    def grant(self, table):
        """Gives every function its policy for a table. Only exact ARNs distinguish a table from its index."""
        for function in self.template.functions:
            policy = self.template.policy(function, table)
            if policy is not None:
                self.iam.put_user_policy(function, table, policy)


def _authorize(handler, resource="*"):
    handler._authenticate_and_authorize_action(_Request, resource)
