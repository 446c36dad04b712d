"""Default text of the site pages, used until an editor changes it. Some have none: they begin unpublished."""

from hashlib import sha256
from pathlib import Path

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from articles.publishing.models import SitePage
from articles.publishing.models.site_page import REQUIRED_SLUGS
from articles.text.markdown import render_article

FOLDER = Path(__file__).parent
SLUGS = (*REQUIRED_SLUGS, "masthead", "ethics", "corrections-policy", "accessibility")
FORMER_DEFAULTS = {
    "5c813447051be5396d522d2bd3717fee8f3c3909cab87ec697fa73f907914132",
    "2734f954e4d263a0289452cd80a5f301d970b1314f26084530a8e9314f423ceb",
    "f0340062057940b09a695bdce3e932a983e381bbb31b01500cb43e77026014c7",
    "eddab7b5de94a5ac02c144ce65e686aa10f0391f245b6a5030bc3bba214c902f",
    "7daa2be80dff297aec425fbe7c091ffed1d5708ba57a303b02ad130c176742da",
    "8c21636dcaf4f6955d88985a52ce6a0c889688c8793eafda39693b2886194a00",
    "f7934617d379d66e7f1aecbdc63a85a5ce141f975df31347596b1fec342021e7",
    "3d14ff2d51d3bcc69f9b2105bc69efbefba79e194f58eb823a12e0223fa25ea5",
    "283c277127685bee32715297c5f7f8d9e91ce88749f8be84aad3caa3f2c86ef9",
    "9bedb5a5574366e3fd8bc68256cb8ee76140b3079a8633b0af8dccf09a10240c",
    "2cfcd4a7e479583b294beb9e3a4708ffc025fa11b312f530cceb254d5121b683",
    "628223b7b524bd5c03f0bb0c563e96d3d0a39749ce5f7b4defeada49294df6d1",
}
"""Hashes of texts that were the default. A change of a text adds the old one's, and a migration: `update_unchanged`."""


def default_page(slug: str) -> SitePage:
    """Return the default page, not saved. The first line of its file, a Markdown heading, is the title."""
    head, _, body = (FOLDER / f"{slug}.md").read_text("utf-8").partition("\n")
    body = body.strip()
    return SitePage(slug=slug, title=head.lstrip("# ").strip(), body=body, body_html=render_article(body))


def create_missing(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the pages that the database lacks. For migrations."""
    pages = apps.get_model("articles", "SitePage").objects.using(schema_editor.connection.alias)
    for slug in SLUGS:
        page = default_page(slug)
        pages.get_or_create(slug=slug, defaults={"title": page.title, "body": page.body, "body_html": page.body_html})


def update_unchanged(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Bring the pages that no editor has changed to the current default text. For migrations."""
    for page in apps.get_model("articles", "SitePage").objects.using(schema_editor.connection.alias).all():
        text = page.body.replace("\r\n", "\n").strip()
        if sha256(text.encode()).hexdigest() in FORMER_DEFAULTS:
            default = default_page(page.slug)
            page.title, page.body, page.body_html = default.title, default.body, default.body_html
            page.save(update_fields=["title", "body", "body_html"])
