"""RSGI entry point, which `manage.py serve` runs."""

import signal

from articles.web import health
from newsroom.rsgi_adapter import Application
from newsroom.worker import STOPPING
from newsroom.wsgi import application as wsgi_application

signal.signal(STOPPING, lambda *_received: health.stopping.set())
application = Application(wsgi_application)
