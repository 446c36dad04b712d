"""Every page, signed out, as a reader, as an editor: accessible in light and dark, silent in the console, at home."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.core import mail, signing
from django.utils import timezone
from playwright.sync_api import Page

from articles.accounts.invitations import invite
from articles.accounts.role_changes import change_roles
from articles.accounts.roles import MODERATOR, WRITER
from articles.desk.preview_links import SALT
from articles.discussion import closing, moderating
from articles.discussion.grounds import Grounds
from articles.importing.import_batches import run_import, start_batch
from articles.importing.sample_content import write_sample
from articles.models import Article, Comment, LinkTarget, LostLink, SiteSettings, Topic, User
from articles.moderation import appeals, notices
from articles.notifications import unsubscribe_links
from articles.pictures import renditions
from articles.publishing import site_settings
from articles.publishing.community_rules import current_clauses
from tests.factories import author_of, make_article, make_owner, make_reader, upload_picture
from tests.importing.articles_to_upload import sent, ten_files

pytestmark = pytest.mark.django_db(transaction=True)

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Everything that axe knows of WCAG up to 2.2 AA, and its best practices.
RUN_AXE = """async () => {
  const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, { resultTypes: ["violations"], preload: false, runOnly });
  const places = v => v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | ");
  return found.violations.map(v => `${v.id}: ${v.help}: ${places(v)}`);
}"""


def session_cookie(user: User, url: str) -> dict[str, str]:
    session: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}


def talking_pages() -> list[str]:
    """Those on which somebody who is signed in may do something."""
    article, _lively, short = Article.objects.public().order_by("-comment_count")[:3]
    closed = Article.objects.public().order_by("go_live_at")[0]  # By its age.
    assert not closing.is_open(closed)
    quiet = Article.objects.public().filter(comment_count=0).order_by("-go_live_at")[0]
    assert closing.is_open(quiet)
    topic = Topic.objects.filter(article_topics__state="shown")[0]
    comment = Comment.objects.public().filter(article=article, depth__gte=2)[0]
    author = article.authors.first()
    assert author is not None
    return [
        "/",
        article.get_absolute_url(),
        short.get_absolute_url() + "?sort=newest",
        closed.get_absolute_url(),
        quiet.get_absolute_url(),
        topic.get_absolute_url(),
        author.get_absolute_url(),
        comment.get_absolute_url(),
        author_of(comment).get_absolute_url(),
        f"/articles/{article.pk}/passages/{article.blocks.filter(position=1).get().anchor}/",
    ]


def reading_pages() -> list[str]:
    """Those that are the same for everybody, but for the way to one's own."""
    article = Article.objects.public().order_by("-comment_count")[0]
    rtl = Article.objects.public().filter(language__in=["ar", "he"])[0]
    assert article.dated is not None
    assert article.section is not None
    corrected = Article.objects.filter(revisions__corrections__isnull=False)[0]
    return [
        article.get_absolute_url() + "?sort=picks",
        corrected.get_absolute_url(),
        corrected.history_url,
        corrected.history_url + "2/",
        corrected.history_url + "compare/?from=1&to=4",
        "/corrections/",
        rtl.get_absolute_url(),
        article.section.get_absolute_url(),
        "/archive/",
        f"/archive/{article.dated:%Y}/",
        f"/archive/{article.dated:%Y/%m}/",
        "/topics/",
        "/moderation/topics/",
        "/search/",
        "/search/?q=harbour",
        "/search/?q=nothingofthekind",
        "/search/?q=harbour+nothingofthekind&date=year",
        "/search/?q=the&in=comments",
        "/sections/",
        "/offline/",
        "/rules/",
        "/rules/standing/",
        "/rules/versions/",
        "/rules/versions/1/",
        "/moderation/log/",
        "/moderation/counts/",
        "/moderation/notice/",
        "/privacy/",
        "/pictures/",
        "/corrections-policy/",
        "/accessibility/",
        "/contact/",
        "/imprint/",
    ]


def sent_invitation(owner: User) -> str:
    """The link in an invitation."""
    invite(email="ines@paper.example", roles=[WRITER, MODERATOR], by=owner)
    return "/accounts" + mail.outbox[-1].body.partition("/accounts")[2].split()[0]


