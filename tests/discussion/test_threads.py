"""Pages of a discussion: order, paging, nesting, depth."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from time import perf_counter
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.discussion import comment_counts, comment_html, comment_withdrawing, moderating, picking, recommending
from articles.discussion.models import Comment
from articles.discussion.threads import discussion_page, thread_page
from articles.discussion.threads.thread_path import after_path, path_of, segment
from articles.publishing.models import Article
from tests.discussion.thread_limits import set_limit
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader
from tests.plans import PRIMARY_KEY, reads

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def ids(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="comment-(\d+)"', html)]


def walk(article: Article, sort: str) -> list[int]:
    """All comments of all pages."""
    found: list[int] = []
    after = None
    while True:
        page = discussion_page.discussion_page(article, viewer=NOBODY, sort=sort, after=after)
        found += ids(page.html)
        if not page.next_url:
            return found
        after = page.next_url.partition("after=")[2].partition("#")[0]


class Depth(HTMLParser):
    """The deepest nesting of lists, and whether every tag is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ol", "li", "article"):
            self.open.append(tag)
            self.deepest = max(self.deepest, self.open.count("ol"))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ol", "li", "article"):
            assert self.open.pop() == tag


def test_newest_oldest_and_most_recommended() -> None:
    article, readers = make_article(), [make_reader() for _ in range(3)]
    first, second, third = (make_comment(article) for _ in range(3))
    for reader in readers:
        recommending.recommend(comment=second, by=reader)
    recommending.recommend(comment=first, by=readers[0])
    assert walk(article, "newest") == [third.pk, second.pk, first.pk]
    assert walk(article, "oldest") == [first.pk, second.pk, third.pk]
    assert walk(article, "recommended") == [second.pk, first.pk, third.pk]
    assert walk(article, "nonsense") == walk(article, "recommended")


def test_readers_find_their_own_comments_by_a_badge() -> None:
    article, ann = make_article(), make_reader("Ann")
    mine, other = make_comment(article, author=ann), make_comment(article)
    badge = ">You</span>"
    for viewer, badges in ((ann, 1), (author_of(other), 1), (make_reader(), 0), (NOBODY, 0)):
        assert discussion_page.discussion_page(article, viewer=viewer).html.count(badge) == badges
    comment_withdrawing.withdraw_comment(comment=mine, by=ann)
    assert badge not in discussion_page.discussion_page(article, viewer=ann).html


def test_replies_follow_what_they_reply_to_in_the_order_of_time() -> None:
    root = make_comment()
    one = make_comment(parent=root)
    two = make_comment(parent=root)
    under_one = make_comment(parent=one)
    page = discussion_page.discussion_page(root.article, viewer=NOBODY)
    assert ids(page.html) == [root.pk, one.pk, under_one.pk, two.pk]
    parser = Depth()
    parser.feed(page.html)
    assert parser.open == [] and parser.deepest == 2


def pick(comment: Comment) -> None:
    picking.pick(comment=comment, by=make_owner(), reason="Adds to the article")


def test_picks_first_and_then_the_most_recommended() -> None:
    article = make_article()
    first, second, third, fourth = (make_comment(article) for _ in range(4))
    reply = make_comment(parent=second)
    for comment, times in ((first, 1), (third, 2), (fourth, 1)):
        for _ in range(times):
            recommending.recommend(comment=comment, by=make_reader())
    pick(reply)
    pick(fourth)
    assert walk(article, "picks") == [fourth.pk, second.pk, reply.pk, third.pk, first.pk]


def test_picks_first_is_offered_only_where_there_are_some() -> None:
    article = make_article()
    comment = make_comment(article)
    make_comment()

    def offered(sort: str | None = None) -> list[str]:
        page = discussion_page.discussion_page(article, viewer=NOBODY, sort=sort)
        return [way.name for way in page.sorts]

    assert offered() == ["recommended", "newest", "oldest"]
    pick(comment)
    assert offered() == ["recommended", "picks", "newest", "oldest"]
    picking.unpick(comment=comment, by=make_owner(), reason="A slip")
    assert offered() == ["recommended", "newest", "oldest"]
    # Whoever kept the address finds all comments there, and can see which order that is.
    assert offered("picks") == ["recommended", "picks", "newest", "oldest"]
    assert walk(article, "picks") == [comment.pk]


def test_turning_pages_goes_on_while_editors_pick(monkeypatch: pytest.MonkeyPatch) -> None:
    set_limit(monkeypatch, "MAX_THREADS_PER_PAGE", 3)
    article, author, editor = make_article(), make_reader(), make_owner()
    comments = [make_comment(article, author=author) for _ in range(12)]
    for comment in comments[::3]:
        pick(comment)
    found: list[int] = []
    after = None
    while True:
        page = discussion_page.discussion_page(article, viewer=NOBODY, sort="picks", after=after)
        here = ids(page.html)
        found += here
        if not page.next_url:
            break
        after = page.next_url.partition("after=")[2].partition("#")[0]
        last = Comment.objects.get(pk=here[-1])  # The very one that the cursor was made of.
        if last.picked_at is None:
            pick(last)
        else:
            moderating.hide(comment=last, by=editor, grounds=GROUNDS, reason="An insult after all")
    # It moved behind the pages to come, so it comes once more, as the tombstone that it is now.
    moved = comments[3].pk
    assert sorted(found) == sorted([*(comment.pk for comment in comments), moved])


