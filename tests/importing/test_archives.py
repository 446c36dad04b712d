"""What is read from uploaded files and archives, and what is refused with a sentence."""

import stat
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import Refused
from articles.importing import archives
from articles.importing.archives import MAX_ARCHIVE, MAX_FILES, MAX_REFUSED, MAX_TOTAL, Upload, read_upload
from tests.importing.articles_to_upload import article, packed

TEXT = article("The anchor is back", "Nobody had missed it.")


def read(**files: bytes) -> Upload:
    return read_upload([(name.replace("__", "."), BytesIO(content)) for name, content in files.items()])


def read_zip(content: bytes) -> Upload:
    return read_upload([("articles.zip", BytesIO(content))])


def results(upload: Upload) -> dict[str, str | bytes]:
    return {name: content.reason if isinstance(content, Refused) else content for name, content in upload.files}


def archive_of(*entries: tuple[ZipInfo | str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    into = BytesIO()
    with ZipFile(into, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return into.getvalue()


def test_texts_are_read_in_the_order_in_which_they_were_chosen() -> None:
    assert results(read(b__txt=b"b", a__MD=b"a", c__markdown=b"c")) == {"b.txt": b"b", "a.MD": b"a", "c.markdown": b"c"}


def test_other_files_are_refused_by_name() -> None:
    assert results(read(a__html=b"a", b__tar=b"b", c__rar=b"c", d=b"d")) == {
        "a.html": "not a .txt or .md file",
        "b.tar": "only zip archives can be read",
        "c.rar": "only zip archives can be read",
        "d": "not a .txt or .md file",
    }


def test_the_path_that_a_program_sends_with_a_file_is_cut_off() -> None:
    upload = read_upload([("C:\\texts\\a.txt", BytesIO(b"a")), ("/home/ada/b.txt", BytesIO(b"b"))])
    assert list(results(upload)) == ["a.txt", "b.txt"]


def test_an_archive_gives_its_texts_and_leaves_out_the_rest_as_the_command_does_with_a_folder() -> None:
    names = ["b/two.md", "a.txt", "picture.jpg", ".hidden.txt", ".git/x.txt", "__MACOSX/._a.txt", "b/"]
    upload = read_zip(archive_of(*((name, name.encode()) for name in names)))
    assert results(upload) == {"a.txt": b"a.txt", "b/two.md": b"b/two.md"}
    assert upload.left_out == 4


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../a.txt", "../a.txt"),
        ("b/../../a.txt", "b/../../a.txt"),
        ("/etc/a.txt", "/etc/a.txt"),
        ("C:/a.txt", "C:/a.txt"),
        ("..\\a.txt", "../a.txt"),
        ("b\\..\\a.txt", "b/../a.txt"),
    ],
)
def test_a_path_that_leads_out_of_the_archive_is_refused(name: str, shown: str) -> None:
    info = ZipInfo("x.txt")
    info.filename = name
    upload = read_zip(archive_of((info, TEXT), ("fine.txt", b"fine")))
    assert results(upload) == {shown: "its path leads out of the archive", "fine.txt": b"fine"}


def test_a_symbolic_link_is_refused() -> None:
    link = ZipInfo("a.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert results(read_zip(archive_of((link, b"/etc/passwd")))) == {"a.txt": "a link or a device, not a file"}


def test_an_archive_inside_the_archive_is_refused() -> None:
    upload = read_zip(packed({"inner.zip": packed({"a.txt": TEXT}), "b.txt": b"b"}))
    assert results(upload) == {
        "inner.zip": "an archive inside the archive; unpack it and upload its files",
        "b.txt": b"b",
    }


def test_an_encrypted_file_is_refused() -> None:
    content = bytearray(packed({"a.txt": TEXT}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    assert results(read_zip(bytes(content))) == {"a.txt": "encrypted; make an archive without a password"}


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_a_method_that_expands_without_a_limit_is_refused(method: int) -> None:
    content = archive_of(("a.txt", b"word " * 1_000_000), method=method)
    assert "unusual method" in str(results(read_zip(content))["a.txt"])


def test_a_bomb_is_read_no_further_than_its_limit() -> None:
    content = archive_of(("bomb.txt", b"0" * 50_000_000), ("fine.txt", b"fine"))
    assert len(content) < 60_000
    assert results(read_zip(content)) == {"bomb.txt": "too large: at most 1 MB", "fine.txt": b"fine"}


def test_a_size_that_an_archive_states_is_not_believed() -> None:
    content = bytearray(archive_of(("bomb.txt", b"0" * 5_000_000)))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    (reason,) = results(read_zip(bytes(content))).values()
    assert reason in ("too large: at most 1 MB", "damaged in the archive")


def test_an_archive_of_bombs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL", 1024)
    opened: list[str] = []
    read_text = archives._Reader.take

    def take(reader: archives._Reader, name: str, file: BytesIO) -> None:
        read_text(reader, name, file)
        opened.extend([name] if file.tell() else [])

    monkeypatch.setattr(archives._Reader, "take", take)
    upload = read_zip(archive_of(*((f"{number:03}.txt", b"0" * 2000) for number in range(300))))
    assert len(opened) == len(upload.files) == MAX_REFUSED
    assert upload.left_out == 300 - MAX_REFUSED


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: b"PK\x03\x04 and no archive",
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"PK\x01\x02", b"PK\x09\x09"),
    ],
    ids=["empty", "no archive", "cut off", "without its list"],
)
def test_a_damaged_archive_is_refused(damage: Callable[[bytes], bytes]) -> None:
    assert results(read_zip(damage(packed({"a.txt": TEXT})))) == {"articles.zip": "not a zip archive, or a damaged one"}


def test_a_damaged_file_of_an_archive_is_refused_alone() -> None:
    content = archive_of(("a.txt", TEXT), ("b.txt", b"b"), method=ZIP_STORED).replace(b"anchor", b"ANCHOR", 1)
    assert results(read_zip(content)) == {"a.txt": "damaged in the archive", "b.txt": b"b"}


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 60))
def test_whatever_is_damaged_the_upload_is_answered(noise: bytes, at: int, cut: int) -> None:
    content = packed({"a.txt": TEXT, "b/c.md": TEXT + b"x"})
    upload = read_zip(content[:at] + noise + content[at + cut :])
    assert upload.files or upload.left_out


