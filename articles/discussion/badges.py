"""What tells readers that the paper itself speaks: the author under the own article, editors and others elsewhere.

A badge is a column of the comment, and stands in its stored card behind a mark, so that it is put on and taken off by
one statement however many comments somebody wrote. Names can't imitate it: they hold letters, digits and . - _ only.
"""

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Replace

from articles.accounts.models import User
from articles.discussion.comment_html import worn
from articles.discussion.models import Comment
from articles.publishing.models import Article, Author, Byline

Badge = Comment.Badge

# Groups whose name is a role; other groups may be the paper's private matter, so their members are plainly staff.
ROLES = {"Editor": Badge.EDITOR, "Moderator": Badge.MODERATOR}


def _in_group(name: str) -> Exists:
    return Exists(User.groups.through._default_manager.filter(user=OuterRef("author_id"), group__name=name))


TRUE = Case(
    When(Q(author=None) | Q(author__is_active=False) | Q(author__banned_at__isnull=False), then=Value("")),
    When(
        Exists(Byline.objects.filter(article=OuterRef("article_id"), author__user=OuterRef("author_id"))),
        then=Value(Badge.AUTHOR.value),
    ),
    When(author__is_staff=False, then=Value("")),
    *(When(_in_group(name), then=Value(badge.value)) for name, badge in ROLES.items()),
    default=Value(Badge.STAFF.value),
    output_field=CharField(),
)
"""The badge that a comment should wear. The one definition: for a new comment, after a change, and for `recount`."""


def badge_of(comment: Comment) -> str:
    """For a comment that was just saved: one query, and one more only for who may wear a badge at all."""
    author = comment.author
    if author is None or not (author.is_staff or Author.objects.filter(user=author).exists()):
        return ""
    return str(Comment.objects.filter(pk=comment.pk).values_list(TRUE, flat=True).get())


def put_right(comments: "QuerySet[Comment]") -> int:
    """Give these comments the badges that they should wear, and their cards with them."""
    wrong = comments.annotate(true=TRUE).exclude(badge=F("true")).order_by()
    articles = sorted(set(wrong.values_list("article_id", flat=True)))
    # Articles before comments, as all verbs lock.
    list(Article.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=articles).order_by("pk").only("pk"))
    changed = 0
    for old, new in sorted(set(wrong.values_list("badge", "true"))):
        these = list(wrong.filter(badge=old, true=new).values_list("pk", flat=True))
        card = Replace(F("card_html"), Value(worn(old)), Value(worn(new)))
        changed += Comment.objects.filter(pk__in=these).update(badge=new, card_html=card)
    Article.objects.filter(pk__in=articles).update(stamp=F("stamp") + 1)
    return changed


def byline_changed(article: Article) -> int:
    """The comments of those who stand in the byline now, or did so before."""
    if not Comment.objects.filter(article=article).exists():  # As for every new article.
        return 0
    people = Byline.objects.filter(article=article).exclude(author__user=None).values("author__user")
    return put_right(Comment.objects.filter(Q(author__in=people) | Q(badge=Badge.AUTHOR), article=article))


def author_changed(author: Author) -> int:
    """An author got an account, lost it or got another one."""
    theirs = Comment.objects.filter(article__bylines__author=author)
    return put_right(theirs.filter(Q(author=author.user_id) | Q(badge=Badge.AUTHOR)))


def standing_changed(reader: User) -> int:
    """A reader got or lost a part in the paper, or was banned."""
    return put_right(Comment.objects.filter(author=reader))
