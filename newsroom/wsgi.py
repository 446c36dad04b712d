"""WSGI entry point."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from newsroom.worker import exit_with_main_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

django = get_wsgi_application()
exit_with_main_process()
# Only now: the modules import models, which get_wsgi_application() has just loaded.
application = import_module("articles.publishing.page_cache").with_cache(django)
if settings.METRICS_TOKEN:
    application = import_module("newsroom.request_metrics").with_request_metrics(application)
if settings.LOG_REQUESTS:
    application = import_module("newsroom.request_log").with_request_log(application)
import_module("newsroom.deferred_writes").start()
# What is loaded by now stays. The garbage collector would look through all of it again and again, for 100 ms each time.
import_module("newsroom.urls")
gc.collect()
gc.freeze()
