"""Databases of earlier releases migrate to this one; databases from before the first release are refused."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


def test_a_database_from_before_the_first_release_is_refused_in_one_sentence() -> None:
    MigrationRecorder(connection).record_applied("articles", "0033_forms_of_writing")
    with pytest.raises(CommandError, match=r"before 0\.1\.0 .* Start with a new database\.$"):
        call_command("migrate", verbosity=0)
