from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def remember(apps, schema_editor):
    """The text that each article has now is what an open form began with."""
    Article, Revision = apps.get_model("articles", "Article"), apps.get_model("articles", "Revision")
    newest = Revision.objects.filter(article=OuterRef("pk"), state="saved").order_by("-number").values("pk")[:1]
    present = Article.objects.annotate(newest=Subquery(newest)).values("newest")
    version = Article.objects.filter(pk=OuterRef("article")).values("version")[:1]
    Revision.objects.filter(pk__in=present).update(version=Subquery(version))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0028_desk_notes"),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="version",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop, elidable=True),
    ]
