"""The library's desk: entries, help lines, topics and tags."""

from resources.admin.bulletin import BulletinAdmin
from resources.admin.collection import CollectionAdmin
from resources.admin.fact import TopicFactAdmin
from resources.admin.helpline import HelpLineAdmin
from resources.admin.introduction import IntroductionAdmin
from resources.admin.resource import ResourceAdmin
from resources.admin.taxonomy import TopicAdmin, ViolenceAdmin
from resources.admin.upkeep import LinkCheckAdmin, ReadCountAdmin
from resources.admin.version import ResourceVersionAdmin

__all__ = [
    "BulletinAdmin",
    "CollectionAdmin",
    "HelpLineAdmin",
    "IntroductionAdmin",
    "LinkCheckAdmin",
    "ReadCountAdmin",
    "ResourceAdmin",
    "ResourceVersionAdmin",
    "TopicAdmin",
    "TopicFactAdmin",
    "ViolenceAdmin",
]
