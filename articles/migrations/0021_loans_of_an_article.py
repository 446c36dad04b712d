import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_the_article(apps, schema_editor):
    Comment, Loan = apps.get_model("articles", "Comment"), apps.get_model("articles", "Loan")
    its_article = Comment.objects.filter(pk=OuterRef("comment")).values("article")[:1]
    Loan.objects.update(article=Subquery(its_article))


class Migration(migrations.Migration):
    dependencies = [("articles", "0020_asked_to_be_quoted")]

    operations = [
        migrations.AddField(
            "Loan",
            "article",
            models.ForeignKey(
                null=True,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="loans",
                to="articles.article",
            ),
        ),
        migrations.RunPython(name_the_article, migrations.RunPython.noop, elidable=True),
    ]
