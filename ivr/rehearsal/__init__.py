"""Call scripts, and the house that lives through them: `ivr test` (docs/testing.md).

found = Findings("calls/office.yaml")
scripts = read(Path("calls/office.yaml").read_bytes(), found)
with House(table, folders) as house:
    verdicts = [house.rehearse(script) for script in scripts]
"""
