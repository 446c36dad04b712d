"""The door through which a WSGI server enters."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from newsroom.working import end_with_the_main_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = get_wsgi_application()
end_with_the_main_process()
import_module("articles.discussion.visits").write_behind()  # Only now: it knows the models, which Django has just read.
