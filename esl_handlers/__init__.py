"""The scripts: one module per thing a caller meets. Each reads from top to bottom as what he lives through."""
