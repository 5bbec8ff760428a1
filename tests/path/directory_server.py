"""A public directory of services for tests: Open Referral UK over HTTPS on loopback, written apart from the product.

It holds synthetic services, lists them in pages without places and terms, as /services does, gives each whole at
/services/{id}, and misbehaves on demand.
"""

import json
import ssl
import urllib.parse

from provider import Asked, Provider, http


def service(number, name=None, status="active", **more):
    """A synthetic service, whole."""
    return {"id": f"s{number}", "name": name or f"Lunch club {number}", "status": status,
            "description": "Soup and company", "organization": {"id": "o1", "name": "Hearth"}, "minimum_age": 60,
            "schedules": [{"freq": "WEEKLY", "byday": "MO,TH", "opens_at": "12:00", "closes_at": "14:00"}],
            "service_at_locations": [{"id": f"p{number}", "location": {
                "id": f"l{number}", "location_type": "physical", "name": "The Old Granary",
                "addresses": [{"address_1": "3 Fort Lane", "city": "Wallsend", "postal_code": "NE28 6HH"}]}}],
            "attributes": [{"taxonomy_term": {"id": "t1", "name": "Food"}}], **more}


def listed(whole):
    """As the list has it: what is one to one."""
    return {key: value for key, value in whole.items() if not isinstance(value, list)}


def page_of(services, number, per_page=2, **more):
    total = max(1, -(-len(services) // per_page))
    contents = [listed(each) for each in services[(number - 1) * per_page:number * per_page]]
    return {"total_items": len(services), "total_pages": total, "page_number": number, "size": len(contents),
            "first_page": number == 1, "last_page": number == total, "empty": not contents, "contents": contents, **more}


def asked_for(asked):
    """("list", page) or ("one", id)."""
    path = urllib.parse.urlsplit(asked.line.split(" ")[1])
    parts = path.path.split("/")
    if parts[-1] == "services":
        return "list", int(urllib.parse.parse_qs(path.query)["page"][0])
    return "one", urllib.parse.unquote(parts[-1])


def holds(services, page=page_of, whole=lambda each: each):
    """The behaviour of a directory that holds these."""
    def behave(server, peer, asked):
        kind, what = asked_for(asked)
        if kind == "list":
            return peer.sendall(http(page(services, what)))
        found = [each for each in services if each["id"] == what]
        return peer.sendall(http(whole(found[0])) if found else http({}, "404 Not Found"))
    return behave


class DirectoryServer(Provider):
    def __init__(self, certificates, services=()):
        super().__init__(certificates, holds(list(services)))
        self.tls.verify_mode = ssl.CERT_NONE  # it is public: nobody shows a certificate

    def _read(self, tls):
        line, headers, _ = self._read_head(tls)
        return Asked(line, headers, {})


def source_of(port, name="tyneside", **more):
    """A [[directory.source]] of the trial's configuration."""
    settings = {"name": name, "url": f"https://127.0.0.1:{port}/api", "authority": "certificates/authority.pem",
                "interval_seconds": 1, "retry_seconds": 1, "answer_limit_seconds": 2, "pull_limit_seconds": 20, **more}
    return "\n[[directory.source]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
