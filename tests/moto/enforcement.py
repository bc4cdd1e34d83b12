"""moto's DynamoDB with AWS's enforcement of permissions, one request at a time, and a record of the used permissions.

moto's own enforcement checks the signature, finds the caller's policies and evaluates an action on a resource. But it
uses the name of the operation as the action, even for transactions, and always the resource `*`, which a policy for a
table never allows. Here every action and ARN is evaluated that AWS evaluates.
"""

import io
import json
import threading
from collections import Counter

from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.exceptions import JsonRESTError
from moto.dynamodb.responses import DynamoHandler
from moto.iam.access_control import IAMRequest
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from actions import required
from template import ACCOUNT, Grant, place_of

ADMIN = "admin"
_ADMIN_POLICY = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}],
})


class Record:
    """The allowed and denied calls of each caller, with counts."""

    def __init__(self):
        self.used = {}
        self.denied = {}

    def add(self, allowed, caller, action, arn):
        kind = self.used if allowed else self.denied
        kind.setdefault(caller, Counter())[Grant(action, place_of(arn))] += 1


def _error(code, message):
    """An error in DynamoDB's format. moto would answer in XML."""
    return JsonRESTError(f"com.amazon.coral.service#{code}", message)


class _Request(IAMRequest):
    record = Record()

    def _raise_invalid_access_key(self, reason):
        raise _error("UnrecognizedClientException", "The security token included in the request is invalid.")

    def _raise_signature_does_not_match(self):
        raise _error("InvalidSignatureException", "The request signature does not match the signature provided.")

    def check_action_permitted(self, resource):
        del resource  # always "*"
        operation = self._action.split(":")[1]
        caller = self._access_key._owner_user_name
        denied = []
        for action, arn in required(operation, json.loads(self._body or b"{}")):
            self._action = action
            try:
                super().check_action_permitted(arn)
                allowed = True
            except _NotPermitted:
                denied.append((action, arn))
                allowed = False
            self.record.add(allowed, caller, action, arn)
        if denied:
            action, arn = denied[0]
            message = f"User: {self._access_key.arn} is not authorized to perform: {action} on resource: {arn}"
            raise _error("AccessDeniedException", message)

    def _raise_access_denied(self):
        raise _NotPermitted


class _NotPermitted(Exception):
    pass


class Application:
    """The WSGI application: moto, with one IAM user per function."""

    def __init__(self, template):
        self.template = template
        self.record = _Request.record = Record()
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.one_at_a_time = threading.Lock()
        self.iam = iam_backends[ACCOUNT]["aws"]
        self.credentials = {}
        for name in [ADMIN, *template.functions]:
            self.iam.create_user("eu-west-1", name)
            key = self.iam.create_access_key(name)
            self.credentials[name] = {"access_key": key.access_key_id, "secret_key": key.secret_access_key}
        self.iam.put_user_policy(ADMIN, ADMIN, _ADMIN_POLICY)
        # From the first request on, everything needs a policy.
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
