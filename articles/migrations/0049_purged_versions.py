"""Which versions of pages a content delivery network was told of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0048_merged_topics")]

    operations = [
        migrations.AddField(
            model_name="pageversion",
            name="purged",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
