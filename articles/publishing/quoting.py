"""Check each pull quote against the body."""

from articles.publishing.models import Article, PullQuote
from articles.text.quotations import match


def check_quotes(article: Article, body_text: str) -> None:
    """Set the state of each pull quote of an article.

    A quote that only the headline has counts as standing alone: the reader finds it nowhere else in the text.
    """
    for quote in article.pull_quotes.all():
        state = PullQuote.State(match(quote.text, body_text))
        if state != quote.state:
            quote.state = state
            quote.save(update_fields=["state"])
