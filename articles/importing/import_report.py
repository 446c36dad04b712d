"""Report the outcome for each file as text, with every decision in a dry run."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.importing.records import Decision, Record
from articles.importing.storing import Outcome, State

# What was done, and what a dry run says would be done.
STATES = {
    State.CREATED: (gettext_lazy("new draft"), gettext_lazy("would become a new draft")),
    State.CHANGED: (gettext_lazy("changed"), gettext_lazy("would be changed")),
    State.PROPOSED: (gettext_lazy("update awaiting review"), gettext_lazy("update would await review")),
    State.UNCHANGED: (gettext_lazy("unchanged"), gettext_lazy("unchanged")),
}
MAX_VALUE_LENGTH = 100  # Characters of a decision's value: a wide terminal's line.


def line(outcome: Outcome, *, dry_run: bool = False) -> str:
    """Return one line for one file."""
    if outcome.state is State.REJECTED:
        name = printable_name(outcome.name)
        return _("%(name)s: not imported: %(reason)s") % {"name": name, "reason": outcome.reason}
    done, planned = STATES[outcome.state]
    text = f"{printable_name(outcome.name)}: {planned if dry_run else done}"
    if outcome.published:
        text += ", " + (_("would be published") if dry_run else _("published"))
    if outcome.held:
        text += ", " + _("held: %s") % outcome.held
    return text


def printable_name(name: str) -> str:
    """Return a file's name as one printable line, whatever its bytes."""
    text = name.encode(errors="backslashreplace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def report(outcome: Outcome) -> str:
    """Return a block of lines for one file: every decision with its rule and confidence."""
    lines = [line(outcome, dry_run=True)]
    if record := outcome.record:
        lines += [f"  {_('headline')}: {record.headline}", f"  {_('date')}: {_date(outcome, record)}"]
        lines += [f"  {_('text')}: {_counts(record)}"]
        lines += [f"  {key}: {value}" for key, value in record.front.items()]
        lines += [f"  {_decision(decision)}" for decision in record.decisions]
    return "\n".join(lines) + "\n"


def _date(outcome: Outcome, record: Record) -> str:
    if record.date is None:
        return _("none")
    if outcome.dated is None:
        return f"{record.date.raw} ({_('ambiguous')})"
    clock = f" {record.date.clock:%H:%M}" if record.date.clock else f" ({_('to the day')})"
    return f"{outcome.dated:%Y-%m-%d}{clock}"


def _counts(record: Record) -> str:
    counts = [
        ngettext("%d paragraph", "%d paragraphs", record.paragraphs) % record.paragraphs,
        ngettext("%d pull quote", "%d pull quotes", len(record.quotes)) % len(record.quotes),
        ngettext("%d “Also on” link", "%d “Also on” links", len(record.related)) % len(record.related),
        ngettext("%d lost link", "%d lost links", len(record.lost)) % len(record.lost),
    ]
    return ", ".join(counts)


def _decision(decision: Decision) -> str:
    value = " ".join(decision.value.split())
    value = value if len(value) <= MAX_VALUE_LENGTH else value[:MAX_VALUE_LENGTH] + "…"
    return f"{decision.kind.value:<8} {decision.confidence:.2f}  {decision.subject}: {value}\n{'':16}{decision.rule}"
