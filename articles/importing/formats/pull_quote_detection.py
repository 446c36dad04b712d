"""Detect paragraphs that are pull quotes, and propose their speakers."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from articles.importing.formats.inline_markup import WHOLE_EMPHASIS, strip_markup
from articles.publishing.pull_quote_check import ELLIPSIS, ComparedText, closeness, longest_shared_run
from articles.text.unicode_folding import words_of

SPEAKER_LENGTH = 120  # Characters, as the database keeps.
MAX_WORDS = 60  # Pull quotes are shorter.
MIN_WORDS = 5  # Words; shorter sentences recur by chance.
SHARED_RUN = 6  # Words in a row that two texts don't share by chance.
SHARED_PART = 0.25  # Of the candidate's words, so that a long name in a quotation does not count.
ALIKE = 0.85
MAX_COMPARED = 20  # Texts compared with one paragraph; words in more texts than this are a refrain.
END = ".!?…"
FIRST_PERSON_PART = 0.2  # Share of paragraphs from which the author speaks as I or we.

DOUBLE = re.compile(r"[\"“”„«»]")
QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”“»]|(?<!\w)['‘]((?:[^'’‘]|['’](?=\w)){1,400})['’](?!\w)")
# Case matters: “US” is a country.
FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|us|me|[Oo]urs?|[Mm]y|[Mm]ine)\b")
SPEECH = (
    "said says told tells added adds asked asks claimed claims argued argues insisted insists explained explains noted "
    "notes stated states declared declares announced warned warns replied replies wrote writes tweeted stressed "
    "recalled admitted admits suggested suggests"
).split()
SPEECH_VERB = re.compile(rf"\b(?:{'|'.join(SPEECH)}|according to)\b")
_name = r"(?:[A-ZÀ-ÖØ-Þ][\w’'-]+(?:\s+(?:(?:de|van|von|bin|al)\s+)?[A-ZÀ-ÖØ-Þ][\w’'-]+){0,3})"
NAME_SPOKE = re.compile(rf"({_name})(?:,[^,.]{{3,60}},)?\s+(?:has\s+|had\s+|also\s+)?(?:{'|'.join(SPEECH)})\b")
# A name after the quote: “… any longer. Amara Lind”; or behind a dash, with a role: “…” — Amara Lind, engineer
NAME_AT_END = re.compile(rf"(?<=[.!?…])[\"”“»'’]?\s+(?P<speaker>{_name})$")
NAME_AFTER_DASH = re.compile(
    rf"(?<=[\w.!?…\"”“»'’])\s*(?:\n\s*|\s)[—–-]{{1,2}}\s*(?P<speaker>{_name})(?:,\s*(?P<role>[^.!?\n]{{2,160}}))?$"
)
ATTRIBUTION = re.compile(rf"^[—–-]{{1,2}}\s*{_name}(?:,\s*[^.!?\n]{{2,160}})?$")
SPOKE_NAME = re.compile(rf"\b(?:said|says|added|asked|wrote)\s+({_name})")
AFTER_COLON = re.compile(rf"['’”\"]\s*[:–—-]\s*({_name})\b")
BEFORE_COLON = re.compile(rf"^({_name})\s*:\s*['‘“\"]")
NO_NAMES = set(
    "The A An In On At He She They It We I You This That These Those But And However Asked When While After Before As "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December Later Earlier Yesterday Today Speaking Saying Who What Why How".split()
)


type Run = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    rule: str
    confidence: float
    holder: int = -1
    """The paragraph with the same words, which stays in the text; -1 for the headline or none."""
    text: str = ""
    speaker: str = ""
    role: str = ""


class PullQuoteDetector:
    """Detect pull quotes among the paragraphs of one article. Indexes runs of words, so the time is linear."""

    def __init__(self, paragraphs: Sequence[str], headline: str) -> None:
        self.paragraphs = [strip_markup(paragraph) for paragraph in paragraphs]
        self.linked = ["](" in paragraph for paragraph in paragraphs]
        self.set_apart = [bool(WHOLE_EMPHASIS.match(paragraph.strip())) for paragraph in paragraphs]
        self.words = [words_of(paragraph) for paragraph in self.paragraphs]
        self.first_person = [_first_person(paragraph) for paragraph in self.paragraphs]
        self.taken: set[int] = set()
        """Paragraphs that became pull quotes; their words are not compared again."""
        self.quoted: set[tuple[str, ...]] = set()
        """The words of these pull quotes."""
        self.kept: set[int] = set()
        """Paragraphs of whose words another one became a pull quote."""
        self.repeated: list[int] = []
        """Paragraphs that stay, whose sentences the author says again elsewhere: a refrain, or a pull quote."""
        self.holders: dict[Run, list[int]] = defaultdict(list)
        for number, words in enumerate(self.words):
            for run in set(_runs(words)):
                self.holders[run].append(number)
        self.quotations: list[tuple[int, list[str]]] = []
        """Index of the paragraph (-1 for the headline) and the quotation's words."""
        self.quoted_runs: dict[Run, list[int]] = defaultdict(list)
        for number, text in enumerate([headline, *self.paragraphs], start=-1):
            for found in QUOTED.finditer(text):
                words = words_of(found[1] or found[2])
                for run in set(_runs(words)):
                    self.quoted_runs[run].append(len(self.quotations))
                self.quotations.append((number, words))

    def verdict(self, index: int) -> Verdict | None:
        """Return why the paragraph at `index` is a pull quote, or None. Of the same words, one paragraph is at most."""
        if index in self.kept or (verdict := self._verdict(index)) is None:
            return None
        text = verdict.text or self.paragraphs[index]
        words = words_of(text)
        if (key := tuple(words)) in self.quoted:
            return None
        self.taken.add(index)
        self.quoted.add(key)
        self.words[index] = words
        self.kept.add(verdict.holder)  # -1 is no paragraph.
        return replace(verdict, text=text)

    def _verdict(self, index: int) -> Verdict | None:
        text, words = self.paragraphs[index], self.words[index]
        if self.linked[index] or not MIN_WORDS <= len(words) < MAX_WORDS or index == 0:
            return None
        if verdict := self._names_its_speaker(index) or self._repeats(index, text):
            if self._may_be_a_refrain(index, verdict):
                self.repeated.append(index)
                return None
            return verdict
        if index == len(self.paragraphs) - 1 or DOUBLE.search(text) or text[0] in "'‘" or SPEECH_VERB.search(text):
            return None
        if _has_open_quotation(self.paragraphs[index - 1]) or text[0].islower() or QUOTED.search(text):
            return None
        return self._shares(index) or self._speaks(index)

    def _names_its_speaker(self, index: int) -> Verdict | None:
        """Detect a quote followed by its speaker: one that the text repeats, or one in quotation marks."""
        text, speaker, role = split_speaker(self.paragraphs[index])
        if not speaker:
            return None
        marked = text[0] in "'‘\"“„«" and text[-1] in "'’\"”“»" and QUOTED.fullmatch(text)
        rule = _("A quotation followed by its speaker.")
        verdict = self._repeats(index, text)
        if verdict is None and marked and len(words_of(text)) >= MIN_WORDS:
            verdict = Verdict(rule, 0.85)
        return verdict and replace(verdict, text=text, speaker=speaker, role=role)

    def _repeats(self, index: int, text: str) -> Verdict | None:
        """Detect a text that a longer paragraph contains, verbatim or trimmed."""
        length = len(words_of(text))
        runs = [run for piece in ELLIPSIS.split(text) for run in _runs(words_of(piece))]
        nearest = min(
            (self.holders[run] for run in runs), key=len, default=[]
        )  # A quote shares all of its runs with one text.
        for other in nearest[:MAX_COMPARED]:
            longer = other != index and other not in self.taken and len(self.words[other]) > length
            if longer and ComparedText(self.paragraphs[other]).contains(text):
                return Verdict(_("Another paragraph has the same text."), 0.9, other)
        return None

    def _may_be_a_refrain(self, index: int, verdict: Verdict) -> bool:
        """Return whether whole sentences are repeated that nobody is quoted with, and nothing sets them apart."""
        text = self.paragraphs[index]
        if verdict.holder < 0 or verdict.speaker or self.set_apart[index] or DOUBLE.search(text) or text[-1] not in END:
            return False
        holder = self.paragraphs[verdict.holder]
        spoken = holder[0] in "—–-" or _has_open_quotation(holder)
        return not spoken and ComparedText(QUOTED.sub(" ", holder)).contains(text) is not None

    def _shares(self, index: int) -> Verdict | None:
        text, words = self.paragraphs[index], self.words[index]
        near = sorted({number for run in _runs(words) for number in self.quoted_runs.get(run, ())})
        for number in near[:MAX_COMPARED]:
            holder, quotation = self.quotations[number]
            if holder == index or holder in self.taken:
                continue
            run = longest_shared_run(text, " ".join(quotation))
            whole = len(quotation) >= MIN_WORDS and closeness(quotation, words) >= ALIKE
            if whole or (run >= SHARED_RUN and run >= len(words) * SHARED_PART):
                where = _("the headline") if holder < 0 else _("the text")
                rule = _("Shares %(run)d words in a row with a quotation in %(where)s; no quotation marks, no speaker.")
                return Verdict(rule % {"run": run, "where": where}, 0.9 if holder < 0 else 0.85, holder)
        return None

    def _speaks(self, index: int) -> Verdict | None:
        """Detect a paragraph in italics or bold in the first person, if the author does not write “I”.

        A pronoun alone proves nothing: “we” is a word of Polish, and columnists write “our city”.
        """
        here = self.first_person
        if not self.set_apart[index] or self.paragraphs[index][-1] not in END:
            return None
        if not here[index] or here[index - 1] or here[index + 1]:
            return None
        if sum(here) - 1 > len(here) * FIRST_PERSON_PART:
            return None
        return Verdict(_("In italics or bold, and in the first person between paragraphs in the third."), 0.7)


