"""Save articles to read later. The list is the reader's own: nobody else sees it, and nothing is counted."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.errors import Refused
from articles.publishing.models import Article
from articles.reading.models import SavedArticle
from articles.web.prepared_query import Parameter, PreparedQuery

MAX_SAVED = 1_000  # More than anyone comes back to; without a limit a script could fill the table.


_SAVED = PreparedQuery(
    lambda: SavedArticle.objects.filter(reader=Parameter("reader"), article=Parameter("article")).values_list("pk")
)


def is_saved(article: Article, *, by: User) -> bool:
    return bool(_SAVED.rows(reader=by.pk, article=article.pk))


@transaction.atomic
def save(article: Article, *, by: User) -> None:
    """Save an article. Idempotent.

    Raises:
        Refused: The reader has saved too many.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # Two requests at once count one after the other.
    saved = SavedArticle.objects.filter(reader=by)
    if not saved.filter(article=article).exists() and saved.count() >= MAX_SAVED:
        raise Refused(
            _("You have saved %(most)s articles, as many as you can. Remove one to save another.") % {"most": MAX_SAVED}
        )
    saved.get_or_create(reader=by, article=article, defaults={"saved_at": timezone.now()})


def remove(article_id: int, *, by: User) -> None:
    """Remove an article from the list, whether or not it is still public. Idempotent."""
    SavedArticle.objects.filter(reader=by, article=article_id).delete()
