"""Shared by all tests. The servers' addresses come from `./test` in the environment."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Say what to do instead of failing in a hundred places."""
    if "DATABASE_URL" not in os.environ:
        raise pytest.UsageError("Start the tests with ./test: it starts the servers they need.")
