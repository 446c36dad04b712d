"""The page of a picture: whose it is, how it was made, where it is used, and what was said of it before."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.pictures.markup import picture_element
from articles.pictures.models import Picture
from articles.publishing.models import Article, PicturePlacement
from articles.publishing.page_cache import cache_for_anonymous
from articles.publishing.picture_html import PAGE, SAID_FIRST, UPRIGHT_PAGE
from articles.reading import picture_data
from articles.web.pagination import MAX_ID

MAX_ARTICLES = 100  # One picture hardly stands in as many.


@require_safe
@cache_for_anonymous
def show(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Show a picture that stands in a public article; who may see pictures at the desk sees the others, too."""
    picture = get_object_or_404(Picture, pk=min(picture_id, MAX_ID))
    placements = PicturePlacement.objects.filter(picture=picture)
    public = Article.objects.visible_to(request.user).filter(pk__in=placements.values("article"))
    articles = list(public.newest_first().defer("body", "body_html")[:MAX_ARTICLES])
    if not (articles or request.user.has_perm("articles.view_picture")):
        raise Http404
    placement = placements.filter(article__in=articles).first() or PicturePlacement(picture=picture)
    placement.picture = picture
    is_upright = picture.height > picture.width
    context = {
        "picture": picture,
        "is_upright": is_upright,
        "element": picture_element(picture, UPRIGHT_PAGE if is_upright else PAGE, alt=placement.shown_alt),
        "caption": picture.caption or placement.shown_caption,
        "preview_url": picture_data.preview_image(placement)["url"] if picture.is_shown else "",
        "said_first": picture.made_with in SAID_FIRST,
        "articles": articles,
        "former_captions": picture.former_captions.all(),
    }
    return render(request, "reading/picture.html", context)
