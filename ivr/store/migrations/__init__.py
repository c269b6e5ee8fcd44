"""How the database came to its present shape, step by step; `Store.migrate` walks them, alembic keeps count."""
