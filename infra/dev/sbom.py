"""Writes the list of components of the functions (SBOM), in CycloneDX, for the target they are built for.

sbom.py TARGET OUTPUT.cdx.json

TARGET is Rust's, such as aarch64-unknown-linux-gnu. Read from `cargo metadata` and Cargo.lock, which name every crate,
its version, license and checksum. `npm sbom` adds the npm packages of the console's page; those that only build or test
the page have the scope "excluded". The document has neither a time nor a random number: the same commit gives the same
bytes. Exit codes: 0 written, 1 failed.
"""

import json
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

import npm_packages

ROOT = Path(__file__).resolve().parents[2]


def metadata(target):
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def built_into(found):
    """The ids of the functions' packages, and those of all linked packages, with their direct dependencies."""
    nodes = {node["id"]: node for node in found["resolve"]["nodes"]}
    roots = {each["id"] for each in found["packages"] if "/functions/" in each["manifest_path"]}
    needed, waiting = {}, list(roots)
    while waiting:
        package = waiting.pop()
        if package in needed:
            continue
        # Without the packages that only tests need.
        kinds = lambda each: any(kind["kind"] != "dev" for kind in each["dep_kinds"])
        needed[package] = [each["pkg"] for each in nodes[package]["deps"] if kinds(each)]
        waiting += needed[package]
    return roots, needed


def component(package, checksums):
    key = package["name"], package["version"]
    ours = package["source"] is None
    return Component(
        type=ComponentType.APPLICATION if "/functions/" in package["manifest_path"] else ComponentType.LIBRARY,
        name=package["name"],
        version=package["version"],
        bom_ref=f"{package['name']}@{package['version']}",
        licenses=[LicenseExpression(package["license"].replace("/", " OR "))] if package["license"] else [],
        purl=None if ours else PackageURL("cargo", name=package["name"], version=package["version"]),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=checksums[key])] if checksums.get(key) else [],
    )


def add_page(written, console):
    """Adds the npm packages of the page, which the function `console` serves."""
    components, needs = npm_packages.read()
    written["components"] += components
    [served] = [each for each in written["dependencies"] if each["ref"] == console.bom_ref.value]
    served.setdefault("dependsOn", []).extend(needs.pop(None))
    written["dependencies"] += [{"ref": each, "dependsOn": others} for each, others in needs.items()]


def document(found, lock, commit):
    """The SBOM as JSON."""
    checksums = {(each["name"], each["version"]): each.get("checksum") for each in lock["package"]}
    packages = {each["id"]: each for each in found["packages"]}
    roots, needed = built_into(found)
    components = {each: component(packages[each], checksums) for each in needed}
    whole = Component(type=ComponentType.APPLICATION, name="daftari", version=commit, bom_ref="daftari")
    # Derived from the commit: the same commit gives the same document.
    bom = Bom(components=components.values(), serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"daftari/{commit}"))
    bom.metadata.component = whole
    bom.register_dependency(whole, [components[each] for each in sorted(roots)])
    for each, others in needed.items():
        bom.register_dependency(components[each], [components[other] for other in others])
    [console] = [components[each] for each in roots if packages[each]["name"] == "console"]
    written = json.loads(make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string())
    written["metadata"].pop("timestamp", None)
    add_page(written, console)
    text = json.dumps(written, indent=1, sort_keys=True) + "\n"
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault:
        sys.exit(f"sbom: {fault}")
    return text


def main():
    target, output = sys.argv[1], Path(sys.argv[2])
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    text = document(metadata(target), lock, head.stdout.strip() or "unknown")
    output.write_text(text)
    print(f"sbom: {len(json.loads(text)['components'])} components in {output}")


if __name__ == "__main__":
    main()
