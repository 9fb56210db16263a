"""Values on the wire: DISET's JSON, and its older tagged format ("DEncode"), in both directions.

Written from the description of the protocol alone, to be independent of Holdfast and of DIRAC: it reads what either of
them writes, or says that it can't.
"""
import base64
import binascii
import datetime
import json

DATE_TIME = "%Y-%m-%d %H:%M:%S"
DATE = "%Y-%m-%d"


class Unreadable(Exception):
    """A payload holds no value."""


def encode(value, encoding):
    """A payload."""
    return encode_json(value) if encoding == "json" else encode_tagged(value)


def decode(payload):
    """What a payload holds: tagged, or JSON where it is not that."""
    try:
        return decode_tagged(payload)
    except Unreadable:
        return decode_json(payload)


def encode_json(value):
    """As `json.dumps` writes it, with marked dictionaries for what JSON lacks."""
    return json.dumps(value, default=_marked).encode("ascii")


def decode_json(payload):
    """Keys that come twice have the last value, and whole numbers any size."""
    try:
        return json.loads(payload, object_hook=_unmarked)
    except (ValueError, binascii.Error) as error:
        raise Unreadable(f"No JSON: {error}") from error


def _marked(value):
    # A datetime is a date, too.
    if isinstance(value, datetime.datetime):
        return {"__dCls": "dt", "obj": value.strftime(DATE_TIME)}
    if isinstance(value, datetime.date):
        return {"__dCls": "date", "obj": value.strftime(DATE)}
    if isinstance(value, bytes):
        return {"__dCls": "b64", "obj": base64.b64encode(value).decode("ascii")}
    raise TypeError(f"There is no JSON for {type(value).__name__}.")


def _unmarked(found):
    mark = found.get("__dCls")
    if not mark:
        return {key: value for key, value in found.items() if key != "__dCls"}
    if mark == "dt":
        return datetime.datetime.strptime(found["obj"], DATE_TIME)
    if mark == "date":
        return datetime.datetime.strptime(found["obj"], DATE).date()
    if mark == "b64":
        return base64.b64decode(found["obj"], validate=True)
    # The original would import a module that the peer has named.
    raise ValueError(f"Nothing is marked {mark!r}.")


def encode_tagged(value):
    """A tag for each value. By exact type: nothing is sent as something that it merely resembles."""
    kind = type(value)
    if value is None:
        return b"n"
    if kind is bool:
        return b"b1" if value else b"b0"
    if kind is int:
        return b"i%de" % value
    if kind is float:
        return f"f{value!r}e".encode("ascii")
    if kind in (str, bytes):
        data = value.encode("utf-8", "surrogateescape") if kind is str else value
        return b"s%d:%s" % (len(data), data)
    if kind in (list, tuple):
        return (b"l" if kind is list else b"t") + b"".join(map(encode_tagged, value)) + b"e"
    if kind is dict:
        return b"d" + b"".join(encode_tagged(key) + encode_tagged(item) for key, item in value.items()) + b"e"
    if kind is datetime.datetime:
        return b"za" + encode_tagged((*value.timetuple()[:6], value.microsecond, None))
    if kind is datetime.date:
        return b"zd" + encode_tagged(value.timetuple()[:3])
    if kind is datetime.time:
        return b"zt" + encode_tagged((value.hour, value.minute, value.second, value.microsecond, None))
    raise TypeError(f"There is no tag for {kind.__name__}.")


def decode_tagged(payload):
    """What follows the first value is passed over."""
    try:
        value, _ = _tagged(payload, 0)
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise Unreadable(f"Not tagged: {error}") from error
    return value


def _tagged(data, at):
    """The value at a place, and where it ends."""
    tag = data[at : at + 1]
    at += 1
    if tag == b"n":
        return None, at
    if tag == b"b":
        return int(data[at : at + 1]) != 0, at + 1
    if tag in b"iI" and tag:
        end = data.index(b"e", at)
        return int(data[at:end]), end + 1
    if tag == b"f":
        return _float(data, at)
    if tag in b"su" and tag:
        colon = data.index(b":", at)
        end = colon + 1 + int(data[at:colon])
        return data[colon + 1 : end].decode("utf-8", "surrogateescape"), min(end, len(data))
    if tag in b"lt" and tag:
        items, at = _items(data, at)
        return (items if tag == b"l" else tuple(items)), at
    if tag == b"d":
        items, at = _items(data, at)
        return dict(zip(items[::2], items[1::2], strict=True)), at
    if tag == b"z":
        kind = {b"a": datetime.datetime, b"d": datetime.date, b"t": datetime.time}[data[at : at + 1]]
        parts, end = _tagged(data, at + 1)
        return kind(*parts), end
    raise ValueError(f"there is no tag {tag!r}")


def _float(data, at):
    """Ends at the first `e` that no sign follows."""
    end = data.index(b"e", at)
    if data[end + 1 : end + 2] in (b"+", b"-"):
        end = data.index(b"e", end + 1)
    return float(data[at:end]), end + 1


def _items(data, at):
    items = []
    while data[at : at + 1] != b"e":
        item, at = _tagged(data, at)
        items.append(item)
    return items, at + 1
