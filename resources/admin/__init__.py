"""The library's desk: entries, help lines, topics and tags."""

from resources.admin.helpline import HelpLineAdmin
from resources.admin.resource import ResourceAdmin
from resources.admin.taxonomy import TopicAdmin, ViolenceAdmin

__all__ = ["HelpLineAdmin", "ResourceAdmin", "TopicAdmin", "ViolenceAdmin"]
