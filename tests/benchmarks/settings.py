"""The site's settings, with one more URL: a constant view, the baseline of all figures."""

from newsroom.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
