"""The page of the rules that hold comments: their switches, their figures and the watched words."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.discussion import comment_classifier, hold_rules, watched_words
from articles.discussion.hold_rules import FIGURES_OVER, RULES, Figures, Mode, Rule
from articles.discussion.models import Classifier, Comment, HoldRule, WatchedWord
from articles.discussion.rules import may_moderate
from articles.errors import Refused
from articles.moderation.models import Appeal
from articles.web.decorators import SignedInRequest, permission_required

UNPROCESSABLE = 422
WORDS_SHOWN = 12  # That weigh most for a kind of comment.
WORDS_OF = 100  # Comments hidden lately, in which they are looked for.


@dataclass(frozen=True, slots=True)
class Line:
    rule: Rule
    mode: Mode
    figures: Figures
    appealed: int
    stopped: HoldRule | None
    """Its row if it stopped itself."""


@require_http_methods(["GET", "POST"])
@permission_required(may_moderate)
def show(request: SignedInRequest) -> HttpResponse:
    """Show the rules, or save the words (`words`) or the switches."""
    if request.method == "GET":
        return _render(request)
    if "words" in request.POST:
        sent = {effect: request.POST.get(effect, "") for effect in WatchedWord.Effect.values}
        try:
            for effect, lines in sent.items():
                watched_words.save_words(lines.splitlines(), effect=WatchedWord.Effect(effect))
        except Refused as refusal:
            return _render(request, sent=sent, refusal=refusal.reason, status=UNPROCESSABLE)
        messages.success(request, _("Words saved."))
        return redirect("hold_rules")
    now = hold_rules.modes()
    for rule in RULES:
        chosen = request.POST.get(rule.name, "")
        if chosen in Mode.values and chosen != now[rule.name]:
            hold_rules.set_mode(rule.name, Mode(chosen), by=request.user)
    messages.success(request, _("Rules saved."))
    return redirect("hold_rules")


def _render(
    request: HttpRequest, *, sent: dict[str, str] | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    rows = {row.name: row for row in HoldRule.objects.all()}
    now = hold_rules.modes()
    lines = [
        Line(
            rule=rule,
            mode=now[rule.name],
            figures=hold_rules.figures_of(rule.name),
            appealed=Appeal.objects.filter(action__comment__held_by=rule.name).count(),
            stopped=row if (row := rows.get(rule.name)) and row.changed_by_id is None else None,
        )
        for rule in RULES
    ]
    context: dict[str, Any] = {
        "lines": lines,
        "modes": Mode.choices,
        "days": FIGURES_OVER.days,
        "most_wrong": round(100 * hold_rules.MAX_OVERTURNED),
        "words": sent or _saved_words(),
        "classifiers": _classifiers(),
        "refusal": refusal,
    }
    return render(request, "moderation/hold_rules.html", context, status=status)


@dataclass(frozen=True, slots=True)
class ClassifierLine:
    title: str
    """The rule under which comments were hidden; empty for all together."""
    row: Classifier
    words: list[str]
    """Of comments hidden lately. What was learned has no words that could be read."""


def _classifiers() -> list[ClassifierLine]:
    rows = Classifier.objects.defer("weights").in_bulk()
    if not rows:
        return []
    hidden = Comment.objects.filter(state=Comment.State.HIDDEN, author__isnull=False).order_by("-pk")
    words = " ".join(hidden.values_list("body", flat=True)[:WORDS_OF]).split()
    return [
        ClassifierLine(
            title="" if model.kind == comment_classifier.ANY else hold_rules.clause_title(model.kind),
            row=rows[model.kind],
            words=model.weighed_words(words, most=WORDS_SHOWN),
        )
        for model in comment_classifier.models()
        if model.kind in rows
    ]


def _saved_words() -> dict[str, str]:
    """Return the watched words by their effect, one on each line."""
    words = dict.fromkeys(WatchedWord.Effect.values, "")
    for text, effect in WatchedWord.objects.values_list("text", "effect"):
        words[effect] += f"{text}\n"
    return words
