"""Who is at the other end of a connection, and what they may do: by certificate, registry and extra credentials."""
from dataclasses import dataclass, field

# 1.2.42.42: the group, in a proxy.
GROUP_EXTENSION = bytes([0x06, 0x03, 0x2A, 0x2A, 0x2A])
OCTET_STRING = 0x04
ATTRIBUTES = {"countryName": "C", "organizationName": "O", "commonName": "CN"}


@dataclass
class Caller:
    credentials: dict
    properties: list = field(default_factory=list)
    known: bool = False


def caller_of(tls, extra, registry):
    """The caller behind a connection. Extra credentials are believed where the certificate allows it."""
    certificate = tls and tls.getpeercert()
    if not certificate:
        return Caller({"username": "anonymous", "group": "visitor"})
    subject = [part for names in certificate["subject"] for part in names]
    issuer = [part for names in certificate["issuer"] for part in names]
    # A proxy has its issuer's name, and one more.
    is_proxy = len(subject) > 1 and subject[:-1] == issuer
    name = "".join(f"/{ATTRIBUTES[key]}={value}" for key, value in (issuer if is_proxy else subject))
    group = _group_of(tls.getpeercert(binary_form=True)) if is_proxy else None
    if isinstance(extra, (list, tuple)):
        host = _host(name, registry)
        if host is None or "TrustedHost" not in host["Properties"]:
            return Caller({"DN": name, "username": "anonymous", "group": "visitor", "isProxy": False})
        name, group = extra
    elif extra == "hosts":
        host = _host(name, registry)
        if host is not None:
            credentials = {"DN": name, "username": name.rpartition("=")[2], "group": "hosts", "isProxy": False}
            return Caller(credentials, host["Properties"], True)
    elif extra and group is None:
        group = extra
    return _user(name, group or registry["DefaultGroup"], is_proxy, registry)


def _user(name, group, is_proxy, registry):
    credentials = {"DN": name, "username": "anonymous", "group": "visitor", "isProxy": is_proxy}
    for user, one in registry["Users"].items():
        found = registry["Groups"].get(group)
        if one["DN"] == name and found is not None and user in found["Users"]:
            return Caller(credentials | {"username": user, "group": group}, found["Properties"], True)
    return Caller(credentials)


def _host(name, registry):
    return next((one for one in registry["Hosts"].values() if one["DN"] == name), None)


def _group_of(der):
    """The content of the extension: a string within an octet string."""
    at = der.find(GROUP_EXTENSION)
    if at < 0:
        return None
    octets = der[at + len(GROUP_EXTENSION) :]
    if octets[0] != OCTET_STRING:
        return None
    # The string's tag, its length, and itself.
    return octets[4 : 2 + octets[1]].decode("ascii")


def is_allowed(caller, words):
    """By a rule without restrictions: these services have none."""
    if not words:
        return True
    return any(word in ("all", "any") or caller.known and (word == "authenticated" or word in caller.properties)
               for word in words)
