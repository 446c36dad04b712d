"""Search without regard to case beyond ASCII on SQLite too, whose LIKE knows the case of A to Z only.

PostgreSQL needs nothing: its `icontains` compares in upper case. On SQLite a function of Python compares; it reads
every row, as LIKE does. Only `icontains` is replaced: `iexact` finds email addresses, where an index must be used.
"""

from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import CharField, TextField
from django.db.models.lookups import IContains
from django.dispatch import receiver

from articles.text.unicode_folding import composed, exact

FUNCTION = "contains_in_any_case"


def contains_in_any_case(text: str | None, part: str) -> bool | None:
    """Compare in lower case, whatever the normal form. `part` is in that form already."""
    if text is None:
        return None
    return part in (text.lower() if text.isascii() else exact(text))


@receiver(connection_created)
def add_function(sender: Any, connection: Any, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(FUNCTION, 2, contains_in_any_case, deterministic=True)


class IContainsEverywhere(IContains):
    def get_prep_lookup(self) -> Any:
        value = super().get_prep_lookup()
        return composed(value) if isinstance(value, str) else value

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        if not self.rhs_is_direct_value():
            return super().as_sql(compiler, connection)
        text, values = self.process_lhs(compiler, connection)
        return f"{FUNCTION}({text}, %s)", [*values, exact(str(self.rhs))]


def register() -> None:
    for field in (CharField, TextField):
        field.register_lookup(IContainsEverywhere)
