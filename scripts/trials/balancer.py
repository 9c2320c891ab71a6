"""A TCP balancer: takes connections and passes them on to whichever server answers, each in turn."""

import socket
import threading


class Balancer:
    """Listens at a free port of loopback; `servers` are ports."""

    def __init__(self, servers):
        self.servers = list(servers)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.connections = 0
        self.refused = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            self.connections += 1
            threading.Thread(target=self.serve, args=(client, self.connections), daemon=True).start()

    def serve(self, client, number):
        server = self.connect(number)
        if server is None:
            self.refused += 1
            client.close()
            return
        threading.Thread(target=pass_on, args=(server, client), daemon=True).start()
        pass_on(client, server)

    def connect(self, number):
        """A connection to the one whose turn it is, or to the next that is there."""
        for step in range(len(self.servers)):
            port = self.servers[(number + step) % len(self.servers)]
            try:
                server = socket.create_connection(("127.0.0.1", port), timeout=5)
                server.settimeout(None)
                return server
            except OSError:
                continue
        return None


def pass_on(source, target):
    """Passes bytes on until there are no more; a broken connection is broken on both sides."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
