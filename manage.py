#!/usr/bin/env python
"""Run a management command with the project's settings."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # Unsafe or unreadable settings are reported in one sentence.
        sys.exit(f"{error}")
