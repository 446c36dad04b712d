"""Making and removing editors' picks."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.discussion import picking, rules
from articles.discussion.forms import ReasonForm
from articles.discussion.views.forms_in_place import ActionForm, get_comment
from articles.discussion.views.moderating import run_action
from articles.web.decorators import permission_required

both = require_http_methods(["GET", "POST"])


@both
@permission_required(rules.may_pick)
def pick(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = get_comment(request, comment_id)
    act = ActionForm(
        title=_("Make this an editors’ pick?"),
        explanation=_(
            "Readers will see a badge on the comment, and we’ll notify its author. The reason is recorded in the "
            "moderation log."
        ),
        button=_("Make editors’ pick"),
        form=ReasonForm(request.POST or None, initial={"reason": _("Adds to the article")}),
        comment=comment,
        cancel_url=comment.get_absolute_url(),
    )
    return run_action(request, act, picking.pick, _("Editors’ pick made."), comment=comment)


@both
@permission_required(rules.may_pick)
def unpick(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = get_comment(request, comment_id)
    act = ActionForm(
        title=_("Remove this editors’ pick?"),
        button=_("Remove pick"),
        form=ReasonForm(request.POST or None),
        comment=comment,
        cancel_url=comment.get_absolute_url(),
    )
    return run_action(request, act, picking.unpick, _("Editors’ pick removed."), comment=comment)
