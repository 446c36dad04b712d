"""Faults that could lose data: a power cut, an upgrade, a backup and a move under load."""

import random
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.benchmarks.__main__ import benchmark_site
from tests.faults.load_faults import THREAD_SIZE
from tests.faults.site import OK, POSTGRESQL, SQLITE, NotRunError, Site, Storm, Verdict, fault, judge

# Power cut --------------------------------------------------------------------------------------------------------

SECTOR = 512  # Bytes that a disk writes whole or not at all.
CUTS = 20
CALLS = "trace=pwrite64,ftruncate,fsync,fdatasync"
CALL = re.compile(r'(\d+) +[\d.]+ (\w+)\(\d+<([^>]*)>(?:, "([^"]*)")?(?:, (\d+))?(?:, (\d+))?(.*)')
RESUMED = re.compile(r"(\d+) +[\d.]+ <\.\.\. (?:fsync|fdatasync) resumed>")


class CachedFile:
    """A file of which the disk has what was synced, and perhaps some of what was written since."""

    def __init__(self, content: bytes) -> None:
        self.durable = bytearray(content)
        self.written: list[tuple[int, bytes | None]] = []
        """Each write as its offset and data, or a new size and None."""
        self.synced = 0

    def sync(self, number: int) -> None:
        for offset, data in self.written[self.synced : number]:
            self._apply(offset, data)
        self.synced = max(self.synced, number)

    def _apply(self, offset: int, data: bytes | None) -> None:
        if data is None:
            del self.durable[offset:]
        else:
            self.durable.extend(bytes(max(0, offset - len(self.durable))))
            self.durable[offset : offset + len(data)] = data

    def after_cut(self, chance: random.Random) -> bytes:
        """Return the content when the power is back: of what was not synced, any part may be there."""
        for offset, data in self.written[self.synced :]:
            if chance.random() < 0.5:
                whole = data is None or chance.random() < 0.5
                self._apply(offset, data if whole else (data or b"")[: SECTOR * chance.randrange(8)])
        return bytes(self.durable)


def cut(
    log: list[str], files: dict[str, bytes], at: float, chance: random.Random, *, syncing: bool
) -> dict[str, bytes]:
    """Return the content of files after a power cut, from a log of their system calls by strace.

    Without `syncing` the disk is one that ignores being asked to sync, to show that the test would find a loss.
    """
    cached = {name: CachedFile(content) for name, content in files.items()}
    begun: dict[str, tuple[CachedFile, int]] = {}
    for line in log:
        if time_of(line) > at:
            break
        if (resumed := RESUMED.match(line)) and resumed[1] in begun:
            file, number = begun.pop(resumed[1])
            file.sync(number if syncing else 0)
        elif call := CALL.match(line):
            process, name, path, data, first, second, rest = call.groups()
            file = cached[Path(unquoted(path).decode()).name]
            if name == "pwrite64":
                file.written.append((int(second), unquoted(data)))
            elif name == "ftruncate":
                file.written.append((int(first), None))
            elif "unfinished" in rest:
                begun[process] = (file, len(file.written))
            else:
                file.sync(len(file.written) if syncing else 0)
    return {name: file.after_cut(chance) for name, file in cached.items()}


def unquoted(text: str) -> bytes:
    """Return a string that strace wrote as hexadecimal numbers."""
    return bytes.fromhex(text.replace("\\x", ""))


def time_of(line: str) -> float:
    return float(line.split(maxsplit=2)[1])


