"""The lines that are compared, each a process of its own that does the same standard call."""
