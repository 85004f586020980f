"""The way in: what the portal adds to django-allauth."""
