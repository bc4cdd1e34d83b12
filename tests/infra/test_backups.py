"""The backups: every step of the way to another account and back has its vault, policy and role."""

import sam_template
import pytest
import template
from resolve import Resolver

ACCOUNT, COPIES = "123456789012", "210987654321"
MANAGED = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor"
NAMES = {"AWS::Partition": "aws", "AWS::Region": "eu-west-1", "AWS::AccountId": ACCOUNT, "Vault": "daftari-prod"}
ATTRIBUTES = {("Key", "Arn"): "arn of Key", ("Role", "Arn"): "arn of Role", ("Vault", "BackupVaultArn"): "arn of Vault"}
PLAN = {"Stage": "prod", "TableName": "daftari-prod-Table-1"}
VAULT = {"Stage": "prod", "SourceAccount": ACCOUNT}


def properties(file, **given):
    source = sam_template.load((template.ROOT / f"infra/deploy/{file}").read_text())
    names = {**NAMES, **{name: name for name in ("Plan", "Key", "Role")}}
    resolver = Resolver(source, given, names, ATTRIBUTES)
    return {name: resolver.resolve(each["Properties"]) for name, each in source["Resources"].items()}


def may_copy_into(vault):
    return [
        each["Principal"]["AWS"]
        for each in vault.get("AccessPolicy", {}).get("Statement", [])
        if each["Action"] == "backup:CopyIntoBackupVault" and each["Effect"] == "Allow"
    ]


def test_the_account_of_the_copies_may_send_them_back():
    there = properties("backup-vault.yaml", **VAULT)["Vault"]
    assert may_copy_into(there) == [f"arn:aws:iam::{ACCOUNT}:root"]
    here = properties("backup-plan.yaml", **PLAN, CopiesAccount=COPIES)["Vault"]
    assert may_copy_into(here) == [f"arn:aws:iam::{COPIES}:root"]
    assert may_copy_into(properties("backup-plan.yaml", **PLAN)["Vault"]) == []


@pytest.mark.parametrize(("file", "given"), [("backup-plan.yaml", PLAN), ("backup-vault.yaml", VAULT)])
def test_each_vault_has_a_role_that_copies_and_restores(file, given):
    role = properties(file, **given)["Role"]
    assert set(role["ManagedPolicyArns"]) == {f"{MANAGED}Backup", f"{MANAGED}Restores"}
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
    outputs = sam_template.load((template.ROOT / f"infra/deploy/{file}").read_text())["Outputs"]
    assert {"VaultArn", "RoleArn"} <= outputs.keys()
