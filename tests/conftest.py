"""Every test may ask for a real Redis, a real PostgreSQL and a real browser."""

pytest_plugins = ("tests.backends", "tests.browser")
