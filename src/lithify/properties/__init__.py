"""Properties: relations between inputs and answers that hold for a tool, as readable tests that a reviewer may drop."""

from lithify.properties.dropping import without_properties
from lithify.properties.frame import PATH
from lithify.properties.mining import with_properties

__all__ = ["PATH", "with_properties", "without_properties"]
