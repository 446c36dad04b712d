"""RSGI entry point, which `manage.py serve` runs."""

from newsroom.rsgi_adapter import Application
from newsroom.wsgi import application as wsgi_application

application = Application(wsgi_application)
