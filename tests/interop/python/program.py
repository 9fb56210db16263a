"""What the two programs have in common: orders come from another thread, and are carried out on one event loop."""
import asyncio
import json
import os
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import exchange  # noqa: E402


def start(run):
    """Starts a program. `run(settings)` is a coroutine that gives what `ready` tells, and the commands."""
    exchange.claim_output()
    settings = json.loads(sys.argv[1])
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()

    def wait_for(coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result()

    ready, commands = wait_for(run(settings))
    exchange.event("ready", **ready)

    def command(does):
        return lambda **argument: wait_for(does(**argument))

    exchange.obey({name: command(does) for name, does in commands.items()})
