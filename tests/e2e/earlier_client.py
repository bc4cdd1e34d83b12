"""Calls each method of an earlier official client, and prints the answers as JSON.

    DAFTARI_URL=... python earlier_client.py TOKEN USER_UUID
"""

import json
import os
import sys

from pngme.api import Client

LISTS = ("transactions", "balances", "alerts")


def plain(answer):
    """Answers are models of pydantic in the oldest clients, and dictionaries in later ones."""
    if isinstance(answer, list):
        return [plain(each) for each in answer]
    return json.loads(answer.json()) if hasattr(answer, "json") else answer


def lists(client, user):
    """The lists of each place where the client looks for records: accounts in the oldest clients, then institutions."""
    if hasattr(client, "accounts"):
        places = [str(account["acct_uuid"]) for account in plain(client.accounts.get(user))]
    else:
        places = [institution["institution_id"] for institution in plain(client.institutions.get(user))]
    return {place: {name: plain(getattr(client, name).get(user, place)) for name in LISTS} for place in places}


def main(token, user):
    client = Client(access_token=token, base_url=os.environ["DAFTARI_URL"])
    answers = {
        "users": plain(client.users.get(search="mercy")),
        "lists": lists(client, user),
        "credit_report": plain(client.credit_report.get(user)),
    }
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
