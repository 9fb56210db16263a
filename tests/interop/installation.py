"""A DIRAC installation in a folder of its own: no database, no configuration server, no file outside of that folder.

DIRAC looks around while it is imported, so nothing here imports it before `start` is called.
"""
import importlib
import json
import os
import socket
import sys

import exchange

_reserved = []


def _isolate(settings):
    """Sets what DIRAC looks at while it is imported, and later."""
    folder = settings["folder"]
    # Otherwise the configurations and proxies of whoever runs the tests would be found.
    os.environ["DIRAC_ROOT_PATH"] = os.environ["HOME"] = folder
    for name in ("DIRACSYSCONFIG", "X509_USER_PROXY", "GRID_PROXY_FILE", "X509_CERT_DIR"):
        os.environ.pop(name, None)
    os.environ["DIRAC_USE_JSON_ENCODE"] = "Yes" if settings["encoding"] == "json" else "No"
    sys.path[:0] = settings["handlerFolders"]


def _configure(settings):
    """Gives DIRAC its configuration, and the handlers that it is to know."""
    import DIRAC

    DIRAC.initialize(require_auth=False, log_level=_level(settings), extra_config=_configuration(settings))
    _provide(settings["handlers"])


def _reserve(service):
    """Gives a service a port: DIRAC takes no 0 for one, and would not tell. It is held until the service wants it."""
    dual = socket.has_dualstack_ipv6()
    held = socket.socket(socket.AF_INET6 if dual else socket.AF_INET)
    if dual:
        held.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    held.bind(("", 0))
    service["port"] = held.getsockname()[1]
    _reserved.append(held)


def release_ports():
    """Lets go of the ports of the services, which are to listen there at once."""
    while _reserved:
        _reserved.pop().close()


def _level(settings):
    from DIRAC.FrameworkSystem.private.standardLogging.LogLevels import LogLevel

    return getattr(LogLevel, settings["logLevel"])


def _configuration(settings):
    """Everything that would stand in `dirac.cfg`, and what a configuration server would add."""
    setup, vo = settings["setup"], settings["vo"]
    security = {"CALocation": settings["authorities"]}
    if settings["host"] is not None:
        security |= {
            "UseServerCertificate": "yes" if settings["services"] else "no",
            "CertFile": settings["host"]["cert"],
            "KeyFile": settings["host"]["key"],
        }
    systems, setups = {}, {}
    for name, service in settings["services"].items():
        system, component = name.split("/")
        section = {
            "Port": service["port"],
            "Protocol": service["protocol"],
            "HandlerPath": settings["handlers"][name],
            **service["options"],
        }
        # DIRAC 9.1 looks in the first place, those before it look in the second.
        ours = systems.setdefault(system, {"Services": {}, "Lab": {"Services": {}}})
        ours["Services"][component] = ours["Lab"]["Services"][component] = section
        setups[system] = "Lab"
    return {
        "DIRAC": {
            "Setup": setup,
            "Setups": {setup: setups},
            "VirtualOrganization": vo,
            "Hostname": "localhost",
            "Security": security,
        },
        "Systems": systems,
        "Registry": settings["registry"],
        # With the default, the service would look for the accounting's database.
        "Operations": {"Defaults": {"MonitoringBackends": {"Default": "None"}}},
    }


def _provide(handlers):
    """Lets DIRAC find the definitions of messages where it finds the handlers of a service.

    A service loads its handler from the `HandlerPath` of its configuration; but the messages, which a client needs too,
    are loaded from a file in the folder where DIRAC itself is installed.
    """
    from DIRAC import S_OK
    from DIRAC.Core.DISET.private.MessageFactory import MessageFactory

    original = MessageFactory._MessageFactory__loadHandler

    def load(factory, service):
        if service not in handlers:
            return original(factory, service)
        name = handlers[service]
        return S_OK(getattr(importlib.import_module(name), name))

    MessageFactory._MessageFactory__loadHandler = load


def without_stack(result):
    """A result dictionary without what only helps to debug."""
    return {key: value for key, value in result.items() if key not in ("CallStack", "ExecInfo", "rpcStub")}


def start(run):
    """Starts a program: `run(settings)` begins with DIRAC ready to use."""
    exchange.claim_output()
    settings = json.loads(sys.argv[1])
    for service in settings["services"].values():
        _reserve(service)
    _isolate(settings)
    _configure(settings)
    run(settings)
