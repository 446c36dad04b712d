"""Editors' picks: a small form with its reason, under the comment or on a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.discussion import picking, rules
from articles.discussion.forms import ReasonForm
from articles.discussion.views.forms_in_place import Act, find_comment
from articles.discussion.views.moderating import do_act
from articles.web.decorators import permission_required

both = require_http_methods(["GET", "POST"])


@both
@permission_required(rules.may_pick)
def pick(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = find_comment(request, comment_id)
    act = Act(
        title=_("Make this an editors’ pick"),
        explanation=_("It gets a mark that everybody sees, and its author is told. The reason stands in the log."),
        button=_("Pick it"),
        form=ReasonForm(request.POST or None, initial={"reason": _("Adds to the article")}),
        comment=comment,
        back=comment.get_absolute_url(),
    )
    return do_act(request, act, picking.pick, _("The comment is an editors’ pick."), comment=comment)


@both
@permission_required(rules.may_pick)
def unpick(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = find_comment(request, comment_id)
    act = Act(
        title=_("Take back this editors’ pick"),
        button=_("Take it back"),
        form=ReasonForm(request.POST or None),
        comment=comment,
        back=comment.get_absolute_url(),
    )
    return do_act(request, act, picking.unpick, _("The comment is no editors’ pick any longer."), comment=comment)
