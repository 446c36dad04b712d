"""Making and removing editors' picks."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from articles.discussion import picking, rules
from articles.discussion.views.forms_in_place import get_comment, gone_page
from articles.discussion.views.moderating import ReasonedAction, approval_form, get_or_post, run_action
from articles.web.decorators import permission_required

ACTIONS = {
    "pick": ReasonedAction(
        picking.pick,
        _("Make this an editors’ pick?"),
        _("Make editors’ pick"),
        _("Editors’ pick made."),
        _(
            "Readers will see a badge on the comment, and we’ll notify its author. The reason is recorded in the "
            "moderation log."
        ),
        suggested_reason=_("Adds to the article"),
    ),
    "unpick": ReasonedAction(
        picking.unpick, _("Remove this editors’ pick?"), _("Remove pick"), _("Editors’ pick removed.")
    ),
}


@get_or_post
@permission_required(rules.may_pick)
def pick_action(request: HttpRequest, comment_id: int, name: str) -> HttpResponse:
    comment = get_comment(request, comment_id)
    if gone := gone_page(request, comment):
        return gone
    form = approval_form(request, ACTIONS[name], comment) if name == "pick" else None
    return run_action(request, ACTIONS[name], comment.get_absolute_url(), form=form, comment=comment)
