"""A small database of each release on each engine, which the tests migrate: see `__main__.py` and `test_migrations`."""