@pytest.mark.parametrize("sort", ["newest", "oldest", "recommended", "picks"])
def test_every_comment_is_on_exactly_one_page_while_new_ones_arrive(sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_limit(monkeypatch, "MAX_THREADS_PER_PAGE", 4)
    article, author = make_article(), make_reader()
    before = [make_comment(article, author=author) for _ in range(11)]
    for comment in before[2:7]:
        recommending.recommend(comment=comment, by=make_reader())
    for comment in before[4:9:2]:
        pick(comment)
    found: list[int] = []
    after = None
    while True:
        page = discussion_page.discussion_page(article, viewer=NOBODY, sort=sort, after=after)
        found += ids(page.html)
        if not page.next_url or len(found) > 40:
            break
        if len(found) < 9:
            make_comment(article, author=author)
        after = page.next_url.partition("after=")[2].partition("#")[0]
    assert len(found) == len(set(found))
    assert {comment.pk for comment in before} <= set(found)


@pytest.mark.parametrize(
    "after", ["-1", "x", "1e9", "NaN_1", "inf_1", "9" * 30, "_", "1_2_x", "٣", "0.5", "2_0.5_3", "1__3"]
)
@pytest.mark.parametrize("sort", ["newest", "recommended", "picks"])
def test_a_forged_cursor_is_a_bad_request(after: str, sort: str, client: Client) -> None:
    article = make_article()
    make_comment(article)
    answer = client.get(article.get_absolute_url(), {"sort": sort, "after": after})
    assert answer.status_code == 400


def test_a_cursor_shows_nothing_that_is_not_public() -> None:
    article = make_article()
    hidden = make_comment(article, "Vile words")
    moderating.hide(comment=hidden, by=make_owner(), grounds=GROUNDS, reason="Insults")
    page = discussion_page.discussion_page(article, viewer=NOBODY, sort="newest", after=str(hidden.pk + 1))
    assert "Vile words" not in page.html


def test_a_long_thread_ends_with_a_link_to_the_rest(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    set_limit(monkeypatch, "MAX_REPLIES_PER_THREAD", 3)
    root = make_comment()
    replies = [make_comment(parent=root) for _ in range(8)]
    page = discussion_page.discussion_page(root.article, viewer=NOBODY)
    assert ids(page.html) == [root.pk, *(reply.pk for reply in replies[:3])]
    assert "5 more replies" in page.html
    url = re.search(r'href="(/comments/\d+/thread/\?after=\d+)"', page.html)
    assert url is not None
    rest = client.get(url[1]).content.decode()
    assert ids(rest) == [root.pk, *(reply.pk for reply in replies[3:])]


def test_a_thread_is_paged_whole(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr(thread_page, "COMMENTS_PER_PAGE", 4)
    line = [make_comment()]
    for _ in range(30):
        line.append(make_comment(parent=line[-1]))
    url, found = reverse("thread", args=[line[0].pk]), []
    while url:
        page = client.get(url).content.decode()
        found += ids(page)[1:]
        following = re.search(r'class="button quiet" href="([^"]+)"', page)
        url = following[1] if following else ""
    assert found == [comment.pk for comment in line[1:]]


def test_a_thread_takes_no_cursor_of_another(client: Client) -> None:
    root, other = make_comment(), make_comment()
    reply = make_comment(parent=other)
    for after in (reply.pk, other.pk, "x", "9" * 40):
        assert client.get(reverse("thread", args=[root.pk]), {"after": after}).status_code == 400


def test_a_reply_has_no_thread_of_its_own(client: Client) -> None:
    reply = make_comment(parent=make_comment())
    assert client.get(reverse("thread", args=[reply.pk]))["Location"] == reverse("thread", args=[reply.root_id])


def test_below_the_display_depth_a_thread_is_flat_and_names_whom_it_replies_to() -> None:
    line = [make_comment()]
    for _ in range(9):
        line.append(make_comment(parent=line[-1]))
    html = discussion_page.discussion_page(line[0].article, viewer=NOBODY).html
    parser = Depth()
    parser.feed(html)
    assert parser.deepest == 5  # And the page's own list around them.
    deep = html.partition(f'id="comment-{line[7].pk}"')[0].rpartition("<li>")[2]
    assert f'href="#comment-{line[6].pk}"' in deep and author_of(line[6]).username in deep


def test_in_reply_to_never_names_the_author_of_a_removed_comment() -> None:
    line = [make_comment()]
    for _ in range(8):
        line.append(make_comment(parent=line[-1]))
    comment_withdrawing.withdraw_comment(comment=line[7], by=author_of(line[7]))
    html = discussion_page.discussion_page(line[0].article, viewer=NOBODY).html
    assert author_of(line[7]).username not in html and "a comment that’s no longer available" in html


def test_paths_sort_as_numbers_do() -> None:
    numbers = [1, 35, 36, 37, 1295, 1296, 2**31, 36**8 - 1]
    assert sorted(map(segment, numbers)) == [segment(number) for number in numbers]
    assert after_path(segment(35)) == segment(36)


def chain(article: Article, length: int) -> list[int]:
    """A reply to a reply to a reply, written straight into the database."""
    author, now = make_reader(), timezone.now()
    root = make_comment(article, author=author, at=now - timedelta(days=1))
    pks, parent = [root.pk], root
    rows = []
    start = root.pk + 1
    for depth in range(1, length):
        comment = Comment(
            pk=start + depth - 1, article=article, author=author, parent_id=parent.pk, root=root, depth=depth,
            body="Deeper", body_html="<p>Deeper</p>", posted_at=now, token=uuid4(),
        )  # fmt: skip
        comment.path = parent.path + segment(comment.pk) if depth < 20 else parent.path
        comment.html = f'<article class="comment" id="comment-{comment.pk}"><p>Deeper</p></article>'
        comment.html_version = comment_html.current_version()
        rows.append(comment)
        parent = comment
        pks.append(comment.pk)
    Comment.objects.bulk_create(rows, batch_size=500)
    Comment.objects.filter(pk=root.pk).update(thread_size=length - 1)
    Article.objects.filter(pk=article.pk).update(comment_count=length)
    return pks


def test_a_chain_of_ten_thousand_breaks_nothing(client: Client) -> None:
    article = make_article()
    pks = chain(article, 10_000)
    pages = [article.get_absolute_url(), reverse("thread", args=[pks[0]])]
    pages += [reverse("comment", args=[pks[at]]) for at in (10, 19, 20, 5_000, 9_999)]
    for url in pages:
        started = perf_counter()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        html = answer.content.decode()
        assert answer.status_code == 200 and len(queries) < 20 and len(html) < 300_000, url
        assert perf_counter() - started < 5  # It takes 0.1 s: this catches a square, not a slow machine.
        parser = Depth()
        parser.feed(html)
        assert parser.deepest <= 7


def test_a_reply_at_the_end_of_a_deep_chain_is_posted_and_found(client: Client) -> None:
    article = make_article()
    pks = chain(article, 300)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('articles_comment', 'id'), %s)", [pks[-1]])
    reply = make_comment(parent=Comment.objects.get(pk=pks[-1]), body="The last word")
    assert b"The last word" in client.get(reply.get_absolute_url()).content
    assert path_of(reply) == reply.path
    assert comment_counts.recount() == []


def best_comment(article: Article) -> Comment | None:
    article.refresh_from_db()
    return discussion_page.best_comments([article, make_article()], viewer=AnonymousUser()).get(article.pk)


def test_the_best_comment_is_recommended_visible_and_has_an_author() -> None:
    article = make_article()
    assert best_comment(article) is None
    plain, praised, hidden = make_comment(article), make_comment(article), make_comment(article)
    assert best_comment(article) is None
    recommending.recommend(comment=praised, by=make_reader())
    for _ in range(2):
        recommending.recommend(comment=hidden, by=make_reader())
    moderating.hide(comment=hidden, by=make_owner(), grounds=GROUNDS, reason="Insults")
    assert best_comment(article) == praised
    assert [comment.pk for comment in discussion_page.public_comments(article)] == [praised.pk, plain.pk]
    picking.pick(comment=plain, by=make_owner(), reason="Facts")
    assert best_comment(article) == plain


def test_the_best_comment_is_the_end_of_an_index() -> None:
    article = make_comment().article
    article.refresh_from_db()
    read = reads("articles_comment", lambda: discussion_page.best_comments([article], viewer=AnonymousUser()))
    assert read == {PRIMARY_KEY, "editors_picks", "comments_by_article_score"}


def test_bad_cursors_raise_what_django_answers_with_400() -> None:
    with pytest.raises(BadRequest):
        discussion_page.discussion_page(make_article(), viewer=NOBODY, sort="oldest", after="-5")


def test_hostile_text_is_harmless_in_a_comment() -> None:
    comment = make_comment(body='<!--me--><img src=x onerror=alert(1)> [a](javascript:alert(1)) "onmouseover="x')
    html = discussion_page.discussion_page(comment.article, viewer=make_reader()).html
    assert "<img" not in html and 'href="javascript' not in html and html.count("<article") == 1
    assert html.count("&lt;!--me--&gt;") == 1
