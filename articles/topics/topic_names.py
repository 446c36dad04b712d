"""Validation of topic names, and the key by which two spellings are one topic."""

import re

from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.text.blocked_words import has_blocked_word
from articles.text.sanitizing import clean_line
from articles.text.slugs import LOOK_ALIKES
from articles.text.unicode_folding import exact, fold, only_letters, visible

MAX_NAME_LENGTH = 40  # Characters; one line on a phone.
MIN_NAME_LENGTH = 2  # “AI” and “G7” are topics; a single letter is a typing error.
KEY_LENGTH = MAX_NAME_LENGTH * 2  # Folding turns some letters into several.

# Non-Latin letters that look like Latin ones. Unlike in user names, i, l, o and digits differ: “Bali” isn't “Ball”.
FOREIGN_LOOK_ALIKES = {letter: plain for letter, plain in LOOK_ALIKES.items() if letter > 0x7F}
LATIN = re.compile(r"[a-z]")
# “C”, “C++” and “C#” are three topics; “climate-change” and “Climate change” are one.
SIGNS_IN_KEYS = "+#"
URL = re.compile(
    r"://|\bwww\.|@\w|\w\.(?:com|net|org|info|biz|xyz|top|site|online|shop|io|co|ru|de|uk|fr|cn)\b", re.IGNORECASE
)


def topic_key(name: str) -> str:
    """Return the key of a name: without case, accents, spaces, punctuation and look-alike letters."""
    key = only_letters(fold(name), keep=SIGNS_IN_KEYS)
    if LATIN.search(key):
        key = key.translate(FOREIGN_LOOK_ALIKES)
    return key[:KEY_LENGTH]


def topic_keys(name: str) -> tuple[str, str]:
    """Return the keys by which to find a topic.

    The first one differs where accents do: topics from before accents were folded may have it.
    """
    return only_letters(exact(name), keep=SIGNS_IN_KEYS)[:KEY_LENGTH], topic_key(name)


def clean_name(raw: str) -> str:
    """Return a topic's name as it will be shown.

    Raises:
        Refused: It is too short, too long, a URL, has no letters or has a blocked word.
    """
    name = clean_line(visible(raw[: MAX_NAME_LENGTH * 20])).lstrip("#").strip()
    if not name:
        raise Refused(_("Enter a topic."), field="name")
    if URL.search(name):
        raise Refused(_("Enter one or two words, not a web address."), field="name")
    if not any(letter.isalpha() for letter in name):
        raise Refused(_("Use letters in the topic’s name."), field="name")
    if has_blocked_word(name):
        raise Refused(_("That can’t be the name of a topic. Choose another."), field="name")
    if len(name) < MIN_NAME_LENGTH or not topic_key(name):
        raise Refused(_("Enter at least %(number)s letters.") % {"number": MIN_NAME_LENGTH}, field="name")
    if len(name) > MAX_NAME_LENGTH:
        raise Refused(
            _("Enter at most %(number)s characters: one or two words.") % {"number": MAX_NAME_LENGTH}, field="name"
        )
    return name