@fault("F4", "power cut, replayed from the log of writes and syncs", only=SQLITE)
def power_cut(site: Site) -> Verdict:
    if not shutil.which("strace"):
        raise NotRunError("strace isn't installed")
    main = site.database_file
    paths = [main, main.with_name(f"{main.name}-wal")]
    file = main.with_name("strace.log")
    only = [option for path in paths for option in ("-P", str(path))]
    options = ["--daemonize", "-f", "-ttt", "-y", "-xx", "-s", "70000", "-e", CALLS, "-o", str(file), *only]
    with site.restarted("strace", *options):
        posts = site.posts(150)
        time.sleep(2)
        begin = time.time()
        files = {path.name: path.read_bytes() for path in paths}  # What was written before the storm counts as synced.
        storm = Storm(site, posts, pause=0.2).wait()
        end = time.time()
    log = [line for line in file.read_text().splitlines() if time_of(line) >= begin]
    chance = random.Random(4)
    lost, lost_unsynced, damaged = 0, 0, 0
    for number in range(2 * CUTS):
        at, syncing = chance.uniform(begin, end), number < CUTS
        with tempfile.TemporaryDirectory() as folder:
            for name, content in cut(log, files, at, chance, syncing=syncing).items():
                (Path(folder) / name).write_bytes(content)
            stored, intact = numbers_in(Path(folder) / main.name)
        missing = len([n for n in storm.acknowledged if storm.answers[n].at <= at and n not in stored])
        if syncing:
            lost, damaged = lost + missing, damaged + (not intact)
        else:
            lost_unsynced += missing
    text = f"{CUTS} cuts in a storm of {len(storm.acknowledged)} comments: {damaged} damaged files, {lost} acknowledged"
    text = f"{text} lost; on a disk that ignores syncs {lost_unsynced}"
    return judge(text, kept=not lost, intact=not damaged, would_find_a_loss=lost_unsynced > 0)


def numbers_in(database_file: Path) -> tuple[set[int], bool]:
    """Return the numbers of the comments in a file, and whether it is intact."""
    query = "SELECT body FROM articles_comment WHERE body LIKE 'Comment number %'"
    try:
        with closing(sqlite3.connect(database_file)) as database:
            intact = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return {int(re.findall(r"\d+", body)[0]) for (body,) in database.execute(query)}, intact
    except sqlite3.DatabaseError:
        return set(), False


# Upgrade ----------------------------------------------------------------------------------------------------------

DESK = """
from articles.models import Article, User
from articles.publishing import publishing, saving
from articles.topics import tagging
article = Article(headline="Written by the release before", body="On the schema of the next one.")
owner = User.objects.create_superuser("Owner", password="the lamps along the harbour")
saving.save_article(article, by=owner)
article = publishing.publish(article, by=owner)
article.body += " And changed."
saving.save_article(article, by=owner)
tagging.tag(article, "Harbours", by=owner)
"""


@fault("F37 D6", "the next release migrates while this one's code serves a storm")
def migrate_under_load(site: Site) -> Verdict:
    commit = git("log", "-1", "--diff-filter=A", "--format=%H", "--", "tests/releases/*.json").strip()
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "code"
        subprocess.run(["git", "archive", f"--output={folder}/code.tar", commit], check=True)
        shutil.unpack_archive(f"{folder}/code.tar", code)
        server = site.cluster.url if site.engine == POSTGRESQL and site.cluster else ""
        with benchmark_site(120, 10, server=server, code=code) as (environment, data):
            old = Site(environment | {"DJANGO_SETTINGS_MODULE": "newsroom.settings"}, data, site.cluster, code=code)
            old.start()
            try:
                posts = old.posts(100)
                storm = Storm(old, posts[:60], pause=0.6)
                time.sleep(1)
                migrated = site.manage("migrate", "--no-input", DATABASE_URL=old.database)
                storm.wait()
                later = Storm(old, posts[60:80]).wait()
                desk = old.shell(DESK)
                pages = {old.get(path).status for path in ("/", data["article"], "/search/?q=harbour")}
                old.end()
                old.code = Path.cwd()
                old.start()
                pages |= {old.get(path).status for path in ("/", data["article"], "/search/?q=harbour")}
                new = Storm(old, posts[80:], pause=0.5).wait()
                kept = [part.verdict()[0] for part in (storm, later, new)]
                counts = old.manage("recount").stdout.strip().splitlines()[-1]
            finally:
                old.end()
    text = f"answers meanwhile {dict(storm.statuses)}, afterwards {dict(later.statuses)}, pages {pages},"
    text += f" desk {'failed' if desk.returncode else 'works'}, new code {dict(new.statuses)}"
    text += f"; {(migrated.stderr or desk.stderr).strip().splitlines()[-1:] or counts}"
    return judge(
        text,
        kept=all(kept),
        migrated=not migrated.returncode,
        desk=not desk.returncode,
        no_errors=pages == {200} and {*storm.statuses, *later.statuses, *new.statuses} <= {*OK},
        counts="All counts are correct." in counts,
    )


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout.strip():
        raise NotRunError("no git history with the release before")
    return done.stdout


