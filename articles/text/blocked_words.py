"""Words that no public name may have: everyone sees the names of readers and topics.

The list is short on purpose: words that are an insult in every context. Owners add theirs with BLOCKED_WORDS.
"""

import re
from functools import lru_cache

from django.conf import settings

from articles.text.slugs import name_key

# Slurs and obscenities of English, German, French and Spanish. Words with an innocent meaning aren't here: a dyke keeps
# the sea out, and Dyke is a surname.
BLOCKED = (
    *("arschloch", "asshole", "bastard", "bitch", "cabron", "connard", "cunt", "faggot", "fag", "fick"),
    *("ficken", "fotze", "fuck", "fucker", "fucking", "fucked", "hurensohn", "kanake", "kike", "motherfucker"),
    *("neger", "nigga", "nigger", "nutte", "paki", "puta", "putain", "salope", "schlampe", "shit", "slut"),
    *("spastic", "spic", "tranny", "twat", "wanker", "whore", "wichser", "zigeuner", "heilhitler", "siegheil"),
)
# Within longer words as well. Shorter ones are part of innocent words, such as Scunthorpe.
MIN_WITHIN = 6
SOUNDS = str.maketrans("3457@$!", "eastasi")  # Digits and signs that stand for letters.
BETWEEN = re.compile(r"[\W_]+")
HUMPS = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")


def has_blocked_word(name: str) -> bool:
    """Return whether a name has a blocked word, in whatever case, accents, look-alike letters and separators."""
    blocked = _keys(tuple(settings.BLOCKED_WORDS))
    for text in (name, name.rstrip("0123456789").translate(SOUNDS)):
        parts = [*BETWEEN.split(HUMPS.sub(" ", text)), *BETWEEN.split(text)]
        whole = name_key("".join(BETWEEN.split(text)))
        words = {name_key(part.rstrip("0123456789")) for part in parts} | {whole}
        if words & blocked or any(len(word) >= MIN_WITHIN and word in whole for word in blocked):
            return True
    return False


@lru_cache(maxsize=2)
def _keys(added: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name_key(word) for word in (*BLOCKED, *added)) - {""}
