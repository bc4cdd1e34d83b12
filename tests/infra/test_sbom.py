"""The npm packages of the list of components (SBOM)."""

import json

import npm_packages


def test_everything_that_the_page_ships_is_listed_with_version_license_and_digest():
    components, needs = npm_packages.read()
    wanted = json.loads((npm_packages.PAGE / "package.json").read_text())
    of = lambda kind: {f"npm:{name}@{version}" for name, version in wanted[kind].items()}
    assert set(needs[None]) == of("dependencies") | of("devDependencies")
    shipped = {each["bom-ref"]: each for each in components if each["scope"] != "excluded"}
    assert of("dependencies") <= shipped.keys() and not of("devDependencies") & shipped.keys()
    assert {need for each in shipped for need in needs[each]} <= shipped.keys()
    for each in shipped.values():
        assert each["version"] and each["licenses"] and each["hashes"][0]["alg"] == "SHA-512"
