"""`manage.py remove_two_step`: let an owner sign in again who has lost their phone or key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.accounts.models import User
from articles.accounts.two_step_removal import remove_two_step
from articles.errors import Refused


class Command(BaseCommand):
    help = "Turn off two-step verification for an account. Owners can do this for others in the admin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="name or email address of the account")
        parser.add_argument("--reason", required=True, help="recorded, and sent to the account's reader")

    def handle(self, *args: Any, **options: Any) -> None:
        reader = User.objects.get_by_login(options["login"])
        if reader is None:
            raise CommandError("There is no account with this name or email address.")
        try:
            remove_two_step(reader=reader, by=None, reason=options["reason"])
        except Refused as refusal:
            raise CommandError(refusal.reason) from None
        self.stdout.write(f"{reader.username} can sign in with the password alone.")