def signed_out_pages() -> list[str]:
    followed = f"/following/article/{Article.objects.public()[0].pk}/"
    forms = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", followed]
    return [*forms, sent_invitation(make_owner())]


def readers_pages() -> list[str]:
    comment = Comment.objects.public()[0]
    return [
        "/settings/",
        "/comments/",
        "/inbox/",
        "/following/",
        "/following/?hidden",
        "/saved/",
        f"/articles/{comment.article_id}/save/",
        f"/following/article/{comment.article_id}/",
        "/following/email/",
        f"/email/unsubscribe/{unsubscribe_links.token_for(author_of(comment))}/",
        f"/comments/{comment.pk}/reply/",
        f"/comments/{comment.pk}/report/",
        f"/comments/{comment.pk}/hide/",
        f"/moderation/hide/?reader={comment.author_id}",
        f"/moderation/articles/{comment.article_id}/reopen/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/logout/",
    ]


def moderators_pages(owner: User) -> list[str]:
    """With a decision, an appeal against it, and a notice of two places."""
    hidden, first, second = Comment.objects.public().filter(author__isnull=False).order_by("-pk")[:3]
    grounds = Grounds(clause=current_clauses()[0], facts="The second sentence is an insult.")
    action = moderating.hide(comment=hidden, by=owner, grounds=grounds, reason="An insult")
    appeal = appeals.make_appeal(action=action, by=author_of(hidden), text="It was a joke.")
    sender = notices.Sender(name="Ida Reed", email="ida@reed.example")
    places = notices.find_places(f"{first.get_absolute_url()} {second.get_absolute_url()}")
    notice = notices.give_notice(places=places, sender=sender, explanation="It isn’t true.", good_faith=True)
    undecided, decided = notice.places.all()
    notices.decide_place(place=decided, by=owner, upheld=False, reason="It is an opinion")
    return [
        "/moderation/",
        "/moderation/?show=decided",
        "/moderation/?show=topics",
        f"/moderation/cases/{second.pk}/",
        f"/moderation/cases/{hidden.pk}/",
        f"/moderation/decisions/{action.pk}/",
        "/moderation/decisions/",
        f"/moderation/appeals/{appeal.pk}/",
        f"/moderation/noticed/{undecided.pk}/",
        notice.get_absolute_url(),
        "/moderation/holding/",
    ]


def staff_pages() -> list[str]:
    draft = Article.objects.filter(status="draft")[0]
    owner = make_reader("Owner", is_staff=True, is_superuser=True)
    moderator = make_reader("Moderator")
    change_roles(reader=moderator, roles=[MODERATOR], by=owner)
    corrected = Article.objects.filter(revisions__corrections__isnull=False)[0]
    article = Article.objects.order_by("pk")[0]
    table = "| Port | Ships in the year 1912 | Tonnage |\n|---|--:|---|\n| Bartholomew | 12 | unknown |"
    text = f"Nobody [said so](https://gone.example/said/) in time[^1].\n\n{table}\n\n[^1]: Twice[^2].\n[^2]: On deck."
    linked = make_article("A boat leaves", text)
    target = linked.links.get().target
    LinkTarget.objects.update(state="dead", cause="gone", status=404, failures=4, failing_since=timezone.now())
    imported = start_batch(sent(ten_files()), by=owner)
    run_import(imported, publish=False)
    again = {f"again/{name}": content + b"\n\nIt rained." for name, content in ten_files().items()}
    checked = start_batch(sent(again), by=owner)
    return [
        "/admin/",
        linked.get_absolute_url(),
        "/admin/articles/article/",
        f"/admin/articles/article/{article.pk}/change/",
        "/admin/articles/article/add/",
        f"/desk/preview/{draft.pk}/",
        "/drafts/" + signing.dumps([draft.pk, owner.pk], salt=SALT) + "/",
        f"/admin/articles/article/{corrected.pk}/change/",
        f"/admin/articles/article/{corrected.pk}/history/",
        "/admin/articles/correction/",
        "/admin/articles/picture/",
        f"/admin/articles/picture/{upload_picture().pk}/change/",
        "/desk/pictures/upload/",
        "/desk/import/",
        f"/desk/import/{checked.pk}/",
        f"/desk/import/{imported.pk}/",
        f"/desk/import/{checked.pk}/{checked.files.all()[0].pk}/",
        "/admin/articles/pin/",
        "/admin/articles/pin/add/",
        "/admin/articles/linktarget/",
        f"/admin/articles/linktarget/?article={linked.pk}&state=dead",
        "/admin/articles/linktarget/?state=missing",
        f"/admin/articles/linktarget/{target.pk}/change/",
        f"/admin/articles/linktarget/lost/{LostLink.objects.all()[0].pk}/",
        "/admin/articles/topic/",
        "/admin/articles/comment/",
        "/admin/articles/sitepage/",
        "/admin/articles/user/",
        f"/admin/articles/user/{owner.pk}/change/",
        *moderators_pages(owner),
        "/desk/settings/",
        "/desk/settings/publisher/",
        "/desk/people/",
        f"/desk/people/{moderator.pk}/",
        f"/desk/people/{moderator.pk}/remove/",
        sent_invitation(owner),
        f"/comments/{Comment.objects.public()[0].pk}/request-quote/",
    ]


