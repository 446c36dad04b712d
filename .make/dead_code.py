"""Report functions, classes and methods that nothing uses: `.venv/bin/python .make/dead_code.py`.

Vulture reads articles/ and newsroom/ without the tests, so that helpers used by tests alone are found. A name counts as
used if it is in a template or in a string (settings name classes by string). Django, allauth and granian call the names
below.
"""

import re
import sys
from pathlib import Path

from vulture import Vulture

FRAMEWORK_NAMES = {
    # Django: apps, models, forms, commands, middleware, URL converters, authentication, database routers
    *("ArticlesConfig", "Meta", "Command", "handle", "add_arguments", "process_exception", "process_template_response"),
    "process_view",
    *("label_from_instance", "validate_constraints", "validate_unique", "to_url", "get_user", "_authenticate"),
    *("as_sqlite", "_get_session_from_db"),
    *("AddIndexWithoutLock", "CreateModels", "database_forwards", "database_backwards", "atomic"),
    *("update_unchanged", "create_missing", "record_current_version"),  # Used by migrations, which vulture skips.
    *("db_for_read", "db_for_write", "allow_relation", "allow_migrate"),
    # Django's admin
    *(
        "lookups",
        "app_index",
        "password_change",
        "change_view",
        "changeform_view",
        "add_view",
        "changelist_view",
        "history_view",
        "delete_model",
        "delete_queryset",
    ),
    *("get_fields", "get_fieldsets", "get_readonly_fields", "get_search_fields", "get_deleted_objects"),
    *("has_module_permission",),
    # allauth's views and adapter
    *("get_form_class", "get_success_url"),
    *("is_safe_url", "send_mail", "get_password_change_redirect_url", "get_email_confirmation_url"),
    *("get_reset_password_from_key_url", "_get_login_attempts_cache_key"),
}
DECORATORS = ["@register.*", "@admin.*", "@receiver", "@task", "@*.register"]
KINDS = {"function", "class", "method", "property"}


def unused_names() -> list[str]:
    vulture = Vulture(ignore_names=[*sorted(FRAMEWORK_NAMES), "clean_*"], ignore_decorators=DECORATORS)
    vulture.scavenge(["articles", "newsroom"], exclude=["migrations"])
    sources = [*Path("templates").rglob("*.*"), *Path("articles").rglob("*.py"), *Path("newsroom").rglob("*.py")]
    strings: set[str] = set()
    for path in sources:
        text = path.read_text(encoding="utf-8")
        quoted = [text] if path.suffix != ".py" else re.findall(r"[\"']([\w.#/{}-]+)[\"']", text)
        strings.update(word for part in quoted for word in re.findall(r"\w+", part))
    return [
        f"{item.filename}:{item.first_lineno}: {item.typ} {item.name} is not used"
        for item in vulture.get_unused_code(min_confidence=60)
        if item.typ in KINDS and item.name not in strings
    ]


if __name__ == "__main__":
    if lines := unused_names():
        sys.exit("\n".join(lines))
