"""The door through which a WSGI server enters."""

import os

from django.core.wsgi import get_wsgi_application

from newsroom.working import end_with_the_main_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = get_wsgi_application()
end_with_the_main_process()
