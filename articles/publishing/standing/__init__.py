"""The standing texts as the paper is delivered, until an editor writes better ones."""

from dataclasses import dataclass
from pathlib import Path

from articles.text.markdown import render_article

HERE = Path(__file__).parent
SLUGS = ("rules", "privacy")


@dataclass(frozen=True, slots=True)
class Delivered:
    slug: str
    title: str
    body: str
    body_html: str


def as_delivered(slug: str) -> Delivered:
    """The text of this name; its first line, a Markdown heading, is the title."""
    head, _, body = (HERE / f"{slug}.md").read_text("utf-8").partition("\n")
    body = body.strip()
    return Delivered(slug=slug, title=head.lstrip("# ").strip(), body=body, body_html=render_article(body))
