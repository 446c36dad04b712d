"""“Did you mean …?”: for a word that the publication never uses, the nearest one that it does.

The words of published articles are counted by the worker. A word's neighbours are found by its beginning or its ending
and its length, and compared here, so that both databases suggest the same: 3 ms a word with the 100,000 words that
a publication of 100,000 articles uses most.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import batched

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q

from articles.publishing.models import Article
from articles.search.highlight_stemming import stem
from articles.search.models import SearchDocument, VocabularyWord
from articles.search.query_parser import Query
from articles.search.spelling import other_spelling
from articles.web.page_versions import LISTS, read_versions

MAX_WORDS = 100_000  # The most frequent; rarer ones of a large publication are mostly names and misspellings.
MIN_LENGTH, MAX_LENGTH = 3, 30  # Letters. Nearly all words have neighbours among shorter ones, and longer ones none.
TWO_ERRORS_FROM = 6  # Letters; in shorter words one. So does the “fuzziness” AUTO of Elasticsearch.
LONG = 7  # Letters. Of so long a word, one error leaves the first three letters as they are, or the last three.
MAX_CORRECTED = 3  # Words of a query.
BATCH = 2_000  # Words written in one transaction: some 30 ms during which others wait to write.

_counted_version = 0  # Of the lists of articles, when this process last counted.


def count_words() -> None:
    """Bring the vocabulary up to date, if an article changed since this process last did. A job of the scheduler.

    It reads all articles: 6 s of CPU for 100,000. Words of a withdrawn article stay until then, but are suggested only
    where they find something.
    """
    global _counted_version  # noqa: PLW0603 -- the worker is one process with one thread for its jobs
    version = read_versions([LISTS]).get(LISTS, 0)
    if version and version == _counted_version:
        return
    _store(_counted_words())
    _counted_version = version


def _counted_words() -> dict[str, int]:
    public = Article.objects.visible_to(AnonymousUser())
    documents = SearchDocument.objects.filter(article__in=public).values_list(
        "headline", "standfirst", "topics", "authors", "body"
    )
    counts: Counter[str] = Counter()
    for texts in documents.iterator(chunk_size=500):
        counts.update({word for text in texts for word in text.split()})
    words = ((word, count) for word, count in counts.most_common() if _is_word(word))
    return dict(pair for pair, _number in zip(words, range(MAX_WORDS), strict=False))


def _is_word(word: str) -> bool:
    return MIN_LENGTH <= len(word) <= MAX_LENGTH and word.isalpha()


def _store(counts: dict[str, int]) -> None:
    """Write what differs, in short transactions."""
    stored = dict(VocabularyWord.objects.values_list("word", "article_count"))
    for words in batched(stored.keys() - counts.keys(), BATCH):
        VocabularyWord.objects.filter(pk__in=words).delete()
    changed = [word for word, count in counts.items() if stored.get(word) != count]
    for words in batched(changed, BATCH):
        with transaction.atomic():
            VocabularyWord.objects.bulk_create(
                [VocabularyWord(word=word, article_count=counts[word]) for word in words],
                update_conflicts=True,
                unique_fields=["word"],
                update_fields=["article_count"],
            )


def correct(query: Query) -> str:
    """Return the query with its unknown words replaced by the nearest known ones; "" if there are none."""
    words = [word for term in query.terms for word in term if _is_word(word)]
    spellings = {spelling for word in words for spelling in (word, other_spelling(word)) if spelling}
    known = set(VocabularyWord.objects.filter(pk__in=spellings).values_list("word", flat=True))
    unknown = [word for word in words if word not in known and other_spelling(word) not in known]
    corrections = {word: nearest for word in unknown[:MAX_CORRECTED] if (nearest := _nearest(word))}
    if not corrections:
        return ""
    terms = [" ".join(corrections.get(word, word) for word in term) for term in query.terms]
    return " ".join(f'"{term}"' if " " in term else term for term in terms)


def _nearest(word: str) -> str:
    """Return the nearest known word, the most frequent of them; "" if none is near, or one has the word's stem."""
    most = 2 if len(word) >= TWO_ERRORS_FROM else 1
    found: list[tuple[int, int, str]] = []
    for neighbour, count in _neighbours(word, most):
        errors = distance(word, neighbour, most)
        if errors <= most:
            found.append((errors, -count, neighbour))
    if not found or stem(word) in {stem(neighbour) for _errors, _count, neighbour in found}:
        return ""
    return min(found)[2]


def _neighbours(word: str, most: int) -> Iterable[tuple[str, int]]:
    """Return the known words that begin alike, or end alike with one error at most, with their counts."""
    size = len(word)
    start = 3 if size >= LONG else 2
    rows = VocabularyWord.objects.filter(
        Q(beginning=word[:2], length__range=(size - most, size + most), word__startswith=word[:start])
        | Q(ending=word[-3:], length__range=(size - 1, size + 1))
    )
    letters = set(word)
    for neighbour, count in rows.values_list("word", "article_count"):
        others = set(neighbour)
        if len(letters - others) <= most and len(others - letters) <= most:
            yield neighbour, count


def distance(one: str, other: str, most: int) -> int:
    """Return the optimal string alignment distance: letters left out, added, replaced or swapped with the next.

    Any number above `most` means that it is greater than that.
    """
    start, end, shorter = 0, 0, min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    one, other = one[start : len(one) - end], other[start : len(other) - end]
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before_that, before, row = before, row, [i]
        for j, other_letter in enumerate(other, 1):
            errors = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other_letter))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                errors = min(errors, before_that[j - 2] + 1)
            row.append(errors)
        if min(row) > most:
            return most + 1
    return row[-1]
