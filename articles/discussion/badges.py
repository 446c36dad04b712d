"""Badges of comments: the author under their own article, editors, moderators and other staff elsewhere.

A badge is a column of the comment. Changing it marks the stored HTML as outdated, so that one statement is enough
however many comments someone wrote. Usernames can't imitate a badge: they hold letters, digits and . - _ only.
"""

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from articles.accounts import roles
from articles.accounts.models import User
from articles.discussion.models import Comment
from articles.publishing.models import Article, Author, Byline
from articles.web.prepared_query import Parameter, PreparedQuery

Badge = Comment.Badge

# Groups whose name is a role. The names of other groups may be internal, so their members are shown as staff.
ROLES = {roles.EDITOR: Badge.EDITOR, roles.MODERATOR: Badge.MODERATOR}


def _in_group(name: str) -> Exists:
    return Exists(User.groups.through._default_manager.filter(user=OuterRef("author_id"), group__name=name))


CORRECT_BADGE = Case(
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
"""The badge that a comment should have: for a new comment, after a change, and for `recount`."""


_AUTHOR_OF = PreparedQuery(lambda: Author.objects.filter(user=Parameter("user")).values_list("pk"))


def badge_of(comment: Comment) -> str:
    """Return the badge of a comment that was just saved. One query, and one more for those who may have a badge."""
    author = comment.author
    if author is None or not (author.is_staff or _AUTHOR_OF.rows(user=author.pk)):
        return ""
    return str(Comment.objects.filter(pk=comment.pk).values_list(CORRECT_BADGE, flat=True).get())


def fix_badges(comments: "QuerySet[Comment]") -> int:
    """Correct the badges of these comments. Return how many were wrong."""
    wrong = comments.annotate(correct=CORRECT_BADGE).exclude(badge=F("correct")).order_by()
    articles = sorted(set(wrong.values_list("article_id", flat=True)))
    # Articles before comments, as all actions lock.
    list(Article.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=articles).order_by("pk").only("pk"))
    changed = 0
    for badge, correct in sorted(set(wrong.values_list("badge", "correct"))):
        these = list(wrong.filter(badge=badge, correct=correct).values_list("pk", flat=True))
        changed += Comment.objects.filter(pk__in=these).update(badge=correct, html_version=0)
    return changed


def byline_changed(article: Article) -> int:
    """Correct the badges of those who are or were in the byline."""
    if not Comment.objects.filter(article=article).exists():  # As for every new article.
        return 0
    people = Byline.objects.filter(article=article).exclude(author__user=None).values("author__user")
    return fix_badges(Comment.objects.filter(Q(author__in=people) | Q(badge=Badge.AUTHOR), article=article))


def author_changed(author: Author) -> int:
    """Correct badges after an author was linked to an account or unlinked from one."""
    theirs = Comment.objects.filter(article__bylines__author=author)
    return fix_badges(theirs.filter(Q(author=author.user_id) | Q(badge=Badge.AUTHOR)))


def role_changed(reader: User) -> int:
    """Correct badges after a reader got or lost a role, or was banned."""
    return fix_badges(Comment.objects.filter(author=reader))
