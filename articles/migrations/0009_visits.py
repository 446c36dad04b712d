"""Up to where each reader knows each discussion, and an index for the newest comments."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_writing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_at", models.DateTimeField(db_index=True)),
                ("before", models.BigIntegerField()),
                ("seen", models.BigIntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(models.F("article"), models.F("state"), models.F("id"), name="latest_comments"),
        ),
        migrations.AddField(
            model_name="visit",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="articles.article"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="reader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="visits", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(models.F("reader"), models.F("article"), name="one_visit_a_reader"),
        ),
    ]
