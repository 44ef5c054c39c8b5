"""The schema's steps, carried out by Alembic through its Python API (app.migrate)."""
