"""What a topic may be called, and when two names are one topic."""

import re

from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.text.sanitizing import clean_line
from articles.text.slugs import LOOK_ALIKES, fold

NAME_LENGTH = 40  # Characters; one line on a phone.
NAME_SHORTEST = 2  # “AI” and “G7” are topics; a single letter is a slip of the finger.
KEY_LENGTH = NAME_LENGTH * 2  # Folding turns some letters into several.

# Letters that only pass for Latin ones. Unlike in readers' names, i, l, o and digits stay apart: “Bali” is no “Ball”.
FOREIGN_LOOK_ALIKES = {letter: plain for letter, plain in LOOK_ALIKES.items() if letter > 0x7F}
LATIN = re.compile(r"[a-z]")
NOT_IN_KEYS = re.compile(
    r"[^\w+#]|_"
)  # “C”, “C++” and “C#” are three topics; “climate-change” and “Climate change” one.
UNSEEN = re.compile(
    "[\u00ad\u200b\u200e\u200f\u2060-\u2064\u3164\uffa0]"
)  # Invisible, and nothing is lost without them.
ADDRESS = re.compile(
    r"://|\bwww\.|@\w|\w\.(?:com|net|org|info|biz|xyz|top|site|online|shop|io|co|ru|de|uk|fr|cn)\b", re.IGNORECASE
)


def topic_key(name: str) -> str:
    """The key under which a name is kept: without case, accents, blanks, punctuation and borrowed letters."""
    key = NOT_IN_KEYS.sub("", fold(name))
    if LATIN.search(key):
        key = key.translate(FOREIGN_LOOK_ALIKES)
    return key[:KEY_LENGTH]


def clean_name(raw: str) -> str:
    """A topic's name as it will be shown.

    Raises:
        Refused: It is too short, too long, an address, or has no letters.
    """
    name = clean_line(UNSEEN.sub("", raw[: NAME_LENGTH * 20])).lstrip("#").strip()
    if not name:
        raise Refused(_("Write the name of a topic."), field="name")
    if ADDRESS.search(name):
        raise Refused(_("A topic is a word or two, not an address."), field="name")
    if not any(letter.isalpha() for letter in name):
        raise Refused(_("A topic's name needs letters."), field="name")
    if len(name) < NAME_SHORTEST or not topic_key(name):
        raise Refused(_("A topic's name has at least %(number)s letters.") % {"number": NAME_SHORTEST}, field="name")
    if len(name) > NAME_LENGTH:
        raise Refused(
            _("A topic's name has at most %(number)s characters. Shorten it to a word or two.")
            % {"number": NAME_LENGTH},
            field="name",
        )
    return name
