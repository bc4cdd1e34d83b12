"""One moto server for all tests, with each stack of cases.py, created when a test first needs it."""

import base64

import pytest

import cloud
import template
from cases import CASES


@pytest.fixture(scope="session")
def source():
    """The template as written."""
    return template.load()


@pytest.fixture(scope="session")
def moto():
    with cloud.server() as url:
        yield cloud.Cloud(url)


@pytest.fixture(scope="session", params=CASES)
def stack(request, moto, source):
    """A stack in its own account."""
    moto.reset()
    parameters = dict(CASES[request.param])
    if "HostedZoneId" in parameters:
        zone = moto.route53.create_hosted_zone(Name="example.com", CallerReference="tests")
        parameters["HostedZoneId"] = zone["HostedZone"]["Id"].removeprefix("/hostedzone/")
    if "CounterpartyKeySecretArn" in parameters:
        key = base64.b64encode(bytes(33)).decode()
        secret = moto.secretsmanager.create_secret(Name="CounterpartyKey-earlier", SecretString=key)
        parameters["CounterpartyKeySecretArn"] = secret["ARN"]
    moto.prepare(parameters)
    translated = template.translate(source, parameters)
    return cloud.Stack(moto, f"daftari-{parameters['Stage']}", translated, parameters)
