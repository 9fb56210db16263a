"""How the programs with DIRAC in them talk to the test that started them: a line of JSON for each thing said.

The test writes orders, `{"id": 1, "command": "send", "argument": …}`, and gets an answer to each,
`{"id": 1, "result": …}` or `{"id": 1, "error": "…"}`. What happens by itself is told as `{"event": "…", …}`; the first
is `ready`.

JSON has one kind of number and no bytes, tuples, dates, nor keys that are not text. So `portable` writes what JSON
lacks as an object of one key, its kind: `{"int": "9"}`, `{"float": "nan"}`, `{"bytes": "00ff"}`, `{"tuple": […]}`,
`{"dict": [[key, value], …]}`, `{"datetime": "…"}`, `{"date": "…"}`, `{"time": "…"}`; and `native` reads it. `values.ts`
is its other side.
"""
import datetime
import json
import os
import sys
import threading
import traceback

_lock = threading.Lock()
_out = None


def claim_output():
    """Keeps standard output for what is told; all else that is printed, as DIRAC's log, goes to standard error."""
    global _out
    _out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)


def tell(line):
    """Says something. `line` holds only what JSON has."""
    text = json.dumps(line)
    with _lock:
        print(text, file=_out, flush=True)


def event(kind, /, **what):
    """Says that something has happened, in values of any kind."""
    tell({"event": kind, **{key: portable(value) for key, value in what.items()}})


def obey(commands):
    """Does what it is told until it is told to `close`, or until nobody is there any more.

    Each order has a thread of its own: one may wait half a minute for an acknowledgement.
    """
    for line in sys.stdin:
        order = json.loads(line)
        if order["command"] == "close":
            tell({"id": order["id"], "result": None})
            # DIRAC's threads would not let the process end.
            os._exit(0)
        threading.Thread(target=_carry_out, args=(commands, order), daemon=True).start()
    os._exit(1)


def _carry_out(commands, order):
    try:
        argument = native(order.get("argument") or {"dict": []})
        result = commands[order["command"]](**argument)
        tell({"id": order["id"], "result": portable(result)})
    except Exception as error:
        traceback.print_exc()
        tell({"id": order["id"], "error": f"{type(error).__name__}: {error}"})


def portable(value):
    """A value as JSON can hold it."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, list):
        return [portable(item) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [portable(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[portable(key), portable(item)] for key, item in value.items()]}
    for kind in (datetime.datetime, datetime.date, datetime.time):
        if isinstance(value, kind):
            return {kind.__name__: value.isoformat()}
    return {"other": repr(value)}


def native(value):
    """The value that `portable` wrote."""
    if isinstance(value, list):
        return [native(item) for item in value]
    if not isinstance(value, dict):
        return value
    [(kind, inner)] = value.items()
    return _NATIVE[kind](inner)


_NATIVE = {
    "int": int,
    "float": float,
    "bytes": bytes.fromhex,
    "tuple": lambda inner: tuple(map(native, inner)),
    "dict": lambda inner: {native(key): native(item) for key, item in inner},
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
}
