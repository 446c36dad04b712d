"""New authors, named where an article's byline is written, and the link from an account to its author."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.errors import Refused
from articles.publishing import signals
from articles.publishing.models import Author
from articles.text.sanitizing import clean_line
from articles.text.slugs import make_slug


def new_author(name: str) -> Author:
    """Return an author with a free slug, not saved yet."""
    author = Author(name=clean_line(name)[: Author._meta.get_field("name").max_length])
    slug = base = make_slug(author.name, default="author")
    number = 1
    while Author.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    author.slug = slug
    return author


@transaction.atomic
def link_author(*, reader: User, name: str) -> Author:
    """Return the author of this account. If there is none, link the author of this name, or create one.

    An author who has another account is someone else of the same name.

    Raises:
        Refused: The name is empty.
    """
    name = clean_line(name)
    if not name:
        raise Refused(_("Enter a name."), field="byline_name")
    if own := Author.objects.filter(user=reader).first():
        return own
    known = Author.objects.select_for_update(no_key=True).filter(name__iexact=name, user=None).order_by("pk").first()
    author = known or new_author(name)
    author.user = reader
    try:
        with transaction.atomic():
            author.save()
    except IntegrityError:  # Someone else took the slug a moment ago.
        author.slug = new_author(name).slug
        author.save()
    signals.author_changed.send(sender=Author, author=author)
    return author
