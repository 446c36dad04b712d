"""Addresses of static files, worked out once: their names carry a digest, so they can't change while we run."""

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class KeptManifestStorage(CompressedManifestStaticFilesStorage):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._address = cache(super().url)

    def url(self, name: str | None, force: bool = False) -> str:
        address: str = self._address(name, force)
        return address