def _runs(words: Sequence[str]) -> list[Run]:
    return [(words[at], words[at + 1], words[at + 2], words[at + 3]) for at in range(len(words) - 3)]


def _first_person(paragraph: str) -> bool:
    return bool(FIRST_PERSON.search(QUOTED.sub("", paragraph)))


def _has_open_quotation(paragraph: str) -> bool:
    """Return whether a quotation continues in the next paragraph."""
    return paragraph.count("“") > paragraph.count("”") or paragraph.count('"') % 2 == 1


def is_attribution(paragraph: str) -> bool:
    """Return whether a paragraph is a dash, a name and perhaps a role."""
    return bool(ATTRIBUTION.match(paragraph))


def split_speaker(paragraph: str) -> tuple[str, str, str]:
    """Return a quote without the name at its end, the name, and the role; empty strings if it names nobody."""
    found = NAME_AFTER_DASH.search(paragraph)
    if found is None and (found := NAME_AT_END.search(paragraph)) and " " not in found["speaker"]:
        return paragraph, "", ""  # One word with a capital is a sentence: “… any longer. Never”
    if found is None or _person(found["speaker"]) != found["speaker"] or len(found["speaker"]) > SPEAKER_LENGTH:
        return paragraph, "", ""
    words = paragraph[: found.start()].strip()
    closing = paragraph[found.start() : found.start("speaker")].strip().rstrip("—–-").strip()
    return words + closing, found["speaker"], (found.groupdict().get("role") or "").strip()


def propose_speaker(quote: str, before: Sequence[str], headline: str) -> tuple[str, str, float]:
    """Return a name, the rule and the confidence; an empty name if there is none."""
    found = AFTER_COLON.search(headline) or BEFORE_COLON.search(headline)
    if found and (name := _person(found[1])):
        sure = longest_shared_run(quote, headline) >= SHARED_RUN
        return name, _("The headline names this person beside a quotation."), 0.75 if sure else 0.5
    for paragraph in reversed(before[-4:]):
        text = strip_markup(paragraph)
        names = [
            (spoke.start(), name)
            for pattern in (NAME_SPOKE, SPOKE_NAME)
            for spoke in pattern.finditer(text)
            if (name := _person(spoke[1]))
        ]
        if names:
            return max(names)[1], _("Subject of the nearest verb of speech before the quote."), 0.55
    return "", "", 0


def _person(words: str) -> str:
    """Return a name without leading words of the sentence; empty if nothing is left."""
    names = words.split()
    while names and names[0] in NO_NAMES:
        names.pop(0)
    return " ".join(names).removesuffix("'s").removesuffix("’s")
