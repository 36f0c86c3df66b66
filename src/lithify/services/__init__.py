"""The use cases, one per file: ports in, records out."""
