"""Builds the site of docs/ into .site/html: every page of docs/, and the pages of the repository's root that they need.

    make site

The generator is zensical: one wheel, a full-text search, and anchors as on GitHub. mdBook comes as source only and
would be compiled on every machine.

Links to other files of the repository become links to the repository. Needs `infra/dev/setup.sh site` and
`infra/dev/npm.sh infra/dev/docs`. Exit codes: 0 built, 1 failed.
"""

import ctypes
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[3]
HERE = pathlib.Path(__file__).resolve().parent
WORK = ROOT / ".site"
# Pages of the repository's root and their names in the site.
OUTSIDE = {"CONTRIBUTING.md": "CONTRIBUTING.md", "SECURITY.md": "SECURITY.md", "CHANGELOG.md": "CHANGELOG.md"}
LINK = re.compile(r"(\]\()([^)\s]+)(\))")


def pages():
    """The source of every file of the site, and its path there."""
    known = {path: path.relative_to(ROOT / "docs") for path in sorted((ROOT / "docs").rglob("*")) if path.is_file()}
    known.update({ROOT / source: pathlib.Path(name) for source, name in OUTSIDE.items()})
    return known


def repository():
    """The address of the repository."""
    return tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]["repository"]


def rewrite(text, source, known):
    """The page with links that work in the site."""
    place = known[source]

    def link(match):
        target = match[2]
        file, hash_, anchor = target.partition("#")
        if not file or re.match(r"[a-z]+:", file):
            return match[0]
        found = (source.parent / file).resolve()
        if found in known and found.suffix == ".md":
            file = pathlib.Path(os.path.relpath(known[found], place.parent)).as_posix()
        elif found not in known:
            kind = "tree" if found.is_dir() else "blob"
            file = f"{repository()}/{kind}/main/{found.relative_to(ROOT).as_posix()}"
        return f"{match[1]}{file}{hash_}{anchor}{match[3]}"

    # Code stays unchanged, even if it looks like a link.
    parts = re.split(r"(^```.*?^```|`[^`\n]+`)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.startswith("`") else LINK.sub(link, part) for part in parts)


def stage(known):
    """Copies the pages into .site/docs."""
    shutil.rmtree(WORK, ignore_errors=True)
    for source, place in known.items():
        target = WORK / "docs" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix == ".md":
            target.write_text(rewrite(source.read_text(encoding="utf-8"), source, known), encoding="utf-8")
        else:
            shutil.copyfile(source, target)
    # The library of the diagrams, so that the site loads nothing from other hosts.
    assets = WORK / "docs/assets"
    assets.mkdir(exist_ok=True)
    shutil.copyfile(HERE / "node_modules/mermaid/dist/mermaid.min.js", assets / "mermaid.min.js")
    shutil.copyfile(HERE / "zensical.toml", WORK / "zensical.toml")


def check_navigation(known):
    """Every page is in the navigation, and the navigation names no other."""
    settings = tomllib.loads((HERE / "zensical.toml").read_text(encoding="utf-8"))
    named = set(re.findall(r'[\w./-]+\.md', json.dumps(settings["project"]["nav"])))
    have = {place.as_posix() for place in known.values() if place.suffix == ".md"}
    if named != have:
        without, absent = sorted(have - named), sorted(named - have)
        sys.exit(f"site: zensical.toml: pages that are not in nav: {without}; pages that do not exist: {absent}")


def can_watch():
    """Whether another inotify instance can be had. True on a system without inotify."""
    try:
        made = ctypes.CDLL(None).inotify_init1(os.O_CLOEXEC)
    except (AttributeError, OSError):
        return True
    if made >= 0:
        os.close(made)
    return made >= 0


def check_written(known):
    """Every page is in the site. zensical watches files also for a single build; where it cannot, it writes no page,
    and exits with code 0."""
    places = [place for place in known.values() if place.suffix == ".md"]
    written = [place.with_name("index.html" if place.name == "README.md" else f"{place.stem}.html") for place in places]
    missing = [page.as_posix() for page in written if not (WORK / "html" / page).is_file()]
    if not missing:
        return
    cause = "zensical wrote no page for it; see above"
    if not can_watch():
        cause = ("this user has no inotify instance left, which zensical needs. Stop a program that watches files, such "
                 "as `make dev` or an editor, or raise the limit: sudo sysctl fs.inotify.max_user_instances=1024")
    sys.exit(f"site: {len(missing)} of {len(written)} pages are missing, such as {missing[0]}: {cause}")


def main():
    known = pages()
    check_navigation(known)
    stage(known)
    command = [ROOT / ".tools/site/bin/zensical", "build", "--strict", "--config-file", "zensical.toml"]
    if subprocess.run(command, cwd=WORK, check=False).returncode:
        sys.exit("site: zensical failed; see above")
    check_written(known)
    print(f"site: {WORK.relative_to(ROOT)}/html/index.html")


if __name__ == "__main__":
    main()
