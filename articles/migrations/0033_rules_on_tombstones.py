"""The rule under which a comment was hidden, for the line in its place."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0032_read_counts")]

    operations = [
        migrations.AddField(
            "comment",
            "hidden_under",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="articles.clause",
            ),
        )
    ]
