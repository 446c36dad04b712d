"""Editors' picks: a small form with its reason, under the comment or on a page of its own."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.discussion import picking, rules
from articles.discussion.forms import ReasonForm
from articles.discussion.views.forms_in_place import Act, View, find_comment, signed_in
from articles.discussion.views.moderating import do_act

both = require_http_methods(["GET", "POST"])


def editors_only[**P](view: View[P]) -> View[P]:
    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not rules.may_pick(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return signed_in(asked)


@both
@editors_only
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
@editors_only
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
