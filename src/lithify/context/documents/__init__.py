"""Readers of documents: each makes records of one file's bytes. They run in a process of their own (child.py)."""