# Between a phone and a desk nothing is styled that is not styled at one of them: only the fit is looked at there.
PHONE, IN_BETWEEN, DESK = 360, 768, 1280
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def look_at(page: Page, path: str, *, turn: int = 0) -> Iterator[str]:
    """What axe finds on a page as a phone and a desk show it, and whether it fits.

    One of them is in the dark, in turns: colours take most of axe's time, and what has a colour is nearly all on many
    pages, so that it is judged in both and on both.
    """
    before = page.viewport_size
    for width in (PHONE, IN_BETWEEN, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        if width != IN_BETWEEN:
            scheme = SCHEMES[turn % 2]
            turn += 1
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for violation in page.evaluate(RUN_AXE):
                yield f"{path} ({width}, {scheme}): {violation}"
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield f"{path}: scrolls sideways at {width}"
    if before:
        page.set_viewport_size(before)


def name_publisher() -> None:
    """Say who publishes the paper, without which pages about it aren't there."""
    SiteSettings.objects.create(
        editor_email="editors@paper.example",
        contact_languages="English",
        legal_name="Lantern Press",
        postal_address="1 Quay Street\nGalway",
        owners="Olga Reed",
        public_funds="2025: none",
    )
    site_settings.refresh()


@pytest.fixture
def paper(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    monkeypatch.setattr(renditions, "WIDTHS", (320,))  # All widths of twelve pictures take 40 s of CPU.
    write_sample()
    name_publisher()


@pytest.mark.parametrize("who", ["signed out", "a reader", "the owner"])
def test_every_page_is_accessible_and_silent(browsing: Any, paper: None, who: str) -> None:
    pages = {
        "signed out": lambda: [*talking_pages(), *reading_pages(), *signed_out_pages()],
        "a reader": lambda: [*talking_pages(), *readers_pages()],
        "the owner": staff_pages,
    }[who]()
    found: list[str] = []
    with browsing() as reader:
        if who == "a reader":
            person = make_reader("Mira")
            person.groups.add(Group.objects.get(name="Moderator"))
            reader.page.context.add_cookies([session_cookie(person, reader.url)])
        if who == "the owner":
            owner = User.objects.get(username="Owner")
            reader.page.context.add_cookies([session_cookie(owner, reader.url)])
        reader.page.context.add_init_script(AXE)
        for turn, path in enumerate(pages):
            reader.open(path)
            found += look_at(reader.page, path, turn=turn)
    assert found == [], json.dumps(found, indent=1)


def test_a_page_that_does_not_exist_is_designed_as_well(browsing: Any) -> None:
    with browsing() as reader:
        reader.watch.expected_statuses = {404}
        reader.page.context.add_init_script(AXE)
        reader.open("/there/is/nothing/here/")
        assert list(look_at(reader.page, "404")) == []
