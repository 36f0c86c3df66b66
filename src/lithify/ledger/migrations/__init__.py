"""The steps from each schema revision to the next; lithify.ledger.schema runs them."""
