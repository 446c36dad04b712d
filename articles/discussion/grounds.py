"""The grounds of a moderator's action: the rule or law, the facts, and what led to it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.discussion.models import ModerationAction
from articles.errors import Refused
from articles.publishing.community_rules import current_clauses
from articles.publishing.models import Clause
from articles.text.sanitizing import clean_line, clean_text

MAX_LAW_LENGTH = 500  # Characters; the transparency database's limit for a legal ground.
MAX_FACTS_LENGTH = 5_000  # Characters; its limit for the facts.

Source = ModerationAction.Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Under which clause or law somebody is restricted, and why that came up."""

    clause: Clause | None = None
    law: str = ""
    facts: str = ""
    source: Source = Source.OWN
    found_by_program: bool = False

    def cleaned(self) -> "Grounds":
        """Return the grounds as the log stores them.

        Raises:
            Refused: There is neither clause nor law, or both, or a text is too long.
        """
        law, facts = clean_line(self.law), clean_text(self.facts).strip()
        if self.clause is not None and law:
            raise Refused(_("Choose a rule or a law, not both."), field="law")
        if self.clause is None and not law:
            if current_clauses().exists():
                raise Refused(_("Choose the rule that applies, or name the law."), field="ground")
            raise Refused(_("Name the law: the community rules have no numbered rules."), field="law")
        for text, most, field in ((law, MAX_LAW_LENGTH, "law"), (facts, MAX_FACTS_LENGTH, "facts")):
            if len(text) > most:
                raise Refused(_("Shorten this to %(most)d characters or fewer.") % {"most": most}, field=field)
        return Grounds(
            clause=self.clause, law=law, facts=facts, source=self.source, found_by_program=self.found_by_program
        )
