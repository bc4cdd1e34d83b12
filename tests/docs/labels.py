"""Sends every example of docs/labels.md to the service and compares the label.

    DAFTARI_URL=http://127.0.0.1:9000 python3 tests/docs/labels.py

Exit codes: 0 the page is true, 1 it is not.
"""

import json
import os
import pathlib
import re
import sys
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
API = os.environ["DAFTARI_URL"]
SIGN_IN = {"email": "demo@daftari.example", "password": "demo-password-2021", "environment": "test"}
# A user's country selects the institutions of a sender.
PHONES = {"KES": "254799555014", "NGN": "2348035550014"}
# A row may have several examples.
ROW = re.compile(r"^\| `(\w+)` \|.* \| (From `.*”) \|$", re.MULTILINE)
EXAMPLE = re.compile(r"[Ff]rom `([^`]+)`: “([^”]+)”")
SECONDS = 60


def post(path, body, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(API + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.load(answer)


def main():
    rows = ROW.findall((ROOT / "docs/labels.md").read_text(encoding="utf-8"))
    examples = [(label, *example) for label, cell in rows for example in EXAMPLE.findall(cell)]
    document = json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))
    if list(dict.fromkeys(label for label, *_ in examples)) != document["components"]["schemas"]["Label"]["enum"]:
        sys.exit("labels: docs/labels.md has no readable example for some labels")
    token = post("/auth", SIGN_IN)["access_token"]
    users = {currency: post("/users", {"phone_number": number}, token)["uuid"] for currency, number in PHONES.items()}
    wrong = []
    for label, sender, body in examples:
        currency = "NGN" if re.search(r"NGN|\bN\d", body) else "KES"
        message = {"sender": sender, "body": body, "received_at": "2026-05-01T12:00:00Z"}
        [reading] = post(f"/users/{users[currency]}/messages?dry_run=true", {"messages": [message]}, token)["readings"]
        got = [each for record in reading["records"] for each in record["labels"]]
        if label not in got:
            wrong.append(f"labels: the example of {label} is {reading['outcome']}, with the labels {got}")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"labels: {len(examples)} examples are read as the page says")


if __name__ == "__main__":
    main()
