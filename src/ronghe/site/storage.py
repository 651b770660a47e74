"""Static files under names that carry their hash, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """A file that a page names but that does not exist fails when files are collected, not in the browser."""

    manifest_strict = True
    keep_only_hashed_files = False
    #: A module names the modules it imports by their hashed names too.
    support_js_module_import_aggregation = True
