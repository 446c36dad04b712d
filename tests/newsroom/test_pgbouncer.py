"""The site behind PgBouncer, which gives a connection to another client after each transaction."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.benchmarks.__main__ import FORM_AGE, LOCAL_POSTGRES, benchmark_site, comment_requests, free_port, serving
from tests.benchmarks.load import Request, run

READERS, COMMENTS = 12, 10


@contextmanager
def pgbouncer(folder: Path, server: str) -> Iterator[str]:
    """Run PgBouncer with two connections to the server. Yield the address of the same server through it."""
    port = free_port()
    user, _at, host = server.removeprefix("postgres://").rpartition("@")
    address, _colon, number = host.partition(":")
    (folder / "users.txt").write_text(f'"{user.partition(":")[0]}" ""\n', encoding="utf-8")
    (folder / "pgbouncer.ini").write_text(
        f"""
[databases]
* = host={address} port={number} user={user.partition(":")[0]}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 2
""",
        encoding="utf-8",
    )
    folder.chmod(0o755)
    (folder / "users.txt").chmod(0o644)
    command = ["pgbouncer", "--quiet", "--user=nobody", str(folder / "pgbouncer.ini")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"postgres://{user}@127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.skipif(not shutil.which("pgbouncer"), reason="pgbouncer isn't installed")
def test_readers_and_commenters_share_the_connections_of_pgbouncer(tmp_path: Path) -> None:
    try:
        psycopg.connect(f"{LOCAL_POSTGRES}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server here")
    with (
        benchmark_site(READERS, COMMENTS, server=LOCAL_POSTGRES) as (environment, site),
        pgbouncer(tmp_path, LOCAL_POSTGRES) as address,
    ):
        name, port = environment["DATABASE_URL"].rpartition("/")[2], free_port()
        environment |= {"DATABASE_URL": f"{address}/{name}", "PGBOUNCER": "1", "PORT": str(port), "BENCH_COLD": "1"}
        with serving(environment, port) as pid:
            signed_in = [{"Cookie": cookie} for cookie in site["cookies"]]
            paths = ["/", site["article"], "/search/?q=harbour", "/inbox/", "/archive/"]
            reads = [Request(path, headers) for headers in signed_in for path in paths]
            run(port, pid, reads, is_ok=lambda status: status == 200)
            posts = comment_requests(port, site["other_article"], site["cookies"])
            time.sleep(FORM_AGE)
            run(port, pid, posts, is_ok=lambda status: status == 302)
        with psycopg.connect(f"{LOCAL_POSTGRES}/{name}") as database:
            count = database.execute("SELECT comment_count FROM articles_article WHERE id = %s", [site["other_id"]])
            assert count.fetchone() == (READERS,)
