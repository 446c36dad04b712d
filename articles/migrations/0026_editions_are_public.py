"""The former flag goes with the release that replaces it.

Nothing has been released before: there is no older process that could still ask for it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0025_editions")]

    operations = [
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                models.F("article"), models.F("edition"), name="one_revision_an_edition"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("public_at__isnull", True), ("state", "saved"), _connector="OR"),
                name="only_saved_revisions_are_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("edition__isnull", True), ("public_at__isnull", False), _connector="OR"),
                name="editions_are_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_down_at__isnull", True),
                    models.Q(("taken_down_because", ""), _negated=True),
                    _connector="OR",
                ),
                name="taken_down_for_a_reason",
            ),
        ),
        migrations.RemoveField(
            model_name="revision",
            name="public",
        ),
    ]
