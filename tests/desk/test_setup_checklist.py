"""A public site starts empty, with a list of what its owner does before readers come (cases.md O5)."""

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.accounts.models import User
from articles.publishing.models import Article, Section, SitePage
from articles.publishing.site_settings import Publisher
from newsroom import startup
from tests.desk.conftest import of_group
from tests.desk.forms import form_of
from tests.factories import make_article, make_owner, make_reader

pytestmark = pytest.mark.django_db
OPEN = [
    "Name the publication",
    "Send email",
    "Give readers a contact",
    "Say who publishes and owns this site",
    "Protect your account",
    "Check the page “Community rules”",
    "Check the page “Privacy”",
    "Check the page “How pictures are made”",
    "Write the page “Masthead”",
    "Write the page “Ethics and standards”",
    "Check the page “Corrections policy”",
    "Check the page “Accessibility”",
    "Add sections",
    "Publish the first article",
]


@pytest.fixture
def public(settings: Any) -> Any:
    settings.PUBLIC = True
    return settings


@pytest.fixture
def owner(client: Client) -> User:
    owner = make_owner("Olga")
    client.force_login(owner)
    return owner


def open_steps(client: Client) -> list[str]:
    """The steps that are shown as open, in order."""
    page = client.get("/admin/").text
    if "setup-checklist" not in page:
        return []
    section = page[page.index("setup-checklist") :].partition("</section>")[0]
    return re.findall(r"<li>\s*<(?:a [^>]*|b)>([^<]+)<", section)


def test_a_public_site_starts_without_invented_articles_and_readers(client: Client, public: Any) -> None:
    """cases.md O5: the sample was indexed under the site's name."""
    startup.add_sample_content_once()
    assert not Article.objects.exists() and not User.objects.exists()
    front = client.get("/")
    assert front.status_code == 200 and "Nothing published yet" in front.text
    public.PUBLIC = False  # The sample is not added later either, by a start without SITE_URL.
    make_owner()
    startup.add_sample_content_once()
    assert not Article.objects.exists()


@pytest.mark.usefixtures("short_sample")
def test_a_public_site_has_the_sample_where_it_is_asked_for(public: Any) -> None:
    """cases.md O5."""
    call_command("sample_paper", verbosity=0)
    assert Article.objects.count() == 3


def test_the_owner_sees_what_to_do_and_each_step_can_be_done(client: Client, owner: User, public: Any) -> None:
    """cases.md O5."""
    assert open_steps(client) == OPEN
    public.PAPER_NAME, public.EMAIL_IS_SENT, public.EDITOR_EMAIL = "The Gull", True, "editors@gull.example"
    assert open_steps(client) == OPEN[3:]
    public.PUBLISHER = Publisher(legal_name="Gull Press", owners="Olga Reed")
    assert open_steps(client) == OPEN[4:]
    TOTP.activate(owner, generate_totp_secret())
    assert open_steps(client) == OPEN[5:]
    for page in SitePage.objects.all():
        url = reverse("admin:articles_sitepage_change", args=[page.pk])
        assert f'href="{url}"' in client.get("/admin/").text
        client.post(url, form_of(client.get(url)))
    assert open_steps(client) == OPEN[12:]
    Section.objects.create(name="Harbour", slug="harbour")
    assert open_steps(client) == OPEN[13:]
    draft = make_article(published=False)
    assert open_steps(client) == OPEN[13:]
    make_article()
    draft.delete()
    assert open_steps(client) == [] and "Set up your site" not in client.get("/admin/").text


def test_a_laptop_asks_for_no_settings_and_for_nothing_once_it_has_articles(client: Client, owner: User) -> None:
    assert open_steps(client) == OPEN[12:]
    make_article()
    assert open_steps(client) == []


def test_only_owners_see_the_list(client: Client, public: Any) -> None:
    for person in (of_group("Editor"), make_reader(is_staff=True)):
        client.force_login(person)
        assert open_steps(client) == []


def test_the_list_takes_few_queries(client: Client, owner: User, public: Any) -> None:
    def queries() -> int:
        client.get("/admin/")
        with CaptureQueriesContext(connection) as made:
            client.get("/admin/")
        return len(made)

    with_list = queries()
    public.PUBLIC = False
    make_article()
    assert with_list - queries() <= 4  # Second step, saved pages, pages, sections.
