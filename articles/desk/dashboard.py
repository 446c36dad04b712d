"""The dashboard, the first page of the desk: setup checklist, pending work, planning and charts."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from articles.desk import charts, planning, setup_checklist
from articles.desk.pending_work import pending_work

if TYPE_CHECKING:
    from articles.accounts.models import User


def dashboard_context(person: "User") -> dict[str, Any]:
    """Return the context of the page, limited to what this person may see."""
    context: dict[str, Any] = {
        "pending": pending_work(person),
        "checklist": setup_checklist.open_checklist(person),
    }
    if person.has_perm("articles.view_article"):
        context |= {
            "planned_days": planning.planned_days(),
            "published": charts.published_chart(),
            "most_read": charts.most_read(),
            "discussed": charts.most_discussed(),
            "today": timezone.localtime(),
        }
    return context
