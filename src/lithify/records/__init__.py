"""The frozen, typed things that pass between packages. No input or output, no clock, no randomness."""
