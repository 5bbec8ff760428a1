"""What one permitted request may see, item by item and line by line: the second half of policy_oracle.py, which says what
both are written from."""

import datetime

from policy_cases import DAY, SECTIONS

ALL_MASKS = ["addresses", "contacts", "practice", "performers", "free_text", "documents", "source"]
FOR_EVER = 1 << 40
EIGHTEEN_YEARS_AGO = "2008-11-22"
UNIT = {"m": 60, "h": 3600, "d": DAY}


def seconds(text):
    return int(text[:-1]) * UNIT[text[-1]]


def day(text):
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc).timestamp())


def sections_of(rule):
    named = set(SECTIONS) if rule.get("sections") == ["*"] else set(rule.get("sections", []))
    return named - set(rule.get("except_sections", []))


class Verdict:
    def __init__(self, outcome, reason="none", mask=()):
        self.outcome, self.reason, self.mask = outcome, reason, sorted(mask)


def withhold(reason):
    return Verdict("withhold", reason)


def safety_critical(held):
    return held["section"] in ("allergies", "alerts") or held["kind"] in ("allergy", "alert")


def line_of(source, section):
    return {"source": source, "section": section, "kind": "statement", "standing": "current", "verification": "unstated",
            "labels": [], "effective": FOR_EVER}


def by_standing(held):
    if held["verification"] in ("entered_in_error", "refuted"):
        yield withhold(held["verification"])
    if held["standing"] != "current":
        yield withhold(held["standing"])


