"""Recognise files that are no article in plain text or Markdown, whatever their name says."""

import re

from django.utils.translation import gettext as _

from articles.errors import Refused

RTF = re.compile(r"\A\s*\{\\rtf")
WORDPRESS = re.compile(r"xmlns:wp=|wordpress\.org/export", re.IGNORECASE)
MARKUP_START = re.compile(
    r"\A\s*(?>(?:<!--.*?-->\s*)*)<(?P<name>[!?]?[a-z][\w:-]*)(?=[\s>/])", re.IGNORECASE | re.DOTALL
)
JSON_START = re.compile(r"\A\s*(?:\{\s*\"[^\"\n]{1,80}\"\s*:|\[\s*\{\s*\")")
OTHER_STARTS = re.compile(r"\A\s*(?:%PDF-|%!PS|\\documentclass|BEGIN:V(?:CARD|CALENDAR))")
TAGS = (
    "a abbr article aside b blockquote body br center cite code dd del div dl dt em embed figcaption figure font "
    "footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img ins li link main meta nav ol p picture pre q s "
    "script section small source span strike strong style sub sup table tbody td tfoot th thead title tr u ul video"
).split()
TAG = re.compile(rf"</?(?:{'|'.join(TAGS)})(?:\s(?=[^<>=]*+=)[^<>]*+|\s*+/?)>", re.IGNORECASE)
CODE = re.compile(
    r"^(?P<fence>```++|~~~++).*?^(?P=fence)|(?<!`)(?P<ticks>`++)[^`]++(?P=ticks)", re.MULTILINE | re.DOTALL
)

# The first lines of mail, in the languages of its programs.
SENDER = "from von de da od från fra van от return-path received delivered-to message-id mime-version".split()
OTHER_HEADERS = (
    "to an an: à a do till til aan para кому subject betreff objet asunto oggetto temat ämne emne onderwerp assunto "
    "тема date datum data fecha dato dátum sent gesendet envoyé enviado inviato wysłano skickat sendt verzonden "
    "отправлено cc bcc kopie reply-to content-type content-transfer-encoding x-mailer user-agent importance"
).split()
HEADER = re.compile(r"^>?[ \t]*\*{0,2}(?P<name>[\w-]+)[ \t]?:\*{0,2}(?:[ \t]|$)")
ENVELOPE = re.compile(r"^From \S+@\S+ ")
FORWARDED = re.compile(
    r"^[-_ ]*(?:begin )?(?:forwarded message|original message|weitergeleitete nachricht)", re.IGNORECASE
)
ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")


def require_plain_text(text: str) -> None:
    """Check that a file is what its name says.

    Raises:
        Refused: It is a mail, a web page or another format, with what to do.
    """
    if RTF.match(text):
        raise Refused(_("a Rich Text (RTF) file; open it in a word processor and save it as plain text"))
    if JSON_START.match(text):
        raise Refused(_("JSON data; save each article as a text or Markdown file"))
    if OTHER_STARTS.match(text):
        raise Refused(_("not the format that its name says; save the article as plain text"))
    if start := MARKUP_START.match(text):
        if WORDPRESS.search(text):
            raise Refused(_("a WordPress export; save each article as a text or Markdown file"))
        name = start["name"].lower()
        if name == "!doctype" or name in TAGS:
            raise Refused(_("a web page (HTML); open it in a browser and save the article as plain text"))
        raise Refused(_("an XML file; save each article as a text or Markdown file"))
    if _is_mail(text):
        raise Refused(_("an email with its header; save only the text of the article, without names and addresses"))


def _is_mail(text: str) -> bool:
    blocks = text.strip().split("\n\n", 2)
    lines = blocks[0].split("\n")
    if FORWARDED.match(lines[0]):
        lines = lines[1:] or (blocks[1].split("\n") if len(blocks) > 1 else [])
    if lines and ENVELOPE.match(lines[0]):
        return True
    names = {found["name"].lower() for line in lines if (found := HEADER.match(line))}
    plain = [line for line in lines if not HEADER.match(line) and not line.startswith((" ", "\t"))]
    return not plain and _is_header(names)


def _is_header(names: set[str]) -> bool:
    known = names.intersection(SENDER), names.intersection(OTHER_HEADERS)
    return bool(known[0]) and len(known[0] | known[1]) > 1


def foreign_parts(text: str) -> list[str]:
    """Return why a text file must be held: parts of it are no text for readers."""
    doubts = []
    outside = CODE.sub("", text)
    if tag := TAG.search(outside):
        doubts.append(_("It contains HTML that readers would see as text: %(tag)s") % {"tag": tag[0][:60]})
    for block in outside.split("\n\n"):
        lines = block.strip().split("\n")
        names = {found["name"].lower() for line in lines if (found := HEADER.match(line))}
        if len(names) > 2 and _is_header(names) and ADDRESS.search(block):
            doubts.append(_("It contains the header of an email, with addresses."))
            break
    return doubts
