"""Import one file, as `manage.py import_articles` does with each of many."""

from articles.errors import Refused
from articles.importing.formats.file_parsing import parse_file
from articles.importing.storing import Outcome, State, store


def import_file(
    name: str,
    data: bytes,
    *,
    publish: bool = False,
    source: str | None = None,
    day_first: bool | None = None,
    dry_run: bool = False,
) -> Outcome:
    try:
        record = parse_file(name, data)
    except Refused as refusal:
        return Outcome(name=name, state=State.REJECTED, reason=refusal.reason)
    return store(record, publish=publish, source=source, by=None, day_first=day_first, dry_run=dry_run)
