"""The publication's own settings, in one row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0036_author_portraits"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteSettings",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                ("accent", models.CharField(blank=True, max_length=7, verbose_name="accent colour")),
                ("time_zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                ("language", models.CharField(blank=True, max_length=15, verbose_name="language")),
                ("comments_days", models.PositiveIntegerField(blank=True, null=True, verbose_name="days for comments")),
                ("logo", models.BinaryField(null=True, verbose_name="logo")),
                ("logo_digest", models.CharField(blank=True, editable=False, max_length=16)),
                ("logo_width", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("logo_height", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "site settings",
                "verbose_name_plural": "site settings",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_row_of_site_settings")],
            },
        ),
    ]
