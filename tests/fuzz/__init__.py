"""Fuzzing: what stands at a border is given any bytes. `make fuzz` runs the targets with coverage guidance (atheris);
`test_findings.py` plays what was ever found, in CI."""
