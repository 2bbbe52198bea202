"""The site as a WSGI application, for granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

from careshape.site.turnstile import Turnstile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")

application = Turnstile(get_wsgi_application())

from django.conf import settings  # noqa: E402  (the settings are read by the line above)

from careshape.folders import hold  # noqa: E402

# What is served may not be replaced while it is.
held = hold(settings.CARESHAPE_DIR)
