"""T16, T17: forged and stolen tokens, put to the running program. Tokens are made here, by another implementation.

An honest token of the same maker is answered before and after, so that no refusal is for another reason than the forgery.
"""

import base64
import hashlib
import json
import pathlib
import sys
import time
import unittest
import uuid

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

import attack
from trial import Caller, ack_code, admission, Trial

NOW = int(time.time())
WARD = ("ZT1", "quayside-epr")


def b64(data):
    raw = data if isinstance(data, bytes) else json.dumps(data).encode() if not isinstance(data, str) else data.encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def es256(key, text):
    r, s = utils.decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class Maker:
    """An identity provider's key and what an honest token of it says."""

    def __init__(self, folder, organisation, system):
        self.folder = folder
        self.key = serialization.load_pem_private_key(
            (folder / f"certificates/issuers/{organisation}.key").read_bytes(), None)
        self.header = {"alg": "ES256", "typ": "at+jwt", "kid": f"{organisation}-1"}
        self.claims = {"iss": f"https://idp.{organisation.lower()}.example", "aud": "milecastle.northmarch",
                       "sub": "dr-agricola", "iat": NOW - 10, "exp": NOW + 1800, "organisation": organisation,
                       "roles": ["R8000"], "assurance": 3, "cnf": {"x5t#S256": self.thumbprint(f"{organisation}-{system}")}}

    def thumbprint(self, holder):
        pem = (self.folder / f"certificates/clients/{holder}.pem").read_bytes()
        return b64(x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256()))

    def public_pem(self):
        return self.key.public_key().public_bytes(serialization.Encoding.PEM,
                                                  serialization.PublicFormat.SubjectPublicKeyInfo)

    def said(self, header=None, claims=None):
        """Header and claims, each with changes; None takes a member away. A new jti each time."""
        head = {**self.header, **(header or {})}
        body = {**self.claims, "jti": str(uuid.uuid4()), **(claims or {})}
        return [{k: v for k, v in each.items() if v is not None} for each in (head, body)]

    def token(self, header=None, claims=None, sign=None):
        text = ".".join(b64(each) for each in self.said(header, claims))
        return f"{text}.{b64((sign or (lambda t: es256(self.key, t)))(text))}"

    def raw(self, header, claims):
        """Of texts as they stand, honestly signed."""
        text = f"{b64(header)}.{b64(claims)}"
        return f"{text}.{b64(es256(self.key, text))}"


def hs256(secret):
    def sign(text):
        mac = hmac.HMAC(secret, hashes.SHA256())
        mac.update(text.encode())
        return mac.finalize()
    return sign


