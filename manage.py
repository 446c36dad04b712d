#!/usr/bin/env python
"""Run a management command with the paper's settings."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # Settings that are unsafe or can't be read: one sentence says which.
        sys.exit(f"{error}")
