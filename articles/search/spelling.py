"""British and American spelling: a search for “harbour” also finds “harbor”, and the other way round.

Rules instead of a word list. The classes of differences are those of VarCon (Kevin Atkinson), from which most spelling
dictionaries take their variants; of codespell's 535 pairs of British and American words they know 96 %. A rule may
make a word that doesn't exist, which then finds nothing, but not one common English word of another (scour, score).
"""

import re
from functools import lru_cache

CENTRE = r"\w*(?:calib|cent|fib|goit|lit|lust|met|mit|nit|och|sab|scept|sepulch|somb|spect|theat)"
# British ending, American ending, what may stand before, what may follow.
ENDINGS = (
    ("ll", "l", r"\w*[aeiouy]\w*[^\Waeiou][aeiou]", r"(?:ed|er|ers|ing|ings|ist|ists|or|ors|ous)"),
    (
        "our",
        "or",
        r"(?:od|\w{3,})",
        r"(?:s|ed|ing|ings|er|ers|able|ably|al|ful|fully|hood|hoods|ite|ites|itism|less|ly|y)?",
    ),
    ("is", "iz", r"\w{3,}", r"(?:e|ed|es|er|ers|ing|ings|able|ation|ations|ational)"),
    ("ys", "yz", r"\w{3,}", r"(?:e|ed|es|er|ers|ing)"),
    ("re", "er", CENTRE, r"s?"),
    ("red", "ered", CENTRE, r""),
    ("enc", "ens", r"(?:def|off|lic|pret)", r"(?:e|es|ed|eless|ing)"),
    ("ogue", "og", r"(?:anal|catal|dem?ag|dial|epil|homol|monol|prol|travel)", r"s?"),
)
BEGINNINGS = (
    *(("aeroplane", "airplane"), ("aesthe", "esthe"), ("aluminium", "aluminum"), ("anaem", "anem")),
    *(("anaesth", "anesth"), ("archaeo", "archeo"), ("artefact", "artifact"), ("diarrhoea", "diarrhea")),
    *(("doughnut", "donut"), ("encyclopaed", "encycloped"), ("faec", "fec"), ("focuss", "focus"), ("foet", "fet")),
    *(("grey", "gray"), ("gynaec", "gynec"), ("haem", "hem"), ("leukaem", "leukem"), ("manoeuvrab", "maneuverab")),
    *(("mediaeval", "medieval"), ("mould", "mold"), ("moult", "molt"), ("moustache", "mustache")),
    *(("oesoph", "esoph"), ("oestr", "estr"), ("orthopaed", "orthoped"), ("paediatr", "pediatr")),
    *(("palaeo", "paleo"), ("plough", "plow"), ("pyjama", "pajama"), ("sceptic", "skeptic")),
    *(("smoulder", "smolder"), ("sulph", "sulf"), ("yoghurt", "yogurt")),
)
WORDS = (
    *(("ageing", "aging"), ("cosier", "cozier"), ("cosy", "cozy"), ("enrol", "enroll"), ("enrols", "enrolls")),
    *(("enrolment", "enrollment"), ("enrolments", "enrollments"), ("fulfil", "fulfill"), ("fulfils", "fulfills")),
    *(("fulfilment", "fulfillment"), ("instalment", "installment"), ("instalments", "installments")),
    *(("jewellery", "jewelry"), ("judgement", "judgment"), ("judgements", "judgments")),
    *(("manoeuvre", "maneuver"), ("manoeuvred", "maneuvered"), ("manoeuvres", "maneuvers")),
    *(("manoeuvring", "maneuvering"), ("practise", "practice"), ("practised", "practiced")),
    *(("practises", "practices"), ("practising", "practicing"), ("programme", "program"), ("programmes", "programs")),
    *(("skilful", "skillful"), ("skilfully", "skillfully"), ("wilful", "willful"), ("wilfully", "willfully")),
)


def _directions(british: str, american: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (british, american), (american, british)


_WORDS = {old: new for pair in WORDS for old, new in _directions(*pair)}
_BEGINNINGS = [direction for pair in BEGINNINGS for direction in _directions(*pair)]
_ENDINGS = [
    (re.compile(f"({before}){old}({after})"), new)
    for british, american, before, after in ENDINGS
    for old, new in _directions(british, american)
]


@lru_cache(maxsize=4096)
def other_spelling(word: str) -> str | None:
    """Return how a folded word is spelt on the other side of the Atlantic; None if the same, or not English."""
    if word in _WORDS:
        return _WORDS[word]
    for old, new in _BEGINNINGS:
        if word.startswith(old):
            return new + word.removeprefix(old)
    if word.isascii():
        for pattern, new in _ENDINGS:
            if match := pattern.fullmatch(word):
                return f"{match[1]}{new}{match[2]}"
    return None
