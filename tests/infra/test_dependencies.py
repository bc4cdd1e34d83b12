"""What deny.toml says of dependencies, as far as Cargo.lock shows it. The rest is said by `cargo deny check`, in the
hosted CI."""

import tomllib

from template import ROOT


def read(name):
    return tomllib.loads((ROOT / name).read_text(encoding="utf-8"))


def test_no_crate_is_there_that_is_banned():
    banned = {each["crate"] for each in read("deny.toml")["bans"]["deny"]}
    # Of aws-lc, which would have jitter entropy at the start of every function.
    assert {"aws-lc-rs", "aws-lc-sys", "openssl-sys"} <= banned
    assert {each["name"] for each in read("Cargo.lock")["package"]} & banned == set()


def test_every_crate_is_of_this_workspace_or_from_crates_io():
    allowed = {f"registry+{url}" for url in read("deny.toml")["sources"]["allow-registry"]}
    assert {each["source"] for each in read("Cargo.lock")["package"] if "source" in each} == allowed
