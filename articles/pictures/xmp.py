"""XMP packets: read with their namespaces, which Pillow drops, and write a small one about rights.

Values are strings; lists for `rdf:Seq` and `rdf:Bag`; dictionaries for structures. Names are "prefix:Name" with the
prefixes below, whatever the file calls them, or "{uri}Name".
"""

import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.sax.saxutils import escape, quoteattr

MAX_PACKET_SIZE = 1_000_000  # Editing histories make packets of hundreds of kilobytes; what we read needs ten.
MAX_DEPTH = 8  # Structures inside structures: IPTC's own have three levels.

PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
}
WRITTEN = ("dc", "photoshop", "Iptc4xmpExt", "xmpRights")
RDF_URI = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF, XML = f"{{{RDF_URI}}}", "{http://www.w3.org/XML/1998/namespace}"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_xmp(packet: bytes | str) -> dict[str, Any]:
    """Return a packet's properties: none if it is too large, broken or has a DOCTYPE, which XMP doesn't need."""
    if len(packet) > MAX_PACKET_SIZE:
        return {}
    # The parser takes text as it is, whatever encoding it declares, so a DOCTYPE can't hide in another one.
    text = NOT_XML.sub("", packet if isinstance(packet, str) else packet.decode("utf-8", "replace"))
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return {}
    parser = XMLParser()  # noqa: S314 -- without a DOCTYPE there are no entities to expand
    try:
        parser.feed(text.strip("\ufeff \r\n"))
        root = parser.close()
    except ParseError:
        return {}
    found: dict[str, Any] = {}
    for description in reversed(next(root.iter(f"{RDF}RDF"), ())):  # The first of two with one name counts.
        found.update(_properties(description, MAX_DEPTH))
    return found


def _properties(node: Element, depth: int) -> dict[str, Any]:
    """Return what a description or structure says, in attributes as well as in elements."""
    pairs = [(name, value) for name, value in node.items() if not name.startswith((RDF, XML)) and name != "about"]
    pairs += [(child.tag, _value(child, depth - 1)) for child in node]
    return {_name(tag): value for tag, value in reversed(pairs)}


def _name(tag: str) -> str:
    uri, _, name = tag.removeprefix("{").rpartition("}")
    return f"{PREFIXES[uri]}:{name}" if uri in PREFIXES else tag


def _value(node: Element, depth: int) -> Any:
    if depth <= 0:
        return ""
    if (address := node.get(f"{RDF}resource")) is not None:
        return address
    if not len(node):
        return _properties(node, depth) or (node.text or "").strip()
    inner = node[0]
    match inner.tag.removeprefix(RDF):
        case "Seq" | "Bag":
            return [_value(item, depth - 1) for item in inner]
        case "Alt":
            return _alternative(inner, depth - 1)
        case "Description":
            return _properties(inner, depth - 1)
    return _properties(node, depth)


def _alternative(alternatives: Element, depth: int) -> Any:
    """Return the text in the default language, else the first one there is."""
    items = sorted(alternatives, key=lambda item: item.get(f"{XML}lang") != "x-default")
    return next(filter(None, (_value(item, depth) for item in items)), "")


def xmp_packet(
    *, creator: str = "", credit: str = "", copyright_notice: str = "", license_url: str = "", source_type: str = ""
) -> bytes:
    """Return a packet that says whose a picture is and how it was made, for renditions; b"" if there is nothing to say.

    `source_type` is the address of a term in IPTC's vocabulary: one of `metadata.SOURCE_TYPES`.
    """
    simple = {
        "photoshop:Credit": credit,
        "xmpRights:WebStatement": license_url,
        "Iptc4xmpExt:DigitalSourceType": source_type,
    }
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in simple.items() if value)
    elements = creator and f"<dc:creator><rdf:Seq><rdf:li>{escape(creator)}</rdf:li></rdf:Seq></dc:creator>"
    if copyright_notice:
        item = f'<rdf:li xml:lang="x-default">{escape(copyright_notice)}</rdf:li>'
        elements += f"<dc:rights><rdf:Alt>{item}</rdf:Alt></dc:rights>"
    if not attributes + elements:
        return b""
    namespaces = "".join(f' xmlns:{prefix}="{uri}"' for uri, prefix in PREFIXES.items() if prefix in WRITTEN)
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="{RDF_URI}"><rdf:Description rdf:about=""{namespaces}{attributes}>{elements}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )
    return NOT_XML.sub("", packet).encode()
