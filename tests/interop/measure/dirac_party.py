"""DIRAC's service `Framework/PingPong`, or a client that talks to one for a while: `dirac_party.py SETTINGS`."""
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import dirac_service
import exchange
import installation

#: A connection that has said nothing for so long is taken to be lost, in seconds.
SILENCE = 0.5


def run(settings):
    """A service, where there are services in the settings; or else a client."""
    if settings["services"]:
        serve(settings)
    else:
        exchange.event("ready")
        exchange.obey({"stable": stable, "calls": calls})


def serve(settings):
    """As `dirac_service.py`, and tells what it has cost."""
    from DIRAC.Core.DISET.ServiceReactor import ServiceReactor

    reactor = ServiceReactor()
    reactor.initialize(list(settings["services"]))

    def obey():
        ports = {name: service["port"] for name, service in settings["services"].items()}
        dirac_service.await_listeners(set(ports.values()))
        exchange.event("ready", ports=ports)
        exchange.obey({"cost": time.process_time})

    threading.Thread(target=obey, daemon=True).start()
    installation.release_ports()
    reactor.serve()


class PingPong:
    """One ping at a time, each sent when the pong before it has come."""

    def __init__(self, url, options):
        from DIRAC.Core.DISET.MessageClient import MessageClient

        self.round_trips = []
        self.client = MessageClient(url, **options)
        self.client.subscribeToMessage("Pong", self._pong)
        self._sent_at = 0.0
        self._ended = False

    def _ping(self, number):
        ping = self.client.createMessage("Ping")["Value"]
        ping.id = number
        self._sent_at = time.perf_counter()
        return self.client.sendMessage(ping)

    def _pong(self, pong):
        from DIRAC import S_OK

        self.round_trips.append(time.perf_counter() - self._sent_at)
        if not self._ended:
            self._ping(pong.id + 1)
        return S_OK()

    def begin(self):
        """The first, which connects."""
        self._ping(0)
        time.sleep(SILENCE)

    def run(self, seconds):
        """Goes on, and begins anew where the connection is lost, as under load it is. Gives back how often."""
        end = time.perf_counter() + seconds
        lost = 0
        while time.perf_counter() < end:
            seen = len(self.round_trips)
            time.sleep(SILENCE)
            if seen == len(self.round_trips):
                lost += 1
                self._ping(0)
        self._ended = True
        return lost


def stable(url, options, seconds):
    """Over one connection."""
    client = PingPong(url, options)
    client.begin()
    client.round_trips.clear()
    before = time.process_time()
    begun = time.perf_counter()
    lost = client.run(seconds)
    took = time.perf_counter() - begun
    cost = time.process_time() - before
    client.client.disconnect()
    return told(client.round_trips, took, cost, lost)


def calls(url, options, seconds):
    """A connection for each."""
    from DIRAC.Core.DISET.RPCClient import RPCClient

    round_trips = []
    client = RPCClient(url, **options)
    client.echo("warm")
    before = time.process_time()
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        at = time.perf_counter()
        if client.echo("hello")["OK"]:
            round_trips.append(time.perf_counter() - at)
    return told(round_trips, time.perf_counter() - begun, time.process_time() - before, 0)


def told(round_trips, took, cost, lost):
    """What was measured, in seconds."""
    ordered = sorted(round_trips)
    middle = ordered[len(ordered) // 2] if ordered else float("nan")
    return {"count": len(ordered), "took": took, "cost": cost, "middle": middle, "lost": lost}


if __name__ == "__main__":
    installation.start(run)
