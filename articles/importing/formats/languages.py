"""Guess the language of a text from its most common words or its script. No guess is better than a wrong one."""

import re
from collections import Counter

MIN_HITS = 6  # Common words; fewer occur in a text of another language by chance.
MIN_SHARE = 0.12  # Of all words; about a third of a text are such words.
MIN_LEAD = 1.8  # Times as many as the next language has; neighbours such as Danish and Norwegian share most.
MAX_LENGTH = 20_000  # Characters looked at.

_common = {
    "en": "the of and to in that is was for it with as his on be at by had are but from they which you were "
    "this have not",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden "
    "aus er hat dass sie nach wird bei einer um am sind noch wie einem über war",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec "
    "son aux ont elle été cette mais",
    "es": "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este "
    "fue ha sí porque esta son",
    "it": "di e il la che in un a per è una sono con non del da si le i dei al nel della ha come anche lo più "
    "alla gli ma se delle questo",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem "
    "à seu sua ou ser quando",
    "nl": "de het een van en in is dat op te zijn voor met die niet aan er om ook als dan maar bij nog uit door "
    "naar over hij ze wordt heeft werd",
    "pl": "w i z na do się nie że o jest to po od za przez jak dla ale są oraz tym był który przy roku jego co "
    "tylko już być która",
    "sv": "och i att det som en på är av för med den till har de inte om ett var sig från vid kan men så efter "
    "också eller han hon",
    "da": "og i at det er en til af på som for med den har de ikke der et var sig fra om kan men så efter også "
    "eller han blev",
    "nb": "og i å det er en til av på som for med den har de ikke et var seg fra om kan men så etter også eller "
    "han ble hun",
}
COMMON = {code: frozenset(words.split()) for code, words in _common.items()}
SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
}
SCRIPT_SHARE = 0.3  # Of the letters.
WORD = re.compile(r"[^\W\d_]+")


def guess_language(text: str) -> str:
    """Return the code of the language, or an empty string if the text may be in another one."""
    words = WORD.findall(text[:MAX_LENGTH].lower())
    letters = sum(map(len, words))
    for code, script in SCRIPTS.items():
        if letters and len(script.findall("".join(words))) > letters * SCRIPT_SHARE:
            return code
    hits = Counter({code: sum(word in common for word in words) for code, common in COMMON.items()})
    (best, most), (_next, second) = hits.most_common(2)
    sure = most >= MIN_HITS and most >= len(words) * MIN_SHARE and most >= second * MIN_LEAD
    return best if sure else ""
