"""Error pages: status, text and what was typed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

TEXT = "A long thought that took somebody a while to type."


@pytest.fixture
def visitor(settings: Any) -> Client:
    settings.ROOT_URLCONF = "tests.web.urls"
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("locked", 503),
        ("away", 503),
        ("full", 503),
        ("long", 400),
        ("nul", 400),
        ("surrogate", 400),
        ("number", 400),
        ("large", 413),
        ("fields", 400),
        ("odd", 400),
        ("no", 422),
        ("fast", 429),
        ("bug", 500),
        ("programming", 500),
    ],
)
def test_each_error_has_its_page_with_the_typed_text(visitor: Client, fault: str, status: int) -> None:
    response = visitor.post(f"/broken/{fault}/", {"body": TEXT})
    page = response.content.decode()
    assert response.status_code == status
    assert f"{TEXT}</textarea>" in page
    assert page.count("<h1") == 1
    assert "Traceback" not in page
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_comment_of_one_word_is_shown_again(visitor: Client) -> None:
    page = visitor.post("/broken/locked/", {"body": "No!", "parent": "12", "reason": "spam"}).text
    assert "No!</textarea>" in page


@pytest.mark.django_db
def test_an_unavailable_database_gives_retry_after(visitor: Client) -> None:
    assert int(visitor.post("/broken/locked/")["Retry-After"]) > 0
    assert visitor.post("/broken/fast/")["Retry-After"] == "7"
    assert not visitor.post("/broken/no/").has_header("Retry-After")


@pytest.mark.django_db
def test_error_pages_show_no_password(visitor: Client) -> None:
    secret = "correct horse battery staple"
    response = visitor.post("/broken/locked/", {"body": TEXT, "password1": secret, "csrfmiddlewaretoken": secret})
    assert secret not in response.content.decode()


@pytest.mark.django_db
def test_hostile_text_is_escaped(visitor: Client) -> None:
    response = visitor.post("/broken/locked/", {"body": "</textarea><script>alert(1)</script> and more words"})
    assert "<script>alert" not in response.content.decode()


def test_the_pages_for_an_unavailable_database_make_no_queries(visitor: Client) -> None:
    """Without the django_db mark, any query would fail the test."""
    assert visitor.post("/broken/locked/", {"body": TEXT}).status_code == 503
    assert visitor.get("/broken/bug/").status_code == 500


def test_an_unavailable_database_in_a_middleware_is_503(visitor: Client, settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:4], "tests.web.urls.BrokenMiddleware", *settings.MIDDLEWARE[4:]]
    response = visitor.get("/reading/")
    assert response.status_code == 503
    assert response.has_header("Retry-After")


def test_an_error_page_that_fails_to_render_still_gives_a_response(visitor: Client, settings: Any) -> None:
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]
    response = visitor.get("/broken/bug/")
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


@pytest.mark.django_db
def test_a_huge_form_is_rejected_unread(visitor: Client) -> None:
    assert visitor.post("/broken/bug/", {"body": "x" * 1_000_000}).status_code == 413


@pytest.mark.django_db
def test_a_form_of_ten_thousand_fields_is_rejected(visitor: Client) -> None:
    assert visitor.post("/broken/bug/", {f"f{n}": "1" for n in range(10_000)}).status_code == 400


@pytest.mark.django_db
def test_an_unknown_host_is_rejected(visitor: Client) -> None:
    response = visitor.get("/reading/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil" not in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_csrf_token_is_rejected_with_the_typed_text(settings: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", {"login": TEXT, "password": "correct horse battery"})
    assert response.status_code == 403
    assert f"{TEXT}</textarea>" in response.content.decode()
    assert "battery" not in response.content.decode()


@pytest.mark.django_db
def test_a_missing_page_has_its_own_page(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert response.content.decode().count("<h1") == 1
    assert not response.cookies


HOLD = {"sqlite": ["BEGIN IMMEDIATE"], "postgresql": ["BEGIN", "LOCK TABLE articles_section IN EXCLUSIVE MODE"]}
HURRY = {"sqlite": "PRAGMA busy_timeout=300", "postgresql": "SET lock_timeout='300ms'"}


@pytest.mark.django_db(transaction=True)
def test_while_another_writer_locks_the_database_writes_wait_and_reads_work(visitor: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(HURRY[connection.vendor])
    other = connection.copy()
    try:
        with other.cursor() as writer:
            for statement in HOLD[connection.vendor]:
                writer.execute(statement)
            refused = visitor.post("/writing/", {"body": TEXT})
            assert refused.status_code == 503
            assert f"{TEXT}</textarea>" in refused.content.decode()
            assert visitor.get("/reading/").content == b"0"
            writer.execute("ROLLBACK")
        assert visitor.post("/writing/").content == b"written"
    finally:
        other.close()
        connection.close()  # The next test gets the usual patience.
