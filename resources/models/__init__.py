"""Library entries by topic, the taxonomy of violence, and verified help lines."""

from resources.models.audience import Visitor
from resources.models.bulletin import Bulletin, BulletinDelivery
from resources.models.collection import Collection, CollectionItem, CollectionQuerySet
from resources.models.fact import TopicFact, TopicFactQuerySet
from resources.models.helpline import HelpLine, HelpLineQuerySet
from resources.models.introduction import Introduction, IntroductionQuerySet
from resources.models.related import RelatedCourse
from resources.models.resource import Resource, ResourceQuerySet
from resources.models.search import SearchEntry
from resources.models.taxonomy import Topic, TopicQuerySet, Violence
from resources.models.upkeep import LinkCheck, LinkCheckQuerySet, ReadCount
from resources.models.version import ResourceVersion, ResourceVersionQuerySet

__all__ = [
    "Bulletin",
    "BulletinDelivery",
    "Collection",
    "CollectionItem",
    "CollectionQuerySet",
    "HelpLine",
    "HelpLineQuerySet",
    "Introduction",
    "IntroductionQuerySet",
    "LinkCheck",
    "LinkCheckQuerySet",
    "ReadCount",
    "RelatedCourse",
    "Resource",
    "ResourceQuerySet",
    "ResourceVersion",
    "ResourceVersionQuerySet",
    "SearchEntry",
    "Topic",
    "TopicFact",
    "TopicFactQuerySet",
    "TopicQuerySet",
    "Violence",
    "Visitor",
]
