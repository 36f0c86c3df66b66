"""Cells as different models write them over invented data, with what must come out of each sequence."""
