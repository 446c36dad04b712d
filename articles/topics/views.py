"""Topic pages, and a reader's hand on an article's topics."""

from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.accounts.models import User
from articles.errors import Refused
from articles.publishing.models import Article
from articles.text.sanitizing import clean_line
from articles.text.slugs import fold
from articles.topics import curating, rules, tagging, topic_lists
from articles.topics.hidden_articles import leaves_out, wanted
from articles.topics.models import ArticleTopic, Topic
from articles.topics.topic_names import NAME_LENGTH
from articles.web.decorators import HtmxRequest, SignedInRequest, page_or_fragment, permission_required, sign_in_first
from articles.web.pagination import MAX_ID, paginate, parse_id

TOPICS_ON_A_PAGE = 300  # Names in columns: two screens on a laptop.
ARTICLES_ON_A_PAGE = 20  # Headlines: a screen and a half.
TYPED_MOST = NAME_LENGTH * 2  # Characters of a refused name that come back in the field.


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    topics = Topic.objects.standing(request.user).order_by("name_key")
    page = paginate(topics, request, size=TOPICS_ON_A_PAGE)
    letters = [(letter, list(group)) for letter, group in groupby(page.items, key=_first_letter)]
    return render(request, "topics/list.html", {"letters": letters, "page": page})


def _first_letter(topic: Topic) -> str:
    """Under which a topic stands in the list; everything before the letters stands under one mark."""
    first = fold(topic.name_key[:1])[:1]
    return first.upper() if first.isalpha() else "0–9"


@require_safe
def topic_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic shows once it stands on an article that readers may see; editors see the others too, to describe them."""
    standing = Topic.objects.standing(request.user)
    topic = standing.filter(slug=slug).first()
    if topic is None:
        everything = Topic.objects.all() if rules.may_curate(request.user) else Topic.objects.none()
        topic = get_object_or_404(everything, slug=slug)
    under = Article.objects.visible_to(request.user).filter(
        article_topics__topic=topic, article_topics__state=ArticleTopic.State.SHOWN
    )
    articles = wanted(under, request, on_topic=topic.pk).for_cards().newest_first()
    page = paginate(articles, request, size=ARTICLES_ON_A_PAGE)
    return render(request, "topics/topic.html", {"topic": topic, "page": page, "leaves_out": leaves_out(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def tag_article(request: HtmxRequest, article_id: int) -> HttpResponse:
    """An article's topics with the form, as a page of its own and as the target of the form under the article.

    POST carries `name` (a new word), `agree` or `take_back` (a topic's number).
    """
    typed = request.POST.get("name", request.GET.get("name", ""))[:TYPED_MOST]
    if not isinstance(request.user, User):
        return _sign_in_first(request, article_id, typed)
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=min(article_id, MAX_ID))
    if request.method != "POST":
        return _answer(request, article, typed=typed)
    try:
        said = _do(request, article, by=request.user)
    except Refused as no:
        response = _answer(request, article, typed=typed, refusal=no)
        if no.retry_after is not None:
            response["Retry-After"] = str(no.retry_after)
        return response
    if request.htmx:
        return _answer(request, article, said=said)
    messages.success(request, said)
    return redirect(article.get_absolute_url() + "#topics")


def _sign_in_first(request: HtmxRequest, article_id: int, typed: str) -> HttpResponse:
    """Whose session ended finds the typed word in the form again after signing in."""
    here = reverse("tag_article", args=[article_id])
    return sign_in_first(request, return_to=f"{here}?{urlencode({'name': typed})}" if typed else here)


def _do(request: HttpRequest, article: Article, *, by: User) -> str:
    """Do what the form asks, and say in a sentence what came of it."""
    for act in ("agree", "take_back"):
        if act in request.POST:
            key = parse_id(request.POST[act])
            topic = Topic.objects.filter(pk=key or 0, article_topics__article=article).first()
            if topic is None:
                raise Refused(_("This topic is gone from the article."))
            if act == "agree":
                return _outcome(tagging.agree(article, topic, by=by))
            tagging.untag(article, topic, by=by)
            return _("You took back “%(topic)s”.") % {"topic": topic.name}
    return _outcome(tagging.tag(article, request.POST.get("name", ""), by=by))


def _outcome(place: ArticleTopic) -> str:
    if place.state == ArticleTopic.State.SHOWN:
        return _("“%(topic)s” is a topic of this article.") % {"topic": place.topic.name}
    left = rules.TOPIC_QUORUM - place.agreed
    sentence = ngettext(
        "“%(topic)s” waits for %(left)s more reader to agree.",
        "“%(topic)s” waits for %(left)s more readers to agree.",
        left,
    )
    return sentence % {"topic": place.topic.name, "left": left}


def _answer(
    request: HtmxRequest, article: Article, *, typed: str = "", said: str = "", refusal: Refused | None = None
) -> HttpResponse:
    """The article's topics: a page, or for htmx the piece that changed."""
    topics = tagging.topics_of(article, viewer=request.user)
    context = {
        "article": article,
        "article_topics": topics,
        # The pressed button is gone with its topic: the keyboard goes on to the next thing, and not back to the top.
        "topic_gone": "take_back" in request.POST
        and all(str(line.topic.pk) != request.POST["take_back"] for line in topics),
        "viewer": request.user,
        "topic_typed": clean_line(typed),
        "topic_refusal": refusal,
        "topic_said": said,
        "topic_open": True,
    }
    status = 200 if refusal is None else 429 if refusal.retry_after is not None else 422
    return page_or_fragment(request, "topics/tag.html", "topics/_topics.html#answer", context, status=status)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Names for the field's list. Readers without an account have no field and get none."""
    if not request.user.is_authenticated:
        return JsonResponse({"options": []}, status=403)
    found = topic_lists.suggest(request.GET.get("q", "")[:TYPED_MOST], viewer=request.user)
    return JsonResponse(
        {
            "options": [{"name": topic.name, "note": _articles(topic)} for topic in found],
            "status": ngettext("%(count)s topic", "%(count)s topics", len(found)) % {"count": len(found)}
            if found
            else _("No topic of this name yet"),
        }
    )


def _articles(topic: Topic) -> str:
    count: int = getattr(topic, "articles", 0)
    return ngettext("%(count)s article", "%(count)s articles", count) % {"count": count}


@require_POST
@permission_required(rules.may_curate, return_to="/")
def approve_topic(request: SignedInRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, approved=True)


@require_POST
@permission_required(rules.may_curate, return_to="/")
def refuse_topic(request: SignedInRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, approved=False)


def _decided(request: SignedInRequest, pk: int, *, approved: bool) -> HttpResponse:
    place = get_object_or_404(ArticleTopic.objects.select_related("topic", "article"), pk=min(pk, MAX_ID))
    names = {"topic": place.topic.name, "article": place.article.headline}
    try:
        if approved:
            curating.approve(place, by=request.user)
            said = _("“%(topic)s” is now a topic of “%(article)s”.") % names
        else:
            curating.refuse(place, by=request.user)
            said = _("“%(topic)s” stays away from “%(article)s”.") % names
    except Refused as no:
        messages.error(request, no.reason)
    else:
        messages.success(request, said)
    return redirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else reverse("moderation")
