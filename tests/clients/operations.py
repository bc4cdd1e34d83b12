"""Sends every operation of the OpenAPI document, filled in like the page /docs does, in both environments of the demo
organization, to the service at DAFTARI_URL. Every answer must be a success.

    DAFTARI_URL=… python3 tests/clients/operations.py
"""

import base64
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

API = os.environ["DAFTARI_URL"]
EMAIL, PASSWORD = "demo@daftari.example", "demo-password-2021"
BASIC = "Basic " + base64.b64encode(f"{EMAIL}:{PASSWORD}".encode()).decode()
ENVIRONMENTS = ("test", "production")
# The user to erase: an erasure has no example.
ERASED = "254799555060"
SECONDS = 60


def send(method, path, authorization=None, body=None):
    """Status and text of the answer."""
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if authorization:
        headers["Authorization"] = authorization
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(API + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def wanted(method, path, *rest):
    """The answer, which must be a success."""
    status, text = send(method, path, *rest)
    if not 200 <= status < 300:
        sys.exit(f"operations: {method} {path} answers {status} with the examples of /docs\n{text}")
    return json.loads(text) if text else None


def filled(document, parameter):
    """The page's value for a parameter: its example, or otherwise the default of its schema."""
    schema = parameter["schema"]
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return next((place[name] for place, name in ((parameter, "example"), (schema, "example"), (schema, "default"))
                 if name in place), None)


def request_of(document, path, operation, gaps):
    """Path with query, and the body. `gaps` has values that replace examples or have none."""
    query = []
    for parameter in operation.get("parameters", []):
        name, value = parameter["name"], filled(document, parameter)
        value = gaps.get(name, value)
        if value is None:
            if parameter.get("required"):
                sys.exit(f"operations: {operation['operationId']}: {name} is required and has no example")
            continue
        text = value if isinstance(value, str) else json.dumps(value)
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", urllib.parse.quote(text, safe=""))
        elif parameter["in"] == "query":
            query.append((name, text))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    return path + (f"?{urllib.parse.urlencode(query)}" if query else ""), body


def gaps_of(operation, frozen, bearer):
    """The values that a person must fill in: an id from another answer, and the user to erase."""
    if operation["operationId"] == "get_frozen_credit_report":
        return {"id": frozen}
    if operation["operationId"] == "delete_user":
        return {"user_uuid": wanted("POST", "/users", bearer, {"phone_number": ERASED})["uuid"]}
    return {}


def authorization_of(operation, bearer):
    schemes = [name for each in operation.get("security", []) for name in each]
    return {"basic": BASIC, "bearer": bearer}[schemes[0]] if schemes else None


def main():
    document = wanted("GET", "/openapi.json")
    items = document["paths"].items()
    operations = [(path, method, operation) for path, item in items for method, operation in item.items()]
    # A report is frozen before it is read.
    operations.sort(key=lambda each: each[2]["operationId"] == "get_frozen_credit_report")
    for environment in ENVIRONMENTS:
        login = {"email": EMAIL, "password": PASSWORD, "environment": environment}
        bearer = "Bearer " + wanted("POST", "/auth", None, login)["access_token"]
        frozen = None
        for path, method, operation in operations:
            gaps = gaps_of(operation, frozen, bearer)
            target, body = request_of(document, path, operation, gaps)
            answer = wanted(method.upper(), target, authorization_of(operation, bearer), body)
            if operation["operationId"] == "create_credit_report":
                frozen = answer["credit_report_id"]
    print(f"operations: {len(operations)} answer to the examples of /docs, in {' and '.join(ENVIRONMENTS)}")


if __name__ == "__main__":
    main()
