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
    "domain without record": {
        **stage_parameters("staging"),
        "DomainName": "api.example.com",
        "CertificateArn": CERTIFICATE,
    },
}
