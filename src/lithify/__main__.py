"""`python -m lithify`."""

from lithify.cli import main

main()
