"""New authors, named where an article's byline is written."""

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
