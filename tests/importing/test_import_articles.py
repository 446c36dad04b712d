"""The command: folders, files that are none, what it prints and how it ends."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.importing.models import ImportedFile
from articles.publishing.models import Article

from .conftest import FERRY

pytestmark = pytest.mark.django_db

TEXT = "The gull, part {0}\n\n28/08/2019\n\nThe gull went to the roof of the chapel, for time number {0}, at noon.\n"


def run(*arguments: object) -> tuple[str, str, str]:
    """What it printed, what it complained of, and how it ended (empty: well)."""
    out, err, end, status = StringIO(), StringIO(), "", 1
    try:
        call_command("import_articles", *map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        end = str(error)
        status = error.returncode
    assert status == 1
    return out.getvalue(), err.getvalue(), end


def test_files_and_folders_are_imported(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / ".hidden").mkdir()
    for number, name in enumerate(["a.txt", "inner/b.MD", ".hidden/c.txt", "d.html"]):
        (tmp_path / name).write_text(TEXT.format(number), encoding="utf-8")
    out, err, end = run(tmp_path, FERRY, "--publish")
    assert out.splitlines() == [
        "a.txt: new draft, published",
        "inner/b.MD: new draft, published",
        "ferry.txt: new draft, published",
    ]
    assert (err, end) == ("", "")
    assert Article.objects.public().count() == 3


def test_each_bad_file_has_one_line_and_the_others_are_imported(tmp_path: Path) -> None:
    bad = {
        "binary.txt": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        "controls.txt": bytes(range(1, 32)) * 20,
        "empty.txt": b"",
        "blank.txt": b"\xef\xbb\xbf \n\t\n",
        "enormous.txt": b"word " * 500_000,
        "headline.txt": b"\nOnly a headline\n",
        "headline-and-date.txt": b"Only a headline\n\n28/08/2019\n",
        "only-a-box.txt": b"A headline\n\n28/08/2019\n\nREAD MORE: Gull steals hat\n",
        "long-headline.txt": b"word " * 100 + b"\n\n28/08/2019\n\nText.\n",
        "stars.txt": b"***\n\n28/08/2019\n\nText.\n",
        "date.txt": b"28/08/2019\n",
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text(TEXT.format(1), encoding="utf-8")
    out, err, end = run(tmp_path)
    assert out == "good.txt: new draft\n"
    assert sorted(line.split(": not imported: ")[0] for line in err.splitlines()) == sorted(bad)
    reasons = dict(line.split(": not imported: ") for line in err.splitlines())
    assert reasons["empty.txt"] == reasons["blank.txt"] == "empty"
    assert reasons["binary.txt"] == reasons["controls.txt"] == "not a text file"
    assert reasons["enormous.txt"] == "too large: 2.4 MB, at most 2 MB"
    assert reasons["headline.txt"] == "no body text after the headline"
    assert "500" in reasons["long-headline.txt"] or "499" in reasons["long-headline.txt"]
    assert end == f"{len(bad)} of {len(bad) + 1} files not imported."
    assert Article.objects.count() == 1


def test_paths_that_cannot_be_read_have_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "page.html").write_text("x")
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "good.txt").write_text(TEXT.format(1), encoding="utf-8")
    names = ["nowhere.txt", "empty", "page.html", "folder.txt", "pipe.txt", "loop.txt", "good.txt"]
    out, err, end = run(*(tmp_path / name for name in names))
    assert out == "good.txt: new draft\n"
    assert len(err.splitlines()) == 6
    assert "nowhere.txt: not imported: no such file" in err
    assert "page.html: not imported: not a .txt or .md file" in err
    assert end == "6 of 7 files not imported."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_has_one_line(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(TEXT.format(1))
    (tmp_path / "secret.txt").chmod(0)
    _out, err, _end = run(tmp_path / "secret.txt")
    assert err.startswith("secret.txt: not imported: can’t be read")


def test_a_held_file_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The gull\n\nThe gull went to the roof of the chapel.\n")
    out, _err, end = run(tmp_path, "--publish")
    assert (out, end) == ("a.txt: new draft, held: The file has no date.\n", "")
    assert Article.objects.get().held_reason == "The file has no date."


def test_a_dry_run_shows_each_decision_and_writes_nothing() -> None:
    out, _err, end = run(FERRY, "--dry-run", "--publish")
    assert end == ""
    assert out.startswith("ferry.txt: would become a new draft, would be published\n")
    assert "headline: 'We're going to paint every single one of them': Marlow" in out
    assert "2021-05-17 (to the day)" in out
    assert "8 paragraphs, 1 pull quote, 1 “Also on” link, 2 lost links" in out
    for subject in ("date", "pull quote", "speaker", "paragraph", "emphasis", "link", "related", "source"):
        assert f"  {subject}: " in out
    assert not Article.objects.exists() and not ImportedFile.objects.exists()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("\ufeffThe gull’s “hat”\n\n28/08/2019\n\nThe café’s gull.".encode(), "utf-8"),
        ("The gull’s “hat”\r\n\r\n28/08/2019\r\n\r\nThe café’s gull.".encode("windows-1252"), "windows-1252"),
        ("The gull’s “hat”\n\n28/08/2019\n\nThe café’s gull.".encode("utf-16"), "utf-16"),
        ("The gull’s “hat”\r\r28/08/2019\r\rThe café’s gull.".encode(), "utf-8"),
    ],
)
def test_encodings_and_line_ends_are_understood(tmp_path: Path, data: bytes, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    run(tmp_path)
    article = Article.objects.get()
    assert (article.headline, article.body, str(article.dated)) == (
        "The gull’s “hat”",
        "The café’s gull.",
        "2019-08-28",
    )
    assert ImportedFile.objects.get().encoding == encoding
    assert article.guesses.filter(subject="encoding").exists() == (encoding == "windows-1252")


def test_invisible_and_broken_characters_do_no_harm(tmp_path: Path) -> None:
    marks = "\u0335\u0336\u0337\u0338\u0339\u033a\u033b\u033c"
    data = f"The gull\u202e\ufdd0\n\n28/08/2019\n\nZ{marks}ig\x0bzag \ufffd.".encode()
    (tmp_path / "a.txt").write_bytes(data)
    out, err, _end = run(tmp_path)
    assert out.startswith("a.txt: new draft, held: Letters may have been lost in line 6") and err == ""
    assert Article.objects.get().headline == "The gull"


def test_a_file_name_of_any_bytes_is_one_line(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\nname.txt")).write_text(TEXT.format(1))
    out, err, end = run(tmp_path)
    assert len(out.splitlines()) == 1
    assert (err, end) == ("", "")


def test_other_articles_of_the_batch_become_targets(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One\n\n28/08/2019\n\nSome text, and it ends.\n\nREAD MORE: Another one...\n")
    (tmp_path / "b.txt").write_text("‘Another’ one\n\n28/08/2019\n\nSome other text, and it ends.\n")
    run(tmp_path)
    one, other = Article.objects.get(headline="One"), Article.objects.get(headline="‘Another’ one")
    assert one.related_links.get().target == other
