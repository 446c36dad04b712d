"""Static files storage that computes each URL once. The names contain a hash, so they can't change while we run."""

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CachedUrlStorage(CompressedManifestStaticFilesStorage):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._url = cache(super().url)

    def url(self, name: str | None, force: bool = False) -> str:
        url: str = self._url(name, force)
        return url
