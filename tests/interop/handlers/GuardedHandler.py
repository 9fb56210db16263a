"""The handler of `Tests/Guarded`."""
from LabHandler import LabHandler


class GuardedHandler(LabHandler):
    """As `Tests/Lab`, where the configuration says who may connect."""