class Judge:
    """What one permitted request may see."""

    def __init__(self, oracle, case, purpose, groups, live):
        self.oracle, self.case, self.purpose, self.groups = oracle, case, purpose, groups
        self.protected = {}
        self.me, self.live = case["requester"]["organisation"], live
        self.granted = set().union(*[sections_of(g) for g in purpose["grants"] if groups & set(g["role_groups"])])
        self.reached = set().union(*[sections_of(oracle.system["evidence"][k]) for k in live])
        self.state = oracle.location(case)
        self.binds = purpose.get("objections_bind", True)

    def duties(self):
        """What a permitted request makes somebody do, as (kind, cause, held for a human's eye)."""
        if self.case["purpose"] == "emergency":
            yield from (("tell_privacy_officer", "break_glass", False), ("review", "break_glass", False),
                        ("tell_patient", "break_glass", self.telling_can_harm()))
        if self.purpose.get("reviewed"):
            yield from (("tell_privacy_officer", "reviewed_purpose", False), ("review", "reviewed_purpose", False))
        if self.declares() or self.rests_on_a_declaration_of_before():
            yield from (("tell_privacy_officer", "self_declared", False), ("review", "self_declared", False))
        if self.opens_a_seal():
            yield from (("tell_privacy_officer", "seal_opened", False), ("review", "seal_opened", False))

    def declares(self):
        declared = self.case["declared"] and self.oracle.listed("self_declare", self.case["declared"])
        return declared and "self_declared" in (self.purpose.get("evidence") or ["self_declared"])

    def rests_on_a_declaration_of_before(self):
        """One reaches a section that no other live kind does."""
        evidence = self.oracle.system["evidence"]
        others = set().union(*[sections_of(evidence[k]) for k in self.live if k != "self_declared"])
        return (self.purpose.get("evidence") and "self_declared" in self.live
                and not sections_of(evidence["self_declared"]) <= others)

    def telling_can_harm(self):
        """Safeguarding, location protection, a proxy or a child is involved, or what is not for the person (safety.md 4)."""
        return (self.state != "clear" or self.case["birth_date"] > EIGHTEEN_YEARS_AGO
                or any(c["by"] == "proxy" for c in self.case["facts"]["consents"])
                or any(h["section"] == "safeguarding" or self.is_kept_from_the_person(h) for h in self.case["classes"]))

    def is_kept_from_the_person(self, held):
        return any((self.oracle.rule_of(label) or {}).get("hidden_from_person") for label in self.labels_of(held))

    def opens_a_seal(self):
        """Something is shown that a seal would have withheld."""
        return self.opens() and any(
            self.closed_seals("seal", h["source"], h["section"], self.labels_of(h))
            and self.verdict({**h, "effective": FOR_EVER}).outcome in ("show", "mask") for h in self.case["classes"])

    def verdict(self, held):
        """What hides wins over what withholds; of each, the first that is so."""
        labels = self.labels_of(held)
        findings = list(self.findings(held, labels))
        for outcome in ("hide", "withhold"):
            for found in findings:
                if found.outcome == outcome:
                    found.mask = self.mask_of_withheld(held["source"]) if outcome == "withhold" else []
                    return found
        mask = self.mask()
        return Verdict("mask" if mask else "show", "none", mask)

    def labels_of(self, held):
        """The source's own first, then the item's, in the order of their names."""
        own = self.oracle.organisations.get(held["source"], {}).get("labels", [])
        return [*own, *(label for label in sorted(held["labels"]) if label not in own)]

    def mask(self):
        if self.state == "protected":
            return sorted(ALL_MASKS)
        return sorted(self.oracle.system["location_protection"]["unchecked"]) if self.state == "unchecked" else []

    def mask_of_withheld(self, source):
        return sorted({*self.mask(), "source"}) if self.is_name_protected(source) else self.mask()

    def is_name_protected(self, source):
        """A source's labels are its name's: nothing of it would be shown, whatever the person hid (safety.md 26)."""
        if source == self.me or not self.oracle.organisations.get(source, {}).get("labels"):
            return False
        if source not in self.protected:
            lines = (line_of(source, section) for section in SECTIONS)
            self.protected[source] = all(
                any(f.reason not in ("sealed_and_locked", "hidden_by_person") for f in self.findings(line, self.labels_of(line)))
                for line in lines)
        return self.protected[source]

    def findings(self, held, labels):
        section, source = held["section"], held["source"]
        yield from self.by_hiding(held, labels)
        if self.case["sections"] and section not in self.case["sections"]:
            yield withhold("not_asked")
        untraced = "identity:untraced" in labels or source in self.case["facts"]["untraced_sources"]
        if not self.case["facts"]["active"] or (untraced and source != self.me and not self.purpose.get("shows_untraced")):
            yield withhold("awaiting_identity")
        if section not in self.granted:
            yield withhold("not_for_purpose")
        if self.purpose.get("evidence") and section not in self.reached:
            yield withhold("not_for_relationship")
        if source != self.me and self.purpose.get("needs_agreement", True):
            yield from self.agreement(held, labels)
        yield from self.by_label(labels)
        yield from self.by_choice(source, section, labels)
        if self.case["purpose"] not in ("emergency", "safeguarding"):
            for rule in self.oracle.lower:
                if self.lower_applies(rule, source, section, labels):
                    yield withhold("local_rule")
        yield from self.by_place(held)
        yield from self.by_seal(source, section, labels)
        yield from by_standing(held)

    def choices(self, kind, source, section, labels):
        return [c for c in self.oracle.choices(self.case, kind) if self.oracle.covers(c, source, section, labels)]

    def by_hiding(self, held, labels):
        """Locks, the law, what is not for the person, and the person's own hide rules. Derived labels never hide an
        allergy or an alert (safety.md 6)."""
        source, section = held["source"], held["section"]
        if self.closed_seals("seal_and_lock", source, section, labels):
            yield Verdict("hide", "sealed_and_locked")
        rules = [self.oracle.rule_of(label) or {} for label in labels]
        for rule in rules:
            soft = safety_critical(held) and rule.get("derived", True)
            if rule.get("statute"):
                yield Verdict("withhold" if soft else "hide", "statute")
            if self.case["purpose"] == "patient-access" and rule.get("hidden_from_person"):
                yield Verdict("withhold" if soft else "hide", "not_for_the_person")
        if self.binds:
            if any(c["by"] == "person" for c in self.choices("hide", source, section, labels)):
                yield Verdict("hide", "hidden_by_person")

    def lower_applies(self, rule, source, section, labels):
        """A layer speaks of what its own organisations give and get; each list that it names must meet the case."""
        oracle, case = self.oracle, self.case
        if not any(oracle.is_in(o, rule["layer"], rule["at"]) for o in (source, self.me)):
            return False
        dimensions = (("sections", {section}), ("sources", {source}), ("consumers", {self.me}), ("labels", set(labels)),
                      ("purposes", {case["purpose"]}), ("role_groups", self.groups))
        for name, mine in dimensions:
            if name in rule and not oracle.members(rule[name]) & mine:
                return False
        demands = []
        if "unless_assurance" in rule:
            demands.append(case["requester"]["assurance"] >= rule["unless_assurance"])
        if rule.get("unless_explicit_consent"):
            demands.append(any(oracle.covers(c, source, section, labels) for c in self.explicit_consents()))
        return not demands or not all(demands)

    def agreement(self, held, labels):
        """One agreement must cover it whole; of several that do not, the one that comes nearest speaks."""
        reasons = {"no_agreement"}
        for text in self.oracle.system["agreements"]:
            reasons.add(self.why_not(text, held, labels))
        if None not in reasons:
            yield withhold(next(r for r in ("outside_period", "explicit_consent_needed", "sensitive", "no_agreement")
                                if r in reasons))

    def why_not(self, text, held, labels):
        oracle, case = self.oracle, self.case
        if (held["source"] not in oracle.members(text["sources"]) or self.me not in oracle.members(text["consumers"])
                or case["purpose"] not in text["purposes"] or held["section"] not in sections_of(text)
                or case["now"] < day(text["from"]) or ("ended" in text and case["now"] >= day(text["ended"]))):
            return "no_agreement"
        if any(self.needs_naming(label) and not self.is_named(label, text.get("labels", [])) for label in labels):
            return "sensitive"
        if text["confidentiality_basis"] == "explicit" and not any(
                oracle.covers(c, held["source"], held["section"], labels) for c in self.explicit_consents()):
            return "explicit_consent_needed"
        if "entries_from" in text and (held.get("effective") is None or held["effective"] < day(text["entries_from"])):
            return "outside_period"
        return None

    def explicit_consents(self):
        """The person's own, or a proxy's; none counts while a merge is under review."""
        if self.case["facts"]["merge_review"]:
            return []
        return [c for c in self.oracle.choices(self.case, "explicit_consent") if c["by"] in ("person", "proxy")]

    def needs_naming(self, label):
        rule = self.oracle.rule_of(label)
        return rule is not None and rule.get("by_agreement", True) and not rule.get("open") and not rule.get("statute")

    def is_named(self, label, named):
        return label in named or (label.startswith("source:") and label not in self.oracle.system["labels"] and "source:*" in named)

    def by_choice(self, source, section, labels):
        if self.case["purpose"] == "emergency" and any(
                c["by"] == "person" and c["informed"] for c in self.choices("emergency_refusal", source, section, labels)):
            yield withhold("emergency_refusal")
        for kind in ("objection", "restriction", "hide"):
            said = [c for c in self.choices(kind, source, section, labels) if not self.oracle.is_of_another(c)]
            if self.binds and said:
                yield withhold("objection" if kind == "objection" else "restriction")

    def by_seal(self, source, section, labels):
        if self.closed_seals("seal", source, section, labels) and not self.opens():
            yield withhold("sealed")

    def closed_seals(self, kind, source, section, labels):
        """Seals of teams of which the caller is none. A proxy's or someone else's deny neither emergency nor safeguarding."""
        urgent = self.case["purpose"] in ("emergency", "safeguarding")
        return [s for s in self.choices(kind, source, section, labels)
                if not self.oracle.in_team(self.case["requester"], s["team"])
                and not (urgent and s["by"] in ("proxy", "someone_else"))]

    def opens(self):
        code, oracle = self.case["reason_code"], self.oracle
        if self.case["purpose"] == "emergency":
            return oracle.listed("break_glass", code).get("opens_seals", False)
        return bool(code)

    def by_label(self, labels):
        for label in (l for l in labels if l != "identity:untraced"):
            rule = self.oracle.rule_of(label)
            if rule is None:
                yield withhold("unknown_label")
            elif not rule.get("open") and not rule.get("statute") and self.case["purpose"] != "emergency":
                if not self.groups & set(rule.get("role_groups", [])) or self.case["purpose"] not in rule.get("purposes", []):
                    yield withhold("sensitive")

    def by_place(self, held):
        also = self.oracle.system["location_protection"]["also_withhold"]
        if self.state == "protected" and (held["section"] in also + ["gp_practice"] or held["kind"] == "document"
                                          or held["section"] == "documents"):
            yield withhold("location_protected")
