"""Smoke test of a running Daftari. Standard library only.

    URL=https://… python3 infra/deploy/smoke.py
    URL=https://… LOGIN=email:password python3 infra/deploy/smoke.py       also writes, reads back and erases

It creates a user with a phone number reserved for fiction, in the `test` environment of the login's first organization.
Environment: SECONDS_PER_CALL (30), WAIT_SECONDS (20) for a service that is still starting; CLIENT_CERT and CLIENT_KEY,
files in PEM, for a service that requires a client certificate.
Exit codes: 0 every check passed, 1 a check failed (the message states expected and actual), 2 usage error.
"""

import os

from report import Failure, run_main, say
from smoke_checks import checks_of_a_lender, public_checks
from smoke_http import HttpService, client_certificate


def main():
    url = os.environ.get("URL", "")
    if not url.startswith(("https://", "http://")):
        raise Failure(f"URL must be the address of the API, with https://, not {url!r}", code=2)
    login = os.environ.get("LOGIN", "")
    email, _, password = login.partition(":")
    if login and not (email and password):
        raise Failure("LOGIN must be email:password", code=2)
    tls = client_certificate(os.environ)
    service = HttpService(url, number("SECONDS_PER_CALL", 30, 300), number("WAIT_SECONDS", 20, 600), tls)
    say(f"smoke test of {service.url}")
    public_checks(service)
    if login:
        checks_of_a_lender(service, email, password)
    else:
        say("     no LOGIN: nothing was written and read back")
    say(f"passed: {service.passed} checks")


def number(name, default, most):
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise Failure(f"{name} must be a number from 1 to {most}, not {text!r}", code=2)
    return int(text)


if __name__ == "__main__":
    run_main(main)