def algorithms(maker):
    """The signature is another kind's, or none at all."""
    other = ec.generate_private_key(ec.SECP256R1())
    wide = ec.generate_private_key(ec.SECP384R1())
    modulus = rsa.generate_private_key(65537, 2048)
    edwards = ed25519.Ed25519PrivateKey.generate()
    for name in ("none", "None", "NONE", "nOnE", ""):
        yield f"alg {name!r}, unsigned", maker.token({"alg": name}, sign=lambda _: b"")
        yield f"alg {name!r}, signed", maker.token({"alg": name})
    yield "alg left out", maker.token({"alg": None})
    yield "ES256, unsigned", maker.token(sign=lambda _: b"")
    yield "ES256, zeros (CVE-2022-21449)", maker.token(sign=lambda _: bytes(64))
    yield "ES256, order of the curve", maker.token(sign=lambda _: bytes.fromhex(
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551") * 2)
    yield "ES256, somebody else's key", maker.token(sign=lambda t: es256(other, t))
    yield "ES256, DER", maker.token(sign=lambda t: maker.key.sign(t.encode(), ec.ECDSA(hashes.SHA256())))
    yield "ES256, of the header alone", maker.token(sign=lambda t: es256(maker.key, t.split(".")[0]))
    yield "ES384", maker.token({"alg": "ES384"}, sign=lambda t: wide.sign(t.encode(), ec.ECDSA(hashes.SHA384())))
    yield "EdDSA", maker.token({"alg": "EdDSA"}, sign=lambda t: edwards.sign(t.encode()))
    for alg, pad in (("RS256", padding.PKCS1v15()),
                     ("PS256", padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size))):
        yield alg, maker.token({"alg": alg}, sign=lambda t, p=pad: modulus.sign(t.encode(), p, hashes.SHA256()))
    pem = maker.public_pem()
    yield "HS256 by the public key", maker.token({"alg": "HS256"}, sign=hs256(pem))
    yield "HS256 by the public key, cut", maker.token({"alg": "HS256"}, sign=hs256(pem.strip()))
    yield "HS256 by nothing", maker.token({"alg": "HS256"}, sign=hs256(b""))
    yield "ES256 in name, HS256 in truth", maker.token(sign=lambda t: hs256(pem)(t) * 2)


def headers(maker):
    """The header chooses or brings its key, or is not understood."""
    mine = ec.generate_private_key(ec.SECP256R1())
    numbers = mine.public_key().public_numbers()
    jwk = {"kty": "EC", "crv": "P-256", "x": b64(numbers.x.to_bytes(32, "big")), "y": b64(numbers.y.to_bytes(32, "big"))}
    sign = lambda text: es256(mine, text)  # noqa: E731
    for name, value in (("jwk", jwk), ("jku", "https://127.0.0.1/keys"), ("x5u", "https://127.0.0.1/chain"),
                        ("x5c", ["MIIB"]), ("x5t", "AAAA")):
        yield f"{name}, its own key", maker.token({name: value}, sign=sign)
        yield f"{name}, the issuer's key", maker.token({name: value})
    yield "crit", maker.token({"crit": ["exp"]})
    yield "b64 false", maker.token({"b64": False, "crit": ["b64"]})
    yield "zip", maker.token({"zip": "DEF"})
    yield "enc", maker.token({"enc": "A256GCM"})
    yield "cty, nested", maker.token({"cty": "JWT"})
    for kid in ("", "ZT2-1", "../issuers/ZT1", "ZT1-1\x00", "/dev/null", "ZT1-1' OR '1'='1", None, 1):
        yield f"kid {kid!r}", maker.token({"kid": kid})
    for kind in ("JWT", "AT+JWT", "application/json", None):
        yield f"typ {kind!r}", maker.token({"typ": kind})


def claims(maker):
    """Well signed, and wrong: what an issuer that errs, or a token for elsewhere, would say."""
    for name, value in (("aud", "elsewhere"), ("aud", ["milecastle.northmarch", "elsewhere"]), ("aud", None),
                        ("aud", []), ("iss", "https://idp.zt2.example"), ("iss", "https://idp.zt1.example/"), ("iss", None),
                        ("exp", NOW - 60), ("exp", NOW + 7200), ("exp", str(NOW + 60)), ("exp", None),
                        ("exp", 1e300), ("iat", NOW + 600), ("iat", None), ("iat", -1), ("nbf", NOW + 600), ("nbf", "now"),
                        ("sub", None), ("sub", ""), ("sub", "a\nb"), ("sub", ["dr-agricola"]), ("jti", None),
                        ("roles", "R8000"), ("roles", [1]), ("roles", None), ("assurance", 4), ("assurance", "3")):
        yield f"{name} {value!r}", maker.token(claims={name: value})


def forms(maker):
    head, body = map(json.dumps, maker.said())
    good = maker.token()
    signature = good.split(".")[2]
    yield "a member twice", maker.raw(head, body[:-1] + ', "sub": "privacy-officer"}')
    yield "a header twice", maker.raw(head[:-1] + ', "alg": "none"}', body)
    yield "a member twice, escaped", maker.raw(head, body[:-1] + ', "\\u0073ub": "privacy-officer"}')
    yield "something behind the claims", maker.raw(head, body + "{}")
    yield "an array", maker.raw(head, "[]")
    yield "nested to the bottom", maker.raw(head, body[:-1] + ', "x": ' + "[" * 2000 + "]" * 2000 + "}")
    yield "one part more", good + ".x"
    yield "one part less", good.rsplit(".", 1)[0]
    yield "padded", good + "=="
    yield "the standard alphabet", good.replace("-", "+").replace("_", "/") + "+"
    yield "bits that stand for nothing", good[:-1] + chr(ord(good[-1]) + 1)
    yield "too long", maker.token(claims={"name": "x" * 7_000})
    yield "claims exchanged", ".".join((good.split(".")[0], maker.token(claims={"sub": "x"}).split(".")[1], signature))
    yield "empty", ""
    yield "dots", ".."


def stolen(trial, makers):
    """(what, who brings it, metadata): a good token in the wrong hands, or with a story beside it."""
    ward, moorland = makers[WARD], makers[("ZT2", "moorland-epr")]
    holders = [("ZT2", "moorland-epr"), ("ZT2", "moorland-pas"), ("Z99001", "bridge-gp"), ("ZI1", "desk")]
    for holder in holders:
        name = "-".join(holder)
        yield f"the ward's token on {name}", holder, ward.token()
        yield f"bound to {name}'s certificate by the ward's issuer", holder, ward.token(
            claims={"cnf": {"x5t#S256": ward.thumbprint(name)}})
        yield f"and its organisation claimed, {name}", holder, ward.token(
            claims={"cnf": {"x5t#S256": ward.thumbprint(name)}, "organisation": holder[0]})
        yield f"as its own issuer's, {name}", holder, ward.token(
            claims={"iss": f"https://idp.{holder[0].lower()}.example", "organisation": holder[0],
                    "cnf": {"x5t#S256": ward.thumbprint(name)}})
        yield f"with its issuer's key id, {name}", holder, ward.token(
            {"kid": f"{holder[0]}-1"}, {"iss": f"https://idp.{holder[0].lower()}.example", "organisation": holder[0],
                                        "cnf": {"x5t#S256": ward.thumbprint(name)}})
    for organisation in ("ZT2", "Z99001", "ZI1", "zt1", "ZT1 ", "", None, ["ZT1"]):
        yield f"organisation {organisation!r}", WARD, ward.token(claims={"organisation": organisation})
    for cnf in (None, {}, {"x5t#S256": ""}, {"x5t#S256": ward.thumbprint("ZI1-desk")}, {"jkt": "x"}, "x5t",
                {"x5t#S256": ward.thumbprint("-".join(WARD)) + "="}, {"x5t": ward.thumbprint("-".join(WARD))}):
        yield f"bound to {str(cnf)[:20]}", WARD, ward.token(claims={"cnf": cnf})
    yield "another issuer for the ward", WARD, moorland.token(
        claims={"organisation": "ZT1", "cnf": {"x5t#S256": ward.thumbprint("-".join(WARD))}})
    yield "another issuer in the ward's name", WARD, moorland.token(
        {"kid": "ZT1-1"}, {"iss": "https://idp.zt1.example", "organisation": "ZT1",
                           "cnf": {"x5t#S256": ward.thumbprint("-".join(WARD))}})
    yield "revealed by hash", WARD, hashlib.sha256(ward.token().encode()).hexdigest()


class NobodyIsLetInByAForgery(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.trial = Trial().start()
        mllp = cls.trial.mllp()
        assert ack_code(mllp.exchange(admission("TOKEN01"))) == "AA"
        mllp.close()
        holders = [WARD, ("ZT2", "moorland-epr"), ("ZT2", "moorland-pas"), ("Z99001", "bridge-gp"), ("ZI1", "desk")]
        cls.makers = {WARD: Maker(cls.trial.folder, *WARD), ("ZT2", "moorland-epr"): Maker(cls.trial.folder, "ZT2", "moorland-epr")}
        cls.callers = {holder: Caller(cls.trial, *holder, None) for holder in holders}

    @classmethod
    def tearDownClass(cls):
        cls.trial.end()

    def outcome(self, holder, token):
        caller = self.callers[holder]
        caller.metadata = (("authorization", f"Bearer {token}"),)
        try:
            caller.view()
        except grpc.RpcError as error:
            return error.code()
        return grpc.StatusCode.OK

    def put(self, row, cases):
        honest = self.makers[WARD]
        self.assertEqual(self.outcome(WARD, honest.token()), grpc.StatusCode.OK)
        accepted = [what for what, holder, token in cases
                    if self.outcome(holder, token) != grpc.StatusCode.UNAUTHENTICATED]
        self.assertEqual(self.outcome(WARD, honest.token()), grpc.StatusCode.OK)
        attack.report(row, tried=len(cases), accepted=len(accepted))
        self.assertEqual(accepted, [])

    def test_forged_tokens(self):
        maker = self.makers[WARD]
        cases = [(what, WARD, token) for kind in (algorithms, headers, claims, forms) for what, token in kind(maker)]
        self.assertGreaterEqual(len(cases), 60)
        self.put("T16", cases)

    def test_stolen_tokens(self):
        cases = list(stolen(self.trial, self.makers))
        self.assertGreaterEqual(len(cases), 35)
        self.put("T17", cases)

    def test_no_refusal_repeats_a_token(self):
        mark = "kanarienvogel"
        for header, said in (({"kid": mark}, None), ({"typ": mark}, None), (None, {"sub": mark + "\n"}), (None, {"aud": mark})):
            self.outcome(WARD, self.makers[WARD].token(header, said))
        self.assertNotIn(mark, self.trial.log.read_text())


if __name__ == "__main__":
    unittest.main()
