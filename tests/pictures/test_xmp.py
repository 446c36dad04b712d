import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.pictures.metadata import SOURCE_TYPES, MadeWith
from articles.pictures.xmp import PREFIXES, RDF_URI, read_xmp, xmp_packet
from tests.pictures.files import alternatives, packet_with, values


def test_properties_are_read_from_attributes_and_from_elements() -> None:
    packet = packet_with("<photoshop:City>Wexmouth</photoshop:City>", 'photoshop:Credit="Harbour Press"')
    assert read_xmp(packet) == {"photoshop:Credit": "Harbour Press", "photoshop:City": "Wexmouth"}


def test_properties_are_read_from_several_descriptions_and_the_first_of_two_counts() -> None:
    namespaces = f'xmlns:rdf="{RDF_URI}" xmlns:p="http://ns.adobe.com/photoshop/1.0/"'
    packet = (
        f'<rdf:RDF {namespaces}><rdf:Description p:City="Wexmouth"/>'
        '<rdf:Description p:City="Elsewhere" p:Country="Norland"/></rdf:RDF>'
    )
    assert read_xmp(packet) == {"photoshop:City": "Wexmouth", "photoshop:Country": "Norland"}


def test_names_don_t_depend_on_the_prefixes_of_the_file() -> None:
    packet = (
        f'<a:RDF xmlns:a="{RDF_URI}"><a:Description xmlns:dc="http://ns.adobe.com/photoshop/1.0/" dc:Credit="Press"'
        ' xmlns:own="https://desk.example/ns/" own:Shelf="7"/></a:RDF>'
    )
    assert read_xmp(packet) == {"photoshop:Credit": "Press", "{https://desk.example/ns/}Shelf": "7"}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"de": "Hafen", "x_default": "Harbour"}, "Harbour"),
        ({"de": "Hafen", "fr": "Port"}, "Hafen"),
        ({"x_default": "", "fr": "Port"}, "Port"),
        ({}, ""),
    ],
)
def test_the_default_language_is_read_else_the_first(texts: dict[str, str], expected: str) -> None:
    assert read_xmp(packet_with(alternatives("dc:description", **texts))) == {"dc:description": expected}


def test_lists_structures_and_links_are_read() -> None:
    packet = packet_with(
        values("dc:creator", "Jane Roe", "John Doe", container="Seq")
        + '<plus:Licensor><rdf:Seq><rdf:li plus:LicensorName="Press"/><rdf:li rdf:parseType="Resource">'
        "<plus:LicensorName>Agency</plus:LicensorName></rdf:li></rdf:Seq></plus:Licensor>"
        '<xmpRights:WebStatement rdf:resource="https://press.example/licence"/>'
        '<Iptc4xmpCore:CreatorContactInfo><rdf:Description Iptc4xmpCore:CiAdrCity="Wexmouth"/>'
        "</Iptc4xmpCore:CreatorContactInfo>"
    )
    assert read_xmp(packet) == {
        "dc:creator": ["Jane Roe", "John Doe"],
        "plus:Licensor": [{"plus:LicensorName": "Press"}, {"plus:LicensorName": "Agency"}],
        "xmpRights:WebStatement": "https://press.example/licence",
        "Iptc4xmpCore:CreatorContactInfo": {"Iptc4xmpCore:CiAdrCity": "Wexmouth"},
    }


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {to} "{f"&{of};" * 10}">' for of, to in zip("abcdefgh", "bcdefghi", strict=True))
    + f']><rdf:RDF xmlns:rdf="{RDF_URI}"><rdf:Description x="&i;"/></rdf:RDF>'
)


@pytest.mark.parametrize(
    "packet",
    [
        LAUGHS.encode(),
        LAUGHS.encode("utf-16"),
        LAUGHS,
        LAUGHS.replace("<!", "<\0!").replace("TYPE", "\0TYPE"),
        packet_with(f"<photoshop:City>{'w' * 2_000_000}</photoshop:City>"),
        packet_with("<photoshop:City>Wexmouth</photoshop:City>")[:-80],
        packet_with("<photoshop:City>&unknown;</photoshop:City>"),
        b"<x/>",
        b"",
    ],
    ids=[
        "laughs",
        "laughs in UTF-16",
        "laughs as text",
        "laughs behind NULs",
        "2 MB",
        "cut",
        "entity",
        "no RDF",
        "empty",
    ],
)
def test_a_hostile_or_broken_packet_says_nothing(packet: bytes | str) -> None:
    assert read_xmp(packet) == {}


def test_structures_are_read_to_a_depth_that_no_writer_needs() -> None:
    assert read_xmp(packet_with("<dc:x>" * 70_000 + "Deep" + "</dc:x>" * 70_000))["dc:x"]["dc:x"]
    assert "Deep" not in str(read_xmp(packet_with("<dc:x>" * 9 + "Deep" + "</dc:x>" * 9)))


@given(st.binary() | st.text())
def test_any_bytes_are_read_without_an_error(packet: bytes | str) -> None:
    assert isinstance(read_xmp(packet), dict)


TAGS = ("rdf:Alt", "rdf:Seq", "rdf:Bag", "rdf:li", "rdf:Description", "dc:title")
MARKUP = st.sampled_from([*(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS), "text", "<!-- -->", "<?x?>"])
TREES = st.recursive(
    st.just("text") | st.just(""),
    lambda inner: st.builds("<{0}>{1}{2}</{0}>".format, st.sampled_from(TAGS), inner, inner),
)


@given(st.lists(MARKUP).map("".join) | TREES)
def test_any_markup_is_read_without_an_error(markup: str) -> None:
    assert isinstance(read_xmp(packet_with(markup)), dict)


def test_what_we_write_is_short_and_can_be_read() -> None:
    packet = xmp_packet(
        creator="Jane “J” Roe & <Son>",
        credit='Harbour "Press" & Co.',
        copyright_notice="© 2026 Harbour Press. All rights reserved.",
        license_url="https://press.example/licence?a=1&b=2",
        source_type=SOURCE_TYPES[MadeWith.GENERATED],
    )
    assert len(packet) < 1024
    assert read_xmp(packet) == {
        "dc:creator": ["Jane “J” Roe & <Son>"],
        "photoshop:Credit": 'Harbour "Press" & Co.',
        "dc:rights": "© 2026 Harbour Press. All rights reserved.",
        "xmpRights:WebStatement": "https://press.example/licence?a=1&b=2",
        "Iptc4xmpExt:DigitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    }


def test_nothing_is_written_where_there_is_nothing_to_say() -> None:
    assert xmp_packet() == b""
    assert b"dc:rights>" not in xmp_packet(credit="Press")


@given(st.text(), st.text())
def test_any_text_can_be_written(creator: str, credit: str) -> None:
    found = read_xmp(xmp_packet(creator=creator, credit=credit, license_url="https://press.example/"))
    assert found["xmpRights:WebStatement"] == "https://press.example/"
    assert set(found) <= {"dc:creator", "photoshop:Credit", "xmpRights:WebStatement"}


def test_prefixes_are_unique() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
