"""Store what is derived from names and headlines by the rules of `articles.text.unicode_folding`.

Until 0.1.0, folding dropped marks that are letters (a dakuten, vowel signs, Korean syllables were stored in pieces) and
kept letters that have no accent to drop (ø, ł). Keys of readers and topics, slugs that lost letters, and the keys of
headlines are made again; the search index is emptied, and filled after the migration (`search.receivers`). Public
articles keep a redirect from their old URL. Two names that have one key today stay two: the one that has fewer accents,
or else the older, gets it, and the other keeps a key of its own.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import migrations
from django.utils import timezone

from articles.text.slugs import make_slug, name_keys
from articles.text.unicode_folding import composed, words_of
from articles.topics.topic_names import topic_keys

BATCH = 500
OLD_SLUG_LENGTH = 80
HEADLINE_KEY_LENGTH = 300


def old_slug(headline: str) -> str:
    """Return the slug that release 0.1.0 made."""
    text = unicodedata.normalize("NFKD", re.sub(r"[‘’'ʼ]", "", headline).casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    slug = re.sub(r"[\W_]+", "-", text).strip("-")
    if len(slug) > OLD_SLUG_LENGTH:
        slug = slug[: OLD_SLUG_LENGTH + 1].rsplit("-", 1)[0][:OLD_SLUG_LENGTH]
    return slug


def update_keys(rows: Any, name: str, keys_of: Callable[[str], tuple[str, str]]) -> None:
    """Give each row its key. All old keys differ, and so do all exact ones."""
    wanted: dict[str, list[tuple[str, int]]] = defaultdict(list)
    stored: dict[int, str] = {}
    for pk, text, key in rows.order_by("pk").values_list("pk", name, "name_key").iterator():
        exact, folded = keys_of(text)
        wanted[folded or text.casefold()].append((exact, pk))
        stored[pk] = key
    keys: dict[int, str] = {}
    for folded, found in wanted.items():
        winner = min(found, key=lambda one: (one[0] != folded, one[1]))
        keys.update({pk: folded if (exact, pk) == winner else exact for exact, pk in found})
    changed = [pk for pk, key in keys.items() if key != stored[pk]]
    for pk in changed:  # First out of each other's way, since keys are unique.
        rows.filter(pk=pk).update(name_key=f"~{pk}")
    for pk in changed:
        rows.filter(pk=pk).update(name_key=keys[pk])


def compose_slugs(rows: Any) -> None:
    for pk, slug in rows.values_list("pk", "slug"):
        new = composed(slug)
        if new != slug and not rows.filter(slug=new).exists():
            rows.filter(pk=pk).update(slug=new)


def renew_slug(articles: Any, redirects: Any, article: Any) -> None:
    """Give an article the slug that its headline makes today if letters were lost. Public URLs keep a redirect."""
    old, number = old_slug(article.headline), ""
    if found := re.fullmatch(rf"{re.escape(old)}(-\d+)?", unicodedata.normalize("NFKD", article.slug)) if old else None:
        number = found[1] or ""
    new = composed(article.slug)
    plain = make_slug(article.headline, default="article")
    if found and make_slug(article.slug.removesuffix(number)) != plain:
        new = plain + number
    if new == article.slug:
        return
    for suffix in ("", *(f"-{n}" for n in range(2, 52))):
        others = articles.filter(dated=article.dated, slug=new + suffix).exclude(pk=article.pk)
        formers = redirects.filter(dated=article.dated, slug=new + suffix).exclude(article=article.pk)
        if article.dated is None or not (others.exists() or formers.exists()):
            break
    else:
        return
    if article.dated is not None and article.go_live_at is not None and article.go_live_at <= timezone.now():
        redirects.get_or_create(dated=article.dated, slug=article.slug, defaults={"article_id": article.pk})
    articles.filter(pk=article.pk).update(slug=new + suffix)


def normalize(apps: Any, schema_editor: Any) -> None:
    def rows(model: str) -> Any:
        return apps.get_model("articles", model).objects.using(schema_editor.connection.alias)

    update_keys(rows("User"), "username", name_keys)
    update_keys(rows("Topic"), "name", topic_keys)
    for model in ("Author", "Section", "Topic"):
        compose_slugs(rows(model))
    redirects = rows("SlugRedirect")
    for pk, dated, slug in redirects.values_list("pk", "dated", "slug"):
        if composed(slug) != slug and not redirects.filter(dated=dated, slug=composed(slug)).exists():
            redirects.filter(pk=pk).update(slug=composed(slug))
    for article in rows("Article").order_by("pk").only("dated", "slug", "headline", "go_live_at").iterator(BATCH):
        renew_slug(rows("Article"), redirects, article)
    for model in ("Article", "RelatedLink"):
        changed = []
        for row in rows(model).only("headline", "headline_key").iterator(BATCH):
            key = " ".join(words_of(row.headline))[:HEADLINE_KEY_LENGTH]
            if row.headline_key and key != row.headline_key:
                row.headline_key = key
                changed.append(row)
        rows(model).bulk_update(changed, ["headline_key"], batch_size=BATCH)
    rows("SearchDocument").all().delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_sort_articles_by_publication")]
    operations = [migrations.RunPython(normalize, migrations.RunPython.noop)]