def test_an_empty_archive_is_refused() -> None:
    assert results(read_zip(packed({}))) == {"articles.zip": "no file in this archive"}


def test_a_large_archive_is_refused_unread() -> None:
    content = b"0" * (MAX_ARCHIVE + 1)
    (reason,) = results(read_zip(content)).values()
    assert reason == "too large: an archive has at most 10 MB; leave out pictures"


def test_an_archive_of_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRIES", 2)
    assert results(read_zip(packed(dict.fromkeys("abc", b"x")))) == {"articles.zip": "more than 2 files; unpack it"}


def test_names_in_utf_8_and_in_code_page_437_are_understood() -> None:
    def renamed(raw: bytes) -> bytes:
        return archive_of(("x" * len(raw) + ".txt", b"text")).replace(b"x" * len(raw), raw)

    assert list(results(read_zip(packed({"Möwe.txt": b"text"})))) == ["Möwe.txt"]
    assert list(results(read_zip(renamed("Möwe".encode())))) == ["Möwe.txt"]  # UTF-8 that doesn't say so.
    assert list(results(read_zip(renamed("Möwe".encode("cp437"))))) == ["Möwe.txt"]


def test_a_name_and_a_text_are_taken_once() -> None:
    upload = read_upload(
        [
            ("a.txt", BytesIO(b"one")),
            ("b.txt", BytesIO(b"one")),
            ("texts.zip", BytesIO(packed({"a.txt": b"two", "c.txt": b"three"}))),
        ]
    )
    assert [(name, getattr(content, "reason", content)) for name, content in upload.files] == [
        ("a.txt", b"one"),
        ("b.txt", "the same text as “a.txt”"),
        ("a.txt", "another file in this upload has the same name"),
        ("c.txt", b"three"),
    ]


def test_a_name_twice_in_an_archive_is_taken_once() -> None:
    content = archive_of(("a.txt", b"one"), ("b.txt", b"two")).replace(b"b.txt", b"a.txt")
    upload = read_zip(content)
    assert [type(content) for _name, content in upload.files] == [bytes, Refused]


def test_only_so_many_files_and_bytes_are_taken() -> None:
    upload = read_zip(packed({f"{number:03}.txt": str(number).encode() for number in range(MAX_FILES + 1)}))
    assert str(results(upload)["050.txt"]) == "more than 50 files; upload it separately"
    half = b"x" * (MAX_TOTAL // 2)
    upload = read(a__txt=half, b__txt=half[1:], c__txt=b"some more")
    assert str(results(upload)["c.txt"]) == "more than 1 MB of text in one upload; upload it separately"
    assert str(results(read(a__txt=b"x" * (MAX_TOTAL + 1)))["a.txt"]) == "too large: at most 1 MB"
