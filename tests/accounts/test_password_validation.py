"""Passwords that are guessed first (cases.md A13)."""

from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from articles.accounts.models import User

GUESSABLE = [
    *(
        "Passw0rd!",
        "Summer2026!",
        "TheLantern1",
        "thelantern",
        "Lantern2026",
        "L4nt3rn!!",
        "P@ssw0rd123",
        "pa$$word2026",
    ),
    *("Winter#2025", "2026Summer", "Sommer2026!", "December24", "Welcome123!", "Qwerty!2026", "abcdefgh", "98765432"),
    *("aaaaaaaa", "abcabcabc", "12121212", "Michael2026!", "iloveyou!!", "Newsroom1!", "LanternSummer1", "été202626"),
    *("The-Lantern-26", "the lantern", "Password-2026-!", "November2026", "1qaz2wsx", "zaq12wsx", "letmein2026"),
]
GOOD = [
    "correct horse battery",
    "a lamp by the harbour",
    "Xk3vQz9!pL",
    "kvartalsrapport-19",
    "mü7-Zrqa-täb",
    "tjxwqpzk",
]


@pytest.mark.parametrize("password", GUESSABLE)
def test_what_programs_guess_first_is_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="easy to guess"):
        validate_password(password, User(username="ana", email="ana@paper.example"))


@pytest.mark.parametrize("password", GOOD)
def test_phrases_and_what_a_browser_suggests_are_accepted(password: str) -> None:
    validate_password(password, User(username="ana", email="ana@paper.example"))


def test_the_name_of_the_site_is_that_of_this_site(settings: Any) -> None:
    settings.PAPER_NAME = "Bellmoor Gazette"
    for password in ("Bellmoor2026!", "BellmoorGazette", "Gazette-2026"):
        with pytest.raises(ValidationError):
            validate_password(password)
