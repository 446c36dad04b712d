"""Versions of what pages show. Triggers keep them, see `articles.reading.page_triggers`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0021_headline_images")]

    operations = [
        migrations.CreateModel(
            name="PageVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.BigIntegerField(db_index=True)),
                ("version", models.BigIntegerField()),
                ("transaction", models.BigIntegerField(default=0)),
            ],
        ),
    ]
