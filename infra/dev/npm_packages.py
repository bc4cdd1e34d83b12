"""The npm packages of the console's page, by `npm sbom`."""

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "functions/console/web"
NPM = ROOT / ".tools/node/bin/npm"
# The property of packages that only build or test the page.
DEVELOPMENT = "cdx:npm:package:development"


def read():
    """The packages as components of CycloneDX, and the references of each one's dependencies, by its own reference. The
    page itself has the reference None. Reads the lock file only."""
    path = f"{NPM.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [NPM, "sbom", "--package-lock-only", "--sbom-format", "cyclonedx"]
    done = subprocess.run(command, cwd=PAGE, env={**os.environ, "PATH": path}, check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    page = found["metadata"]["component"]["bom-ref"]
    # A crate may have the name of a package.
    reference = lambda name: None if name == page else f"npm:{name}"
    for each in found["components"]:
        each["bom-ref"] = reference(each["bom-ref"])
        if any(named["name"] == DEVELOPMENT for named in each["properties"]):
            each["scope"] = "excluded"
    needs = {reference(each["ref"]): [*map(reference, each["dependsOn"])] for each in found["dependencies"]}
    return found["components"], needs
