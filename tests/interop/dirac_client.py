"""DIRAC's own clients: `dirac_client.py SETTINGS`, where SETTINGS is JSON (`dirac.ts`).

Does what it is ordered to (`exchange.py`), and tells of messages and of connections that were closed.
"""
import exchange
import installation


def run(settings):
    """Obeys. Clients are known by the names that the orders give them."""
    from DIRAC import S_ERROR, S_OK
    from DIRAC.Core.DISET.MessageClient import MessageClient
    from DIRAC.Core.DISET.RPCClient import RPCClient

    clients = {}

    def message_told(client, message):
        values = {name: getattr(message, name) for name in message.getAttrNames()}
        name, waits = message.getName(), message.getWaitForAck()
        exchange.event("message", client=client, name=name, values=values, acknowledged=waits)

    def open_client(client, url, options):
        """Makes a client; it does not connect yet."""
        made = MessageClient(url, **options)
        made.subscribeToDisconnect(lambda _: exchange.event("dropped", client=client))
        clients[client] = made

    def subscribe(client, message, answer):
        """Tells of the messages of one name; with `answer` "error" or "raise", the callback does that."""

        def callback(received):
            message_told(client, received)
            if answer == "raise":
                raise ValueError("The callback failed.")
            return S_OK() if answer == "ok" else S_ERROR("The callback refused.")

        return clients[client].subscribeToMessage(message, callback)

    def connect(client, arguments):
        return installation.without_stack(clients[client].connect(**arguments))

    def send(client, name, values, acknowledged):
        """Makes a message and sends it. What DIRAC refuses to put into one is an error result too."""
        result = clients[client].createMessage(name)
        if not result["OK"]:
            return installation.without_stack(result)
        message = result["Value"]
        message.setWaitForAck(acknowledged)
        result = message.loadAttrsFromDict(values)
        if result["OK"]:
            result = clients[client].sendMessage(message)
        return installation.without_stack(result)

    def call(url, options, method, arguments):
        """One remote procedure call, on a connection of its own."""
        return installation.without_stack(getattr(RPCClient(url, **options), method)(*arguments))

    exchange.event("ready", version=_version())
    exchange.obey(
        {
            "open": open_client,
            "subscribe": subscribe,
            "connect": connect,
            "send": send,
            "call": call,
            "rename": lambda client, name: clients[client].setUniqueName(name),
            "connected": lambda client: bool(clients[client].connected),
            "disconnect": lambda client: clients[client].disconnect(),
        }
    )


def _version():
    import DIRAC

    return DIRAC.version


if __name__ == "__main__":
    installation.start(run)
