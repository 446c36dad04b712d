"""What machines read in an article's page: JSON-LD and a description in one sentence or two."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.discussion.threads.discussion_page import PublicComment
from articles.publishing.models import Article, Author, Correction, PullQuote
from articles.text.excerpts import excerpt, plain_text
from articles.text.markdown import typographic
from articles.text.sanitizing import trusted

ENOUGH_HTML = 3000  # Characters of a body that hold the first 160 of its text.
MODEL_NUMBER = 987_654_321
NOTES = re.compile(r'<span class="unseen">[^<]*</span>')
# A data block ends at the first “</script”; U+2028 and U+2029 end a line in old parsers of JSON.
ESCAPES = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def description_of(article: Article, html: str) -> str:
    """The standfirst, else the first words of the laid-out text."""
    if article.standfirst:
        return excerpt(typographic(article.standfirst), 300)
    return excerpt(plain_text(NOTES.sub("", html[:ENOUGH_HTML])))


def script_of(data: dict[str, Any]) -> SafeString:
    """JSON that is safe inside a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for letter, escaped in ESCAPES.items():  # Five times faster than str.translate where a text is not ASCII.
        text = text.replace(letter, escaped)
    return trusted(text)


def news_article(
    article: Article,
    *,
    authors: Iterable[Author],
    topics: Iterable[str] = (),
    comments: Iterable[PublicComment] = (),
    quotes: Iterable[PullQuote] = (),
    corrections: Iterable[Correction] = (),
) -> dict[str, Any]:
    """The article as schema.org's NewsArticle. Day precision gives a date, never a time of day.

    Pull quotes that repeat the body are no part of it; those that stand alone are, as quotations.
    """
    address = settings.SITE_ADDRESS + article.get_absolute_url()
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": typographic(article.headline),
        "description": description_of(article, article.body_html),
        "inLanguage": article.language,
        "datePublished": published_of(article),
        "wordCount": article.word_count,
        "commentCount": article.comment_count,
        "isAccessibleForFree": True,
        "author": [
            {"@type": "Person", "name": author.name, "url": settings.SITE_ADDRESS + author.get_absolute_url()}
            for author in authors
        ],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": settings.PAPER_NAME,
            "url": settings.SITE_ADDRESS + "/",
        },
        "articleSection": article.section.name if article.section else "",
        "dateModified": article.updated_at.isoformat(timespec="seconds") if article.updated_at else "",
        "isBasedOn": article.source_url if article.source else "",
        "keywords": list(topics),
        "hasPart": [_quotation(quote) for quote in quotes if not quote.repeats_the_body],
        "correction": [_correction(correction, address) for correction in corrections],
        "comment": _comments(comments),
    }
    return {name: value for name, value in data.items() if value or value == 0}


def _quotation(quote: PullQuote) -> dict[str, Any]:
    data: dict[str, Any] = {"@type": "Quotation", "text": typographic(quote.text)}
    if quote.shown_speaker:
        data["creator"] = {"@type": "Person", "name": quote.shown_speaker}
    return data


def _correction(correction: Correction, address: str) -> dict[str, Any]:
    return {
        "@type": "CorrectionComment",
        "@id": f"{address}#correction-{correction.pk}",
        "text": correction.text,
        "datePublished": correction.made_at.isoformat(timespec="seconds"),
    }


def _comments(comments: Iterable[PublicComment]) -> list[dict[str, Any]]:
    # One address made by the resolver stands for all: it takes longer than all the rest of a comment.
    before, after = (settings.SITE_ADDRESS + reverse("comment", args=[MODEL_NUMBER])).split(str(MODEL_NUMBER))
    found = []
    for comment in comments:
        address = f"{before}{comment.pk}{after}"
        data: dict[str, Any] = {
            "@type": "Comment",
            "@id": address,
            "url": address,
            "author": {"@type": "Person", "name": comment.author},
            "dateCreated": comment.posted_at.isoformat(timespec="seconds"),
            "text": comment.text,
            "upvoteCount": comment.recommended,
        }
        if comment.parent_id is not None:
            data["parentItem"] = {"@type": "Comment", "@id": f"{before}{comment.parent_id}{after}"}
        found.append(data)
    return found


def published_of(article: Article) -> str:
    if article.dated_at is not None:
        return article.dated_at.isoformat(timespec="minutes")
    return article.dated.isoformat() if article.dated is not None else ""
