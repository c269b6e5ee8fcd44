"""How fast the line is, as ratios within one run: `make bench`, `make bench-live`. Results: docs/speed.md."""
