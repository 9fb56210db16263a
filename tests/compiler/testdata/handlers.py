"""What DIRAC makes of handlers: reads `[{"handler", "path", "payloads"}]`, and tells what it finds, as JSON.

Of DIRAC there is only what a handler's module imports; a message's values are looked at as DIRAC does.
"""
import base64
import datetime
import importlib.util
import json
import sys
import types

for package in ("DIRAC", "DIRAC.Core", "DIRAC.Core.DISET", "DIRAC.Core.DISET.RequestHandler"):
    sys.modules[package] = types.ModuleType(package)
sys.modules["DIRAC.Core.DISET.RequestHandler"].RequestHandler = type("RequestHandler", (), {})

MARKS = {
    "b64": base64.b64decode,
    "date": datetime.date.fromisoformat,
    "dt": datetime.datetime.fromisoformat,
}


def unmarked(value):
    """What a dictionary stands for."""
    return MARKS[value["__dCls"]](value["obj"]) if "__dCls" in value else value


def look(handler, path, payloads):
    """The messages of a handler, by the names of their types, and what is wrong with payloads of messages."""
    spec = importlib.util.spec_from_file_location(handler, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = getattr(module, handler)
    definitions = found.MSG_DEFINITIONS
    wrong = []
    for payload in payloads:
        message = json.loads(payload, object_hook=unmarked)["Value"]
        fields = definitions[message["name"]]
        values = message["attrs"][1]
        names = sorted(sorted(fields), key=lambda name: (name.lower(), name))
        if len(values) != len(names):
            wrong.append([message["name"], len(values), len(names)])
        for name, value in zip(names, values):
            if fields[name] is not None and not isinstance(value, fields[name]):
                wrong.append([message["name"], name, repr(value), repr(fields[name])])
    return {"definitions": {name: {field: named(one) for field, one in fields.items()} for name, fields in definitions.items()}, "wrong": wrong}


def named(declared):
    """A type's name, those of several, or None."""
    if declared is None:
        return None
    return [one.__name__ for one in (declared if isinstance(declared, tuple) else (declared,))]


print(json.dumps([look(**one) for one in json.load(sys.stdin)]))