# Backup and move --------------------------------------------------------------------------------------------------


@contextmanager
def empty_database(site: Site, folder: Path) -> Iterator[str]:
    """Yield the URL of another database on the same engine."""
    if site.engine == SQLITE or site.cluster is None:
        yield f"sqlite:///{folder}/restored.sqlite3"
    else:
        with site.cluster.new_database("restored") as url:
            yield url


@fault("F38", "backup in a storm, restored elsewhere")
def backup_under_load(site: Site) -> Verdict:
    storm = Storm(site, site.posts(150), pause=0.3)
    time.sleep(2)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.time()
        made = site.manage("backup", f"{folder}/backup")
        seconds = time.time() - begun
        storm.wait()
        with empty_database(site, Path(folder)) as url:
            restored = site.manage("restore", f"{folder}/backup", DATABASE_URL=url)
            other = Site(site.environment | {"DATABASE_URL": url}, site.data, site.cluster)
            stored = other.stored() if not restored.returncode else {}
            counts = other.manage("recount").stdout.strip().splitlines()[-1:]
    before = [number for number in storm.acknowledged if storm.answers[number].at <= begun]
    missing = [number for number in before if stored.get(number) != 1]
    text = f"backup in {seconds:.1f} s, {len(before)} acknowledged before it, {len(missing)} missing, answers"
    text += f" {dict(storm.statuses)}; {(made.stderr or restored.stderr).strip()[-100:]}{' '.join(counts)}"
    undisturbed = set(storm.statuses) <= {*OK} and storm.verdict()[0]
    whole = not missing and bool(before)
    return judge(text, whole=whole, undisturbed=undisturbed, counts=counts == ["All counts are correct."])


LEFT_OUT = ("contenttypes", "auth.permission", "sessions", "django_tasks_database")
FACTS = """
import hashlib
from articles.models import Article, Comment, User
for model in (Article, Comment, User):
    rows = model.objects.order_by("pk").values_list("pk", *{
        Article: ("headline", "body", "body_html", "slug", "comment_count"),
        Comment: ("author_id", "parent_id", "path", "body", "state", "posted_at", "recommended"),
        User: ("username", "password", "email"),
    }[model])
    found = hashlib.sha256()
    for row in rows.iterator():
        # The file of the move has times in milliseconds.
        row = [value.isoformat(timespec="milliseconds") if hasattr(value, "isoformat") else value for value in row]
        found.update(repr(row).encode())
    print(model.__name__, rows.count(), found.hexdigest()[:8])
"""
GO_ON = """
from articles.models import Article, User
from tests.factories import make_comment
make_comment(Article.objects.first(), "The sequences go on.", author=User.objects.first())
"""


@fault("F39 D10", "move from SQLite to PostgreSQL as documented", only=SQLITE)
def move(site: Site) -> Verdict:
    if site.cluster is None:
        raise NotRunError("the programs of a PostgreSQL server aren't installed")
    site.end()
    dump = f"{site.environment['VAR_DIR']}/site.json.gz"
    options = [option for app in LEFT_OUT for option in ("--exclude", app)]
    begin = time.monotonic()
    try:
        with site.cluster.new_database("moved") as url:
            commands = [
                site.manage("dumpdata", "--natural-primary", "--natural-foreign", *options, "--output", dump),
                site.manage("migrate", DATABASE_URL=url),
                site.manage("loaddata", dump, DATABASE_URL=url),
                site.manage("recount", DATABASE_URL=url),
                site.manage("reindex", DATABASE_URL=url),
            ]
            seconds = time.monotonic() - begin
            facts = [site.shell(FACTS, DATABASE_URL=database).stdout for database in (site.database, url)]
            commands.append(site.shell(GO_ON, DATABASE_URL=url))
    finally:
        site.start()
    failed = [done.args[2] for done in commands if done.returncode]
    text = f"{THREAD_SIZE:,} comments and more in {seconds:.0f} s; {', '.join(facts[1].splitlines())}"
    text += f"; {f'failed: {failed}' if failed else commands[3].stdout.strip()}"
    counts = "All counts are correct." in commands[3].stdout
    return judge(text, done=not failed, same_facts=facts[0] == facts[1], counts=counts)
