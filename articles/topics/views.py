"""Views: topic pages, suggesting topics on an article, approving them."""

from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.accounts.models import User
from articles.errors import Refused
from articles.publishing.models import Article
from articles.publishing.page_cache import cache_for_anonymous
from articles.publishing.placed_pictures import load_lead_pictures
from articles.publishing.slug_redirects import redirect_renamed
from articles.text.sanitizing import clean_line
from articles.text.unicode_folding import fold
from articles.topics import curating, rules, tagging, topic_lists, topic_log
from articles.topics.hidden_articles import hidden_articles_state, without_hidden
from articles.topics.models import MAX_REASON_LENGTH, ArticleTopic, ClosedTopics, Objection, Topic
from articles.topics.topic_names import MAX_NAME_LENGTH
from articles.web.decorators import HtmxRequest, SignedInRequest, page_or_fragment, permission_required, sign_in_first
from articles.web.ip_rate_limits import with_retry_after
from articles.web.pagination import MAX_ID, paginate, parse_id

TOPICS_PER_PAGE = 300  # Names in columns: two screens on a laptop.
ARTICLES_PER_PAGE = 20  # Headlines: a screen and a half.
LOG_LINES_PER_PAGE = 40  # As in the log of moderation.
MAX_COUNTED = 1_000  # Articles of one topic, in a millisecond.
FIELDS_BELOW = {"objection", "same_as", "reason"}  # Of the forms on the article's page of topics.
MAX_TYPED = MAX_NAME_LENGTH * 2  # Characters of a rejected name that are shown again in the field.


@require_safe
@cache_for_anonymous
def topic_list(request: HttpRequest) -> HttpResponse:
    topics = Topic.objects.visible_to(request.user).order_by("name_key")
    topics = topics.with_article_count(request.user, up_to=topic_lists.MAX_COUNTED)
    page = paginate(topics, request, size=TOPICS_PER_PAGE)
    letters = [(letter, list(group)) for letter, group in groupby(page.items, key=_first_letter)]
    return render(
        request, "topics/list.html", {"letters": letters, "page": page, "max_counted": topic_lists.MAX_COUNTED}
    )


def _first_letter(topic: Topic) -> str:
    """Return the heading of a topic in the list: its first letter, or “0–9” for everything else."""
    first = fold(topic.name_key[:1])[:1]
    return first.upper() if first.isalpha() else "0–9"


