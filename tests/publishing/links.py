"""Articles with links and what their check finds, for tests."""

import socket
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from articles.publishing import link_checker
from articles.publishing.models import Article, LinkTarget
from articles.web.safe_fetch import Address, Network, Result
from tests.factories import make_article

OLD, NEW = "https://old.example/a", "https://new.example/b"
State, Cause = LinkTarget.State, LinkTarget.Cause
NOBODY = Network(resolve=lambda host, port: nobody(host))


def nobody(host: str) -> list[Address]:
    raise socket.gaierror(socket.EAI_NONAME, f"{host} has no address")


def only() -> LinkTarget:
    return LinkTarget.objects.get()


def linked(url: str = OLD, **fields: Any) -> Article:
    return make_article(body=f"He [said so]({url}) then.\n\nAnd no more.", **fields)


def settled(answer: Result, *, times: int = 1, apart: timedelta = timedelta(days=1)) -> LinkTarget:
    """The only address after so many answers."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        for _ in range(times):
            target = only()
            link_checker.save_result(target, link_checker.classify(target.url, answer))
            traveller.shift(apart)
    return only()


def make_dead() -> LinkTarget:
    target = settled(Result(404, OLD), times=4)
    assert target.state == State.DEAD
    return target


def page(article: Article) -> str:
    return Client().get(article.get_absolute_url()).content.decode()
