"""Which public names are fit to be seen: one script, no trickery, none that speaks for the paper."""

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.text.slugs import name_key

NAME_LENGTH = 40  # Characters; a byline's line on a phone.
NAME_LEAST = 2  # Characters; Chinese and Korean names have two, a single letter tells nobody apart.
MARKS = ".-_"
# Scripts that are written together in one word: Japanese, Korean and Chinese.
WRITTEN_TOGETHER = [{"CJK", "HIRAGANA", "KATAKANA"}, {"CJK", "HANGUL"}, {"CJK", "BOPOMOFO"}]
# Names under which a reader could speak for the paper, or be taken for nobody at all.
RESERVED = [
    *("admin", "administrator", "owner", "root", "system", "staff", "support", "help", "newsroom", "paper"),
    *("moderator", "moderators", "mod", "mods", "editor", "editors", "author", "writer", "user", "reader"),
    *("journalist", "reporter", "publisher", "official", "verified", "editorspick", "pick", "theauthor"),
    *("everyone", "nobody", "anonymous", "deleted", "deleteduser", "null", "none"),
]
# Not even as a part of a name, as in “staff-anna” or “Editor2”.
POWERS = ["admin", "administrator", "staff", "moderator", "moderators", "editor", "editors", "newsroom"]


def plain_name(raw: str) -> str:
    """The name as it will be stored: full-width and other dressed-up letters become the plain ones."""
    return unicodedata.normalize("NFKC", raw).strip()


def scripts_of(name: str) -> set[str]:
    """The scripts of its letters, by the first word of each letter's Unicode name. Plain digits belong to all."""
    letters = (letter for letter in name if letter not in MARKS and letter not in "0123456789")
    return {
        unicodedata.name(letter, "?").split()[0].removesuffix("-INDIC").removesuffix("-HIRAGANA") for letter in letters
    }


def check_name(name: str) -> None:
    """Refuse a name that others could not read, say or tell from another. For every account, the owner's too."""
    if len(name) < NAME_LEAST:
        raise ValidationError(_("A name has at least %(least)d characters."), "short", {"least": NAME_LEAST})
    if len(name) > NAME_LENGTH:
        raise ValidationError(_("A name has at most %(most)d characters."), "long", {"most": NAME_LENGTH})
    if any(
        letter not in MARKS and unicodedata.category(letter)[0] not in "LM" and not letter.isdecimal()
        for letter in name
    ):
        raise ValidationError(_("A name is made of letters, digits and . - _ only, without blanks."), "letters")
    if not name[0].isalnum() or (not name[-1].isalnum() and unicodedata.category(name[-1])[0] != "M"):
        raise ValidationError(_("A name begins and ends with a letter or a digit."), "ends")
    if not re.search(r"[^\W\d_]", name):
        raise ValidationError(_("A name needs at least one letter."), "digits")
    scripts = scripts_of(name)
    if len(scripts) > 1 and not any(scripts <= together for together in WRITTEN_TOGETHER):
        raise ValidationError(_("A name is written in one alphabet: this one mixes two."), "scripts")


def check_reserved(name: str) -> None:
    """Refuse a name that seems to speak for the paper."""
    paper = name_key(settings.PAPER_NAME)
    key = name_key(name)
    parts = {name_key(part.rstrip("0123456789")) for part in re.split(r"[._-]", name)}
    kept = {name_key(word) for word in RESERVED} | {paper, paper.removeprefix(name_key("the"))}
    if key in kept or parts & {name_key(word) for word in POWERS}:
        raise ValidationError(_("This name is kept for the paper. Please choose another."), "reserved")
