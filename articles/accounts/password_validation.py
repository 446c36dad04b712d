"""Refusing passwords that are guessed first: common ones, and what people make of a common word to satisfy a form.

Django's list of 20,000 breached passwords has “passw0rd” but not “Passw0rd!”, and no list has a site's name with the
year. So a password is taken apart as guessing programs put it together: a word, letters replaced by signs, and a few
digits and signs around it.
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.text.unicode_folding import fold

# Digits and signs around common words that add too little: a year and two signs, or a date.
MAX_AROUND = 8
MAX_WORDS = 2  # Of common words in a row; three are a phrase.
MIN_WORD = 3  # Letters of a common word.
MAX_LETTERS = 60  # More than any two common words have. Comparing all splits of a text takes quadratic time.
SIGNS = (str.maketrans("013457@$!€", "oleastasie"), str.maketrans("013457@$!|", "oieastasil"))
LETTERS = re.compile(r"[^\W\d_]+")
REPEATED = re.compile(r"(.{1,4}?)\1+.{0,3}", re.DOTALL)
# Of the languages whose letters most readers here type; month names are common, too.
SEASONAL = """
    spring summer autumn fall winter season january february march april may june july august september october
    november december monday tuesday wednesday thursday friday saturday sunday christmas easter fruehling frühling
    fruhling sommer herbst januar februar märz maerz mai juni juli oktober dezember montag dienstag mittwoch
    donnerstag freitag samstag sonntag weihnachten printemps ete été automne hiver janvier fevrier février mars
    avril juin juillet aout août septembre octobre novembre decembre décembre primavera verano otono otoño invierno
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
""".split()
COMMON_WORDS = """
    password passwort passwd pass word login welcome willkommen bienvenue hello hallo admin administrator user guest
    test qwerty qwertz azerty letmein secret geheim master changeme default access love iloveyou dragon monkey
    newsroom news paper newspaper editor comment reader account the my and you
""".split()


class GuessablePasswordValidator(CommonPasswordValidator):
    """Reject common passwords and those that are a common word, the site's name or a season, and little else."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_guessable(password, self.passwords):
            raise ValidationError(self.get_error_message(), code="password_too_common")

    def get_error_message(self) -> str:
        return _("This password is easy to guess. Add more words, or let your browser suggest one.")


def is_guessable(password: str, common: set[str]) -> bool:
    plain = fold(password.strip())
    if plain in common or REPEATED.fullmatch(plain) or _is_sequence(plain):
        return True
    words = _words(frozenset(common), settings.PAPER_NAME)
    for text in {plain, *(plain.translate(signs) for signs in SIGNS), *(_inside(plain, signs) for signs in SIGNS)}:
        runs = LETTERS.findall(text)
        around = len(text) - sum(map(len, runs))
        joined = "".join(runs)
        if around <= MAX_AROUND and 0 < len(runs) <= MAX_WORDS + 1 and _made_of(joined, words):
            return True
    return False


def _inside(plain: str, signs: dict[int, int]) -> str:
    """Return the text with letters in place of signs, except for digits and signs at its ends."""
    core = re.search(r"[^\W\d_](?:.*[^\W\d_])?", plain, re.DOTALL)
    if core is None:
        return plain
    return plain[: core.start()] + core[0].translate(signs) + plain[core.end() :]


def _made_of(letters: str, words: frozenset[str]) -> bool:
    """Return whether the letters are one common word, or two in a row."""
    if letters in words or len(letters) > MAX_LETTERS:
        return letters in words
    return any(letters[:at] in words and letters[at:] in words for at in range(MIN_WORD, len(letters) - MIN_WORD + 1))


def _is_sequence(plain: str) -> bool:
    """Return whether each character follows on the one before: abcdefgh, 87654321."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


@lru_cache(maxsize=2)
def _words(common: frozenset[str], paper_name: str) -> frozenset[str]:
    """Return the words of common passwords without what surrounds them, and the site's and the year's own words."""
    bare = {"".join(LETTERS.findall(word)) for word in common}
    name = ["".join(LETTERS.findall(part)) for part in fold(paper_name).split()]
    own = {*name, "".join(name), "".join(name).removeprefix("the")}
    found = bare | own | {fold(word) for word in (*SEASONAL, *COMMON_WORDS)}
    return frozenset(word for word in found if len(word) >= MIN_WORD)
