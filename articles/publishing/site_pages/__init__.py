"""Default text of the site pages (community rules, privacy), used until an editor changes it."""

from dataclasses import dataclass
from pathlib import Path

from articles.text.markdown import render_article

FOLDER = Path(__file__).parent
SLUGS = ("rules", "privacy")


@dataclass(frozen=True, slots=True)
class DefaultPage:
    slug: str
    title: str
    body: str
    body_html: str


def default_page(slug: str) -> DefaultPage:
    """Return the default page with this slug. The first line of its file, a Markdown heading, is the title."""
    head, _, body = (FOLDER / f"{slug}.md").read_text("utf-8").partition("\n")
    body = body.strip()
    return DefaultPage(slug=slug, title=head.lstrip("# ").strip(), body=body, body_html=render_article(body))
