"""The handler of `Tests/Small`."""
from LabHandler import LabHandler


class SmallHandler(LabHandler):
    """As `Tests/Lab`, where the configuration says how many may connect."""
