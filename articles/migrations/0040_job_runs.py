"""When each periodic job last ran, so that several workers share the jobs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0039_hold_rules")]

    operations = [
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("job", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("succeeded_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
