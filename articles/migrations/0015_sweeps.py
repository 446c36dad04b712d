"""What moderators do to several comments at once, and no tombstone for what nobody ever saw."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0014_closing")]

    operations = [
        migrations.AddField(
            model_name="moderationact",
            name="batch",
            field=models.UUIDField(blank=True, db_index=True, editable=False, null=True),
        ),
        migrations.AddField(model_name="comment", name="never_shown", field=models.BooleanField(default=False)),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=Q(never_shown=False) | Q(state__in=["hidden", "withdrawn"]),
                name="never_shown_is_taken_away",
            ),
        ),
    ]
