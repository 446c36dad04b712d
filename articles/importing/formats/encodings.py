"""Decode files: detect the encoding and reject binary data."""

import codecs
import re

from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing.records import MAX_BYTES, Decision, Kind
from articles.text.sanitizing import clean_text

OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f]")
NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
# The replacement character, and UTF-8 that was read as windows-1252: “cafÃ©”, “â€™”.
LOST = re.compile("\ufffd|[ÃÂ][\u0080-\u00bf]|â€[\u0080-\u00bf™œ˜]|[ÐÑ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹Œ]")
LATIN_1 = re.compile("[À-ÿ]")
LATIN_1_IN_TEXT = 0.4  # Of the letters; the most accented language, Vietnamese, has fewer of these.
CONTROLS_IN_TEXT = 0.01  # Largest share of control characters: text files contain a few, binary files many.


def decode_file(data: bytes) -> tuple[str, str, list[Decision]]:
    """Return the text, the encoding's name and the decisions.

    Raises:
        Refused: Too large, empty, or not text.
    """
    if len(data) > MAX_BYTES:
        raise Refused(
            _("too large: %(size).1f MB, at most %(most)d MB")
            % {"size": len(data) / 1024 / 1024, "most": MAX_BYTES // 1024 // 1024}
        )
    decoded, encoding = _decode(data)
    if len(CONTROLS.findall(decoded)) > len(decoded) * CONTROLS_IN_TEXT:
        raise Refused(_("not a text file"))
    lines = OTHER_LINE_ENDS.sub("\n", decoded.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    text = clean_text(NONCHARACTERS.sub("", lines))
    if not text.strip():
        raise Refused(_("empty"))
    decisions = []
    if encoding == "windows-1252":
        rule = _("The bytes aren’t UTF-8, and all of them are characters in windows-1252.")
        decisions.append(Decision(Kind.GUESS, "encoding", "windows-1252", rule, 0.85))
    if "\ufffd" in text:
        rule = _("Characters had been lost before the import.")
        decisions.append(Decision(Kind.WARNING, "encoding", "\ufffd", rule, 1))
    invisible = len(lines) - len(text)
    if invisible > 0 and len(clean_text(lines)) < len(lines):
        rule = _("Invisible and stacked characters were removed, and letters combined with their accents.")
        value = _("%(count)d characters") % {"count": invisible}
        decisions.append(Decision(Kind.REPAIR, "encoding", value, rule, 1))
    return text, encoding, decisions


def lost_letters(text: str) -> list[str]:
    """Return why a file must be held: its letters seem to be those of another encoding."""
    if found := LOST.search(text):
        line = text.count("\n", 0, found.start()) + 1
        where = {"line": line, "words": " ".join(text[max(0, found.start() - 20) : found.end() + 20].split())}
        return [_("Letters may have been lost in line %(line)d: “%(words)s”") % where]
    letters = sum(map(str.isalpha, text))
    if letters and len(LATIN_1.findall(text)) > letters * LATIN_1_IN_TEXT:
        return [_("The encoding of the file is uncertain: its letters make no words.")]
    return []


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        encodings = []
    else:
        encodings = ["utf-8", "windows-1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Refused(_("not a text file"))
