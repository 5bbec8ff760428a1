"""R8: the server's certificate, a client's and the revocation list are made anew and read again under load.

No call fails: connections that are there go on, and each rotation is followed by a call on a new one.
"""

import itertools

from asked import Asked
from people import BORN, FAMILY, finding
from reloads import Readers
from survivor import WARD, Caller, Survivor
from trial import PB, nhs_number, view_request


def main():
    asked = Asked("R8", "rotations of certificates and revocation lists under load", ci=100, release=1_000)
    survivor = Survivor().start()
    person = nhs_number(1)
    try:
        assert survivor.send([finding("R8", person, event="A01")]) == ["AA"]
        certificates = survivor.folder / "certificates"
        kinds = itertools.cycle(("server.pem", "clients/ZT1-quayside-epr.pem", "revoked.pem"))
        readers = Readers(survivor, person)
        rotated = {}
        for _ in asked:
            kind = next(kinds)
            before = (certificates / kind).read_bytes()
            if kind != "revoked.pem":
                (certificates / kind).unlink()
            survivor.certify()
            assert (certificates / kind).read_bytes() != before
            survivor.reload()
            rotated[kind] = rotated.get(kind, 0) + 1
            token = survivor.token(*WARD)  # a token is bound to its certificate
            fresh = Caller(survivor, *WARD[:2], token)
            response = fresh.call("PatientViewService", "GetPatientView", view_request(person, BORN, FAMILY))
            assert response.WhichOneof("outcome") == "view"
            health = fresh.call("OperationsService", "GetHealth", PB["operations"].GetHealthRequest(), metadata=())
            assert health.healthy, health
            fresh.channel.close()
        views = readers.stop()
        survivor.check_receipts()
        asked.end(rotated=rotated, views_meanwhile=len(views), failed=0)
    finally:
        survivor.end()


if __name__ == "__main__":
    main()
