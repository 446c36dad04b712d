"""Measure pictures from their upload until their renditions are made: CPU time, and the peak memory of the process.

One of each size; then a thousand, as when a newspaper moves in.
"""

import multiprocessing
import os
import resource
import tempfile
from io import BytesIO
from pathlib import Path
from time import process_time

# Width, height and format. WebP takes the most memory: it can't be decoded smaller, as JPEG can.
MANY = 1000
SAMPLED = 20  # Of many, those whose renditions are made: all would take half an hour, each as long as the next.
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


def measure_many(path: str) -> tuple[int, float, float, int]:
    """Return the same for `MANY` pictures; the time for their renditions is that of `SAMPLED`, times their share."""
    import django

    django.setup()
    from articles.accounts.models import User
    from articles.pictures.preparing import prepare
    from articles.pictures.uploading import MAX_PICTURES_A_DAY, upload

    file = Path(path).read_bytes()
    people = [
        User.objects.create(username=f"photographer {number}") for number in range(-(-MANY // MAX_PICTURES_A_DAY))
    ]
    pictures = []
    start = process_time()
    for number in range(MANY):
        # Bytes after the picture make another file of it.
        content = BytesIO(file + str(number).encode())
        pictures.append(upload(content, f"{number}.jpg", by=people[number // MAX_PICTURES_A_DAY])[0])
    uploaded = process_time()
    for picture in pictures[:SAMPLED]:
        prepare.call(picture.pk)
    ready = (process_time() - uploaded) * MANY / SAMPLED
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return sum(picture.size for picture in pictures) // 1024**2, uploaded - start, ready, peak


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
        runs = [(measure, "", *file) for file in FILES] + [(measure_many, f"{MANY:,} of ", *FILES[0])]
        for run, number, width, height, format_ in runs:
            path = Path(folder) / f"{width}.{format_}"
            with context.Pool(1) as pool:
                pool.apply(write_file, (path, width, height, format_))
            with context.Pool(1) as pool:
                size, upload_time, ready_time, peak = pool.apply(run, (str(path),))
            name = f"{number}{width * height / 1e6:.0f} Mpx {format_}"
            print(f"{name:24}{size:10}{upload_time:10.2f}{ready_time:10.2f}{peak:10}", flush=True)


if __name__ == "__main__":
    main()
