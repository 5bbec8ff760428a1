"""What a reader's system hears of the gateway, byte for byte: a relay that ends TLS with the system's certificate, keeps what
comes, and hands it on in the clear to the client behind it.
"""

import select
import socket
import ssl
import threading

import grpc

from trial import PB, Caller

DATA, PADDED = 0, 0x8


class Wire:
    """One connection, there before it is used."""

    def __init__(self, survivor, who):
        certificates, holder = survivor.folder / "certificates", f"{who[0]}-{who[1]}"
        tls = ssl.create_default_context(cafile=certificates / "authority.pem")
        tls.load_cert_chain(certificates / f"clients/{holder}.pem", certificates / f"clients/{holder}.key")
        tls.set_alpn_protocols(["h2"])
        self.heard = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.gateway = tls.wrap_socket(socket.create_connection(("127.0.0.1", survivor.ports["grpc"]), timeout=30),
                                       server_hostname="localhost")
        self.thread = threading.Thread(target=self._carry, daemon=True)
        self.thread.start()
        self.caller = ThroughRelay(survivor, who, self.listener.getsockname()[1])
        self.caller.call("OperationsService", "GetHealth", PB["operations"].GetHealthRequest(), metadata=())
        self.heard = b""  # what came before the question

    def _carry(self):
        client, _ = self.listener.accept()
        try:
            while True:
                ready = [self.gateway] if self.gateway.pending() else select.select([client, self.gateway], [], [])[0]
                if self.gateway in ready:
                    data = self.gateway.recv(65536)
                    self.heard += data
                    client.sendall(data)
                else:
                    data = client.recv(65536)
                    self.gateway.sendall(data)
                if not data:
                    return
        except OSError:
            pass  # it was cut; whoever waits behind it hears so
        finally:
            client.close()
            self.gateway.close()

    def responses(self, kind):
        """The messages that came whole, however the call ended."""
        body, at = b"", 0
        while at + 9 <= len(self.heard):
            length = int.from_bytes(self.heard[at:at + 3], "big")
            if self.heard[at + 3] == DATA:
                assert not self.heard[at + 4] & PADDED
                body += self.heard[at + 9:at + 9 + length]
            at += 9 + length
        found = []
        while len(body) >= 5 and len(body) >= 5 + int.from_bytes(body[1:5], "big"):
            size = int.from_bytes(body[1:5], "big")
            found.append(kind.FromString(body[5:5 + size]))
            body = body[5 + size:]
        return found

    def hang_up(self):
        self.caller.channel.close()
        self.thread.join(timeout=30)
        self.listener.close()


class ThroughRelay(Caller):
    def __init__(self, survivor, who, port):
        self.metadata = survivor.caller(*who).metadata  # its token is bound to the certificate of the relay
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.use_local_subchannel_pool", 1)])
