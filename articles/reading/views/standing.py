"""How readers come to a standing, and what it changes: the tables of `accounts.trust`, for readers."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles.accounts.spam_prevention import WINDOW, WRITES_PER_WINDOW
from articles.accounts.trust import EFFECTS, REQUIRED_STANDING, REQUIREMENTS, TITLES, Requirement, Standing
from articles.discussion.hold_rules import MAX_LINKS
from articles.publishing.page_cache import cache_for_anonymous


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    requirements: list[str]
    effects: list[str]


@require_safe
@cache_for_anonymous
def show(request: HttpRequest) -> HttpResponse:
    rows = [
        Row(str(TITLES[standing]), list(_requirements(required)), list(_effects(standing)))
        for standing, required in REQUIREMENTS.items()
    ]
    rows.append(
        Row(
            _("Moderator"),
            [_("An owner gives you the role.")],
            [_("You decide about comments, reports and notices. Everyone with a role is trusted.")],
        )
    )
    return render(request, "reading/standing.html", {"rows": rows})


def _requirements(required: Requirement) -> Iterator[str]:
    if required.age.days <= 0:
        yield _("You have an account.")
        return
    days = required.age.days
    yield ngettext("Your account is %(n)d day old.", "Your account is %(n)d days old.", days) % {"n": days}
    if count := required.public_comments:
        yield ngettext("You have %(n)d published comment.", "You have %(n)d published comments.", count) % {"n": count}
    if required.clean_for:
        clean = required.clean_for.days
        yield (
            ngettext(
                "For %(n)d day, moderators have hidden no comment of yours that is still hidden.",
                "For %(n)d days, moderators have hidden no comment of yours that is still hidden.",
                clean,
            )
            % {"n": clean}
        )


def _effects(standing: Standing) -> Iterator[str]:
    if standing == Standing.NEW:
        yield _("You can comment, recommend, report, suggest topics, follow and save.")
        yield _(
            "All new accounts on one network together can post, recommend, vote and report %(most)d times in "
            "%(minutes)d minutes."
        ) % {"most": WRITES_PER_WINDOW, "minutes": WINDOW // 60}
    for contribution, effect in EFFECTS.items():
        if REQUIRED_STANDING[contribution] == standing:
            yield str(effect)
    if standing == Standing.TRUSTED:
        yield ngettext(
            "Comments with more than %(n)d link aren’t held for moderators.",
            "Comments with more than %(n)d links aren’t held for moderators.",
            MAX_LINKS,
        ) % {"n": MAX_LINKS}