@require_safe
@cache_for_anonymous
@redirect_renamed(Topic)
def topic_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a topic with its articles. Topics without a visible article exist for editors only, who describe them."""
    try:
        topics = Topic.objects.visible_to(request.user).with_article_count(request.user, up_to=MAX_COUNTED)
        topic = get_object_or_404(topics, slug=slug)
    except Http404:
        if not rules.may_curate(request.user):
            raise
        topic = get_object_or_404(Topic, slug=slug, merged_into=None)
    under = Article.objects.visible_to(request.user).filter(
        article_topics__topic=topic, article_topics__state=ArticleTopic.State.SHOWN
    )
    articles = without_hidden(under, request, on_topic=topic.pk).for_lists().newest_first()
    page = paginate(articles, request, size=ARTICLES_PER_PAGE)
    load_lead_pictures(page.items)
    hidden_articles = hidden_articles_state(request)
    context = {"topic": topic, "page": page, "hidden_articles": hidden_articles, "max_counted": MAX_COUNTED}
    return render(request, "topics/topic.html", context)


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show what was taken from articles, and what editors did with topics, newest first."""
    page = paginate(topic_log.logged_actions(), request, size=LOG_LINES_PER_PAGE)
    return render(request, "topics/log.html", {"page": page, "lines": topic_log.lines(page.items, viewer=request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def tag_article(request: HtmxRequest, article_id: int) -> HttpResponse:
    """Show an article's topics with the form on its own page, and handle this form and the one under the article.

    POST has `name` (of a topic), `agree`, `disagree` or `remove_vote` (a topic's id), or of an editor `close` or
    `reopen`.
    GET with `against` (a topic's id) has the form for a vote against it.
    """
    typed = request.POST.get("name", request.GET.get("name", ""))[:MAX_TYPED]
    if not isinstance(request.user, User):  # Afterwards the form has the typed name again.
        here = reverse("tag_article", args=[article_id])
        return sign_in_first(request, return_to=f"{here}?{urlencode({'name': typed})}" if typed else here)
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=min(article_id, MAX_ID))
    if request.method != "POST":
        return _render_topics(request, article, typed=typed)
    try:
        success_message = _handle_form(request, article, by=request.user)
    except Refused as error:
        return with_retry_after(_render_topics(request, article, typed=typed, refusal=error), error)
    if request.htmx:
        return _render_topics(request, article, success_message=success_message)
    messages.success(request, success_message)
    return redirect(article.get_absolute_url() + "#topics")


def _handle_form(request: HttpRequest, article: Article, *, by: User) -> str:
    """Carry out the form's action and return the success message."""
    if "close" in request.POST or "reopen" in request.POST:
        close = "close" in request.POST
        act = curating.close_topics if close else curating.reopen_topics
        act(article, by=by, reason=request.POST.get("reason", ""))
        return _("Topics closed.") if close else _("Topics opened.")
    for action in ("agree", "disagree", "remove_vote"):
        if action in request.POST:
            key = parse_id(request.POST[action])
            line = tagging.line_of(article, key or 0, viewer=by)
            if line is None:
                raise Refused(_("This topic has been removed from the article."))
            topic = line.topic
            if action == "agree":
                return _success_message(tagging.agree(article, topic, by=by))
            if action == "disagree":
                return _disagree(request, article, topic, by=by)
            tagging.untag(article, topic, by=by)
            return _("Vote for “%(topic)s” removed.") % {"topic": topic.name}
    return _success_message(tagging.tag(article, request.POST.get("name", ""), by=by))


def _disagree(request: HttpRequest, article: Article, topic: Topic, *, by: User) -> str:
    objection = request.POST.get("objection", "")
    if objection not in Objection.values:
        raise Refused(_("Choose a reason."), field="objection")
    same_as = Topic.objects.visible_to(by).named(request.POST.get("same_as", "")[:MAX_TYPED])
    voted = tagging.disagree(article, topic, by=by, objection=Objection(objection), same_as=same_as)
    if voted.state == ArticleTopic.State.REJECTED:
        return _("“%(topic)s” rejected for “%(article)s”.") % {"topic": topic.name, "article": article.headline}
    return _("Vote against “%(topic)s” counted.") % {"topic": topic.name}


def _success_message(article_topic: ArticleTopic) -> str:
    if article_topic.state == ArticleTopic.State.SHOWN:
        return _("“%(topic)s” is a topic of this article.") % {"topic": article_topic.topic.name}
    if not article_topic.agreed:
        return _("“%(topic)s” suggested. An editor will decide.") % {"topic": article_topic.topic.name}
    left = max(1, tagging.TOPIC_QUORUM - article_topic.agreed + article_topic.disagreed)
    sentence = ngettext(
        "“%(topic)s” needs %(left)s more reader to agree.",
        "“%(topic)s” needs %(left)s more readers to agree.",
        left,
    )
    return sentence % {"topic": article_topic.topic.name, "left": left}


def _render_topics(
    request: HtmxRequest,
    article: Article,
    *,
    typed: str = "",
    success_message: str = "",
    refusal: Refused | None = None,
) -> HttpResponse:
    """Render the article's topics: the whole page, or the fragment for htmx."""
    topics = tagging.topics_of(article, viewer=request.user)
    below = refusal if refusal is not None and refusal.field in FIELDS_BELOW else None
    against = parse_id(request.POST.get("disagree", request.GET.get("against", "")))
    context = {
        "article": article,
        "article_topics": topics,
        "objected": next((line for line in topics if line.topic.pk == against), None),
        "objections": Objection.choices,
        "chosen_objection": request.POST.get("objection", ""),
        "same_as_typed": clean_line(request.POST.get("same_as", "")[:MAX_TYPED]),
        "may_curate": rules.may_curate(request.user),
        "topics_closed": ClosedTopics.objects.filter(article=article).values_list("reason", flat=True).first(),
        "reason_typed": clean_line(request.POST.get("reason", "")[: MAX_REASON_LENGTH * 2]),
        # The pressed button has gone with its topic. Focus the next control, so that it doesn't fall back to the top.
        "focus_form": "remove_vote" in request.POST
        and all(str(line.topic.pk) != request.POST["remove_vote"] for line in topics),
        "viewer": request.user,
        "topic_typed": clean_line(typed),
        "topic_refusal": None if below else refusal,
        "refusal_below": below,
        "topic_message": success_message,
        "topic_open": True,
    }
    status = 200 if refusal is None else 429 if refusal.retry_after is not None else 422
    return page_or_fragment(request, "topics/article.html", "topics/_topics.html#response", context, status=status)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Return topic names for the autocomplete field, which only signed-in readers have."""
    if not request.user.is_authenticated:
        return JsonResponse({"options": []}, status=403)
    found = topic_lists.suggest(request.GET.get("q", "")[:MAX_TYPED], viewer=request.user)
    options = [{"name": topic.name, "note": _article_count(topic.article_count)} for topic in found]
    status = ngettext("%(count)s topic", "%(count)s topics", len(found)) % {"count": len(found)}
    return JsonResponse({"options": options, "status": status if found else _("No topic with this name yet")})


def _article_count(count: int) -> str:
    if count > topic_lists.MAX_COUNTED:
        return _("More than %(count)s articles") % {"count": topic_lists.MAX_COUNTED}
    return ngettext("%(count)s article", "%(count)s articles", count) % {"count": count}


@require_POST
@permission_required(rules.may_curate, return_to="/")
def decide(request: SignedInRequest, pk: int, *, approved: bool) -> HttpResponse:
    """Approve or reject a topic of an article."""
    article_topic = get_object_or_404(ArticleTopic.objects.select_related("topic", "article"), pk=min(pk, MAX_ID))
    message = _("“%(topic)s” approved for “%(article)s”.") if approved else _("“%(topic)s” rejected for “%(article)s”.")
    try:
        if approved:
            curating.approve(article_topic, by=request.user)
        else:
            chosen = request.POST.get("objection", "")
            if chosen not in Objection.values:
                raise Refused(_("Choose a reason for rejecting it."))
            curating.reject(article_topic, by=request.user, objection=Objection(chosen))
    except Refused as error:
        messages.error(request, error.reason)
    else:
        names = {"topic": article_topic.topic.name, "article": article_topic.article.headline}
        messages.success(request, message % names)
    return redirect(_next_url(request))


def _next_url(request: HttpRequest) -> str:
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if safe else reverse("moderation")
