"""What users' tests and ours share: a scripted model, a scripted provider server, conformance suites."""
