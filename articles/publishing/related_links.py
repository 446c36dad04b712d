"""Match “Also on” boxes with articles by headline, including articles that are added later."""

from articles.publishing.models import Article, RelatedLink
from articles.text.unicode_folding import words_of

KEY_LENGTH = 300


def headline_key(headline: str) -> str:
    """Return a headline without differences of typography, case and trailing dots."""
    return " ".join(words_of(headline))[:KEY_LENGTH]


def resolve_targets(article: Article) -> list[RelatedLink]:
    """Link this article's boxes to existing articles. Return those that changed, not saved yet."""
    changed = []
    for link in article.related_links.all():
        before = (link.headline_key, link.target_id)
        link.headline_key = headline_key(link.headline)
        if link.target_id is None and not link.url and link.headline_key:
            link.target = (
                Article.objects.filter(headline_key=link.headline_key)
                .exclude(pk=article.pk)
                .order_by("dated", "pk")
                .first()
            )
        if (link.headline_key, link.target_id) != before:
            changed.append(link)
    return changed


def resolve_waiting(article: Article) -> None:
    """Link other articles' boxes with this headline to this article."""
    if not article.headline_key:
        return
    waiting = RelatedLink.objects.filter(headline_key=article.headline_key, target=None, url="")
    waiting.exclude(article=article).update(target=article)
