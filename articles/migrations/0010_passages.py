"""Responses to passages; and every pull quote in a stored text gets the id by which its responses find it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAMELESS = '<aside class="pull" role'


def name_the_quotes(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The quotes that repeat the body had no id. They stand in the order in which the layout takes them."""
    alias = schema_editor.connection.alias
    articles = apps.get_model("articles", "Article").objects.using(alias)
    for article in articles.filter(body_html__contains=NAMELESS).only("body_html").iterator(chunk_size=50):
        places = dict(article.blocks.values_list("pk", "position"))
        end = len(places)

        def place(quote, places=places, end=end):
            position = places.get(quote.after_id)
            return end if position is None else position

        quotes = article.pull_quotes.exclude(state="alone").order_by("order", "pk")
        html = article.body_html
        for quote in sorted(quotes, key=place):
            html = html.replace(NAMELESS, f'<aside class="pull" id="quote-{quote.pk}" role', 1)
        articles.filter(pk=article.pk).update(body_html=html)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0009_visits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="passage",
                        serialize=False,
                        to="articles.comment",
                    ),
                ),
                ("in_quote", models.BooleanField()),
                ("number", models.PositiveIntegerField()),
                ("start", models.PositiveIntegerField()),
                ("exact", models.TextField()),
                ("prefix", models.CharField(blank=True, max_length=32)),
                ("suffix", models.CharField(blank=True, max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("exact", "stands as it was read"),
                            ("moved", "stands elsewhere"),
                            ("changed", "reads otherwise now"),
                            ("removed", "is no longer in the article"),
                        ],
                        max_length=10,
                    ),
                ),
                ("start_now", models.PositiveIntegerField(null=True)),
                ("words_now", models.TextField(blank=True)),
                (
                    "block",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="passages",
                        to="articles.block",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="passages",
                        to="articles.pullquote",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="articles.revision"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("exact", ""), _negated=True), name="passages_have_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("block__isnull", True), ("quote__isnull", True), _connector="OR"),
                        name="passages_stand_in_one_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("start_now__isnull", False),
                                ("state__in", ["exact", "moved"]),
                                ("words_now", models.F("exact")),
                            ),
                            models.Q(
                                ("start_now__isnull", False),
                                ("state", "changed"),
                                models.Q(("words_now__in", ["", models.F("exact")]), _negated=True),
                            ),
                            models.Q(
                                ("block__isnull", True),
                                ("quote__isnull", True),
                                ("start_now__isnull", True),
                                ("state", "removed"),
                                ("words_now", ""),
                            ),
                            _connector="OR",
                        ),
                        name="passages_tell_the_truth",
                    ),
                ],
            },
        ),
        migrations.RunPython(name_the_quotes, migrations.RunPython.noop),
    ]
