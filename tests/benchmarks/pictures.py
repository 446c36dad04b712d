"""Measure a picture from its upload until its renditions are made: CPU time, and the peak memory of the process."""

import multiprocessing
import os
import resource
import tempfile
from pathlib import Path
from time import process_time

# Width, height and format. WebP takes the most memory: it can't be decoded smaller, as JPEG can.
FILES = [(1224, 816, "JPEG"), (6000, 4000, "JPEG"), (9480, 6320, "JPEG"), (9480, 6320, "WEBP")]


def write_file(path: Path, width: int, height: int, format_: str) -> None:
    """Write a picture with as much detail as a photograph: clouds of noise in several sizes."""
    from PIL import Image

    channels = [
        Image.effect_noise((width // scale, height // scale), 60).resize((width, height), Image.Resampling.BICUBIC)
        for scale in (4, 16, 64)
    ]
    Image.merge("RGB", channels).save(path, format_, quality=85)


def measure(path: str) -> tuple[int, float, float, int]:
    """Return megabytes of the file, seconds of CPU for upload and renditions, and megabytes of memory at the peak."""
    import django

    django.setup()
    from articles.accounts.models import User
    from articles.pictures.preparing import prepare
    from articles.pictures.uploading import upload

    person, _ = User.objects.get_or_create(username="photographer")
    start = process_time()
    with Path(path).open("rb") as file:
        picture, _is_new = upload(file, path, by=person)
    uploaded = process_time()
    prepare.call(picture.pk)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return picture.size // 1024**2, uploaded - start, process_time() - uploaded, peak


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update({"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "LOG_LEVEL": "ERROR"})
        for name in ("SITE_URL", "DATABASE_URL", "MEDIA_URL"):
            os.environ[name] = ""
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        print(f"{'upload to ready':24}{'file MB':>10}{'upload s':>10}{'ready s':>10}{'peak MB':>10}")
        context = multiprocessing.get_context("spawn")  # A process for each file, so that peaks don't mix.
        for width, height, format_ in FILES:
            path = Path(folder) / f"{width}.{format_}"
            with context.Pool(1) as pool:
                pool.apply(write_file, (path, width, height, format_))
            with context.Pool(1) as pool:
                size, upload_time, ready_time, peak = pool.apply(measure, (str(path),))
            name = f"{width * height / 1e6:.0f} Mpx {format_}"
            print(f"{name:24}{size:10}{upload_time:10.2f}{ready_time:10.2f}{peak:10}", flush=True)


if __name__ == "__main__":
    main()
