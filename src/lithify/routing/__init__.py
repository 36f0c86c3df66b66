"""Which kept tool answers a question over a context, if any, and why not the others. Pure."""
