"""What goes to and from the services `Tests/Lab`, `Tests/Guarded` and `Tests/Small`, as `handlers/LabHandler.py` has it."""
import datetime

_SAMPLE = {
    "flag": bool,
    "count": int,
    "ratio": float,
    "text": str,
    "items": list,
    "table": dict,
    "when": datetime.datetime,
    "either": (int, str),
    "anything": None,
}

TO_SERVICE = {
    "Ping": {"id": int},
    "Echo": {"value": None},
    "Sample": _SAMPLE,
    "Empty": {},
    "Note": {"text": str},
    "Push": {"number": int, "text": str, "acknowledged": bool},
    "Fail": {"how": str},
    "Restricted": {"text": str},
    "Unhandled": {"text": str},
    "Leave": {},
}

TO_CLIENT = {
    "Pong": {"id": int},
    "Echoed": {"value": None},
    "Sampled": _SAMPLE,
    "Emptied": {},
    "Notice": {"number": int, "text": str},
}

# The notes describe what this release does.
VERSION = "9.0.0a31"
