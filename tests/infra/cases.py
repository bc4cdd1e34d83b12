"""The tested stacks: each stage as it is deployed, and the extremes of the parameters."""

from template import stage_parameters

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"

EVERYTHING = {
    **stage_parameters("prod"),
    "Architecture": "x86_64",
    "Issuer": "https://api.example.com",
    "BasePath": "/beta",
    "CorsOrigins": "https://app.example.com,https://admin.example.com",
    "SignInConcurrency": "20",
    "OrganizationRequests": "600",
    "OrganizationWriteUnits": "0",
    "ListsWithinAMinute": "false",
    "TrustedProxies": "198.51.100.0/24,2001:db8::/32",
    "DomainName": "api.example.com",
    "CertificateArn": CERTIFICATE,
    "HostedZoneId": "the test's own",
    "ContributorInsights": "true",
    "Tracing": "Active",
    "EmbeddedMetrics": "emf",
    "Dashboard": "true",
    "Alarms": "true",
    "AlarmEmail": "operator@example.com",
    "Deployment": "Linear10PercentEvery1Minute",
    "TruststoreUri": "s3://example-truststore/ca.pem",
    "CloseApiEndpoint": "true",
    "PermissionsBoundaryArn": "arn:aws:iam::123456789012:policy/daftari-boundary-prod",
    "SmokeLoginSecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:daftari/prod/smoke-login-a1b2c3",
    "ConcurrencyAlarmCount": "80",
    "UnreadJumpSenders": "mpesa,mtnmobilemoney",
    "NoTrafficAlarmMinutes": "30",
    "TableProtection": "true",
}
NOTHING = {
    **stage_parameters("dev"),
    "Dashboard": "false",
    "Alarms": "false",
}
CASES = {
    "dev": stage_parameters("dev"),
    "staging": stage_parameters("staging"),
    "prod": stage_parameters("prod"),
    "everything": EVERYTHING,
    "nothing": NOTHING,
    # The state after a restore, and of a first deployment.
    "another table": {
        **stage_parameters("prod"),
        "TableName": "daftari-prod-restored",
        "CounterpartyKeySecretArn": "the test's own",
        "TableProtection": "false",
    },
    "domain without record": {
        **stage_parameters("staging"),
        "DomainName": "api.example.com",
        "CertificateArn": CERTIFICATE,
    },
}
