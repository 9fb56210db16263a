"""Services of DIRAC's own classes: `dirac_service.py SETTINGS`, where SETTINGS is JSON (`dirac.ts`).

Tells `ready` when all services listen, with their ports, then what the handlers tell; obeys meanwhile (`exchange.py`).
"""
import os
import sys
import threading
import time

import exchange
import installation


def run(settings):
    """Serves until it is told to close."""
    import DIRAC
    from DIRAC.Core.DISET.ServiceReactor import ServiceReactor

    services = settings["services"]
    reactor = ServiceReactor()
    result = reactor.initialize(list(services))
    if not result["OK"]:
        sys.exit(result["Message"])

    def obey():
        ports = {name: service["port"] for name, service in services.items()}
        await_listeners(set(ports.values()))
        exchange.event("ready", version=DIRAC.version, ports=ports)
        # What an order needs is the handlers' business.
        exchange.obey({"push": lambda service, **what: handler_of(settings["handlers"][service]).push(**what)})

    threading.Thread(target=obey, daemon=True).start()
    installation.release_ports()
    result = reactor.serve()
    # It serves for ever, so it could not begin.
    print(result["Message"], file=sys.stderr)
    os._exit(1)


def await_listeners(ports):
    """Returns when this process listens on all these ports."""
    import psutil

    process = psutil.Process()
    while True:
        listening = {one.laddr.port for one in process.net_connections("tcp") if one.status == psutil.CONN_LISTEN}
        if ports <= listening:
            return
        time.sleep(0.02)


def handler_of(name):
    """The class of a handler that a service has loaded."""
    return getattr(sys.modules[name], name)


if __name__ == "__main__":
    installation.start(run)
