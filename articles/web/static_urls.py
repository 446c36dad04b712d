"""Static files storage that computes each URL once. The names contain a hash, so they can't change while we run."""

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CachedUrlStorage(CompressedManifestStaticFilesStorage):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._cached_url = cache(super().url)  # Not `_url`: Django has a method of that name.

    def url(self, name: str | None, force: bool = False) -> str:
        url: str = self._cached_url(name, force)
        return url
