"""The paper's own settings, with one more address: a constant view, the floor of all figures."""

from newsroom.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
