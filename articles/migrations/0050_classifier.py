"""The site's own classifier of comments, and how much held ones are like those that were hidden."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0049_purged_versions")]

    operations = [
        migrations.CreateModel(
            name="Classifier",
            fields=[
                ("kind", models.CharField(max_length=10, primary_key=True, serialize=False, verbose_name="kind")),
                ("trained_at", models.DateTimeField(verbose_name="trained")),
                ("weights", models.BinaryField()),
                ("bias", models.FloatField()),
                ("threshold", models.FloatField(null=True)),
                ("bad", models.PositiveIntegerField(verbose_name="hidden comments")),
                ("good", models.PositiveIntegerField(verbose_name="comments that stayed")),
                ("auc", models.FloatField()),
                ("precision", models.FloatField()),
                ("caught", models.FloatField()),
                ("good_held", models.FloatField()),
            ],
            options={
                "verbose_name": "classifier",
                "verbose_name_plural": "classifiers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("threshold", None), ("precision__gte", 0.8), _connector="OR"),
                        name="only_precise_ones_hold",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="comment", name="risk", field=models.SmallIntegerField(default=50, db_default=50)
        ),
    ]
