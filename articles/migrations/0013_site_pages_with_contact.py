"""Bring the site pages that no editor has changed to the current default text."""

from hashlib import sha256

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from articles.publishing.site_pages import default_page

FORMER_DEFAULTS = {
    "rules": {"5c813447051be5396d522d2bd3717fee8f3c3909cab87ec697fa73f907914132"},
    "privacy": {
        "2734f954e4d263a0289452cd80a5f301d970b1314f26084530a8e9314f423ceb",
        "f0340062057940b09a695bdce3e932a983e381bbb31b01500cb43e77026014c7",
    },
}


def update_defaults(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    pages = apps.get_model("articles", "SitePage").objects.using(schema_editor.connection.alias)
    for page in pages.filter(slug__in=FORMER_DEFAULTS):
        text = page.body.replace("\r\n", "\n").strip()
        if sha256(text.encode()).hexdigest() in FORMER_DEFAULTS[page.slug]:
            default = default_page(page.slug)
            page.title, page.body, page.body_html = default.title, default.body, default.body_html
            page.save(update_fields=["title", "body", "body_html"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_ban_ends_and_held_comments")]
    operations = [migrations.RunPython(update_defaults, migrations.RunPython.noop)]
