"""Default text of the site pages (community rules, privacy), used until an editor changes it."""

from pathlib import Path

from articles.publishing.models import SitePage
from articles.text.markdown import render_article

FOLDER = Path(__file__).parent
SLUGS = ("rules", "privacy")


def default_page(slug: str) -> SitePage:
    """Return the default page, not saved. The first line of its file, a Markdown heading, is the title."""
    head, _, body = (FOLDER / f"{slug}.md").read_text("utf-8").partition("\n")
    body = body.strip()
    return SitePage(slug=slug, title=head.lstrip("# ").strip(), body=body, body_html=render_article(body))
