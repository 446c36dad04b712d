"""Lead “Also on” boxes to their articles, also when these arrive later."""

from articles.publishing.models import Article, RelatedLink
from articles.text.quotations import words_of

KEY_LENGTH = 300


def headline_key(headline: str) -> str:
    """A headline folded so that typography, case and trailing dots make no difference."""
    return " ".join(words_of(headline))[:KEY_LENGTH]


def find_targets(article: Article) -> None:
    """Link this article's boxes to the articles that exist, and boxes elsewhere that waited for this one."""
    for link in article.related_links.all():
        link.headline_key = headline_key(link.headline)
        if link.target_id is None and not link.url and link.headline_key:
            link.target = (
                Article.objects.filter(headline_key=link.headline_key)
                .exclude(pk=article.pk)
                .order_by("dated", "pk")
                .first()
            )
        link.save(update_fields=["headline_key", "target"])
    if article.headline_key:
        RelatedLink.objects.filter(headline_key=article.headline_key, target=None, url="").exclude(
            article=article
        ).update(target=article)
