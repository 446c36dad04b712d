"""The part of a reader's data export about appeals and notices."""

from django.utils.translation import gettext_lazy as _

from articles.accounts.data_export import register, rows_of
from articles.moderation.models import Appeal, Notice

_appeals = rows_of(Appeal, "action_id", "text", "created_at", "state", "decided_at", "decision__reason", owner="by")
_notices = rows_of(Notice, "reference", "name", "email", "law", "explanation", "created_at", "state", "decided_at")

register("appeals", title=_("Appeals"), rows=_appeals)
register("notices", title=_("Notices of illegal content"), rows=_notices)
