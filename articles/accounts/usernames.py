"""Validation of public names: a single script, no look-alikes, no names that seem official."""

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.text.blocked_words import has_blocked_word
from articles.text.slugs import name_key
from articles.text.unicode_folding import JOINERS, compatible, visible

NAME_MAX_LENGTH = 40  # Characters; a byline fits on one line of a phone.
NAME_MIN_LENGTH = 2  # Characters; Chinese and Korean names have two, and single letters tell nobody apart.
PUNCTUATION = ".-_"
# Scripts that are mixed within words: Japanese, Korean and Chinese.
MIXED_SCRIPTS = [{"CJK", "HIRAGANA", "KATAKANA"}, {"CJK", "HANGUL"}, {"CJK", "BOPOMOFO"}]
# Names with which a reader could seem to speak for the site, or to be no one.
RESERVED = [
    *("admin", "administrator", "owner", "root", "system", "staff", "support", "help", "newsroom", "paper"),
    *("moderator", "moderators", "mod", "mods", "editor", "editors", "author", "writer", "user", "reader"),
    *("journalist", "reporter", "publisher", "official", "verified", "editorspick", "pick", "theauthor"),
    *("everyone", "nobody", "anonymous", "deleted", "deleteduser", "null", "none"),
]
# Reserved as part of a name as well, as in “staff-anna” or “Editor2”.
RESERVED_PARTS = ["admin", "administrator", "staff", "moderator", "moderators", "editor", "editors", "newsroom"]


def normalize_name(raw: str) -> str:
    """Return the name as it will be stored: full-width and other compatibility letters become the usual ones."""
    return compatible(raw).strip()


def scripts_of(name: str) -> set[str]:
    """Return the scripts of a name's letters, read from their Unicode names. ASCII digits belong to every script."""
    letters = (letter for letter in name if letter not in PUNCTUATION + JOINERS + "0123456789")
    return {
        unicodedata.name(letter, "?").split()[0].removesuffix("-INDIC").removesuffix("-HIRAGANA") for letter in letters
    }


def validate_name(name: str) -> None:
    """Reject a name that others can't read, say or tell from another. Holds for every account, owners included."""
    if len(name) < NAME_MIN_LENGTH:
        raise ValidationError(_("Use at least %(least)d characters."), "short", {"least": NAME_MIN_LENGTH})
    if len(name) > NAME_MAX_LENGTH:
        raise ValidationError(_("Use at most %(most)d characters."), "long", {"most": NAME_MAX_LENGTH})
    if visible(name) != name or any(
        letter not in PUNCTUATION + JOINERS and unicodedata.category(letter)[0] not in "LM" and not letter.isdecimal()
        for letter in name
    ):
        raise ValidationError(
            _("Use letters, numbers, full stops, hyphens and underscores, without spaces."), "letters"
        )
    if not name[0].isalnum() or (not name[-1].isalnum() and unicodedata.category(name[-1])[0] != "M"):
        raise ValidationError(_("Begin and end your name with a letter or a number."), "ends")
    if not re.search(r"[^\W\d_]", name):
        raise ValidationError(_("Use at least one letter."), "digits")
    scripts = scripts_of(name)
    if len(scripts) > 1 and not any(scripts <= together for together in MIXED_SCRIPTS):
        raise ValidationError(_("Use letters from a single alphabet."), "scripts")


def validate_not_reserved(name: str) -> None:
    """Reject a name that seems to speak for the site, or that has a blocked word."""
    paper = name_key(settings.PAPER_NAME)
    key = name_key(name)
    parts = {name_key(part.rstrip("0123456789")) for part in re.split(r"[._-]", name)}
    reserved = {name_key(word) for word in RESERVED} | {paper, paper.removeprefix(name_key("the"))}
    if key in reserved or parts & {name_key(word) for word in RESERVED_PARTS}:
        raise ValidationError(_("That name is reserved. Choose another."), "reserved")
    if has_blocked_word(name):
        raise ValidationError(_("That name isn’t allowed. Choose another."), "blocked")
