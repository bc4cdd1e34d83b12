"""cloud.py's list of moto's limitations is exact. Once moto supports a feature, cloud.py should use it."""

import moto.cloudformation.parsing

import cloud
import template
from cases import EVERYTHING


def test_resources_created_here_are_those_that_moto_does_not_create():
    known = set(moto.cloudformation.parsing.get_model_map())
    assert known & set(cloud.MADE_HERE) == set(cloud.KNOWN), "moto has learned a type: let it make it (cloud.py)"


def test_every_type_of_the_template_is_made(source):
    known = set(moto.cloudformation.parsing.get_model_map())
    used = {each["Type"] for each in template.translate(source, EVERYTHING)["Resources"].values()}
    assert used - known - set(cloud.MADE_HERE) == set(), "types that nobody makes: add them to cloud.py"
    assert set(cloud.MADE_HERE) - used == set(), "types that the template does not have: take them out of cloud.py"


def test_properties_completed_here_are_those_that_moto_ignores(stack):
    left_out = {"LoggingConfig", "dynamic references"}
    if stack.resolver.holds("OwnsTable"):
        left_out |= {"TimeToLiveSpecification", "PointInTimeRecoverySpecification", "SSESpecification"}
    if stack.resolve({"Ref": "Architecture"}) != "x86_64":
        left_out.add("Architectures")
    if stack.resolve({"Ref": "Tracing"}) != "PassThrough":
        left_out.add("TracingConfig")
    assert stack.left_out == left_out, "moto has learned a property: take it out of cloud.py"
