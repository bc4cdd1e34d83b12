"""Functions that answer what the stub answers, called without its gateway."""

import io
import json
import urllib.error
import urllib.request

from stub import PAST_THE_GATEWAY

ROUTES = {
    "routes": [
        ["ANY", "/auth", "auth"],
        ["ANY", "/auth/user-token", "auth"],
        ["ANY", "/.well-known/jwks.json", "auth"],
        ["ANY", "/users", "users"],
        ["ANY", "/users/{user_uuid}", "users"],
        ["ANY", "/users/{user_uuid}/dti", "dti"],
        ["ANY", "/users/{user_uuid}/ledger", "ledger"],
        ["POST", "/users/{user_uuid}/ledger", "ingest"],
        ["ANY", "/users/{user_uuid}/messages", "ingest"],
    ],
    "default": "users",
}


class Lambda:
    """Functions in front of the stub. `faults` maps a function and its version to a change of the answer."""

    def __init__(self, url):
        self.url = url
        self.faults = {}
        self.live = {}
        self.calls = []

    def invoke(self, FunctionName, Qualifier, Payload):  # noqa: N803, as boto3
        event = json.loads(Payload)
        name = FunctionName.removeprefix("daftari-dev-")
        version = self.live.get(name, "1") if Qualifier == "live" else Qualifier
        http = event["requestContext"]["http"]
        self.calls.append((name, Qualifier, f"{http['method']} {http['path']}"))
        query = f"?{event['rawQueryString']}" if event["rawQueryString"] else ""
        request = urllib.request.Request(
            self.url + event["rawPath"] + query, event["body"].encode() or None,
            {**event["headers"], PAST_THE_GATEWAY: "1"}, method=http["method"],
        )  # fmt: skip
        try:
            answer = urllib.request.urlopen(request, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        found = {
            "StatusCode": 200,
            "ExecutedVersion": version,
            "Payload": {
                "statusCode": answer.status,
                "headers": dict(answer.headers),
                "body": answer.read().decode(),
                "isBase64Encoded": False,
            },
        }
        fault = self.faults.get((name, version))
        found = fault(found, event) if fault else found
        return {**found, "Payload": io.BytesIO(json.dumps(found["Payload"]).encode())}
