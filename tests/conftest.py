"""Every test may ask for a real Redis, a real PostgreSQL, a real browser and a whole house."""

pytest_plugins = (
    "tests.backends",
    "tests.browser",
    "tests.house",
    "tests.machines",
    "tests.widgets.watched",
)
