"""What the policy means, written a second time from its documentation alone: config/policies (its comments and README.md),
the headers of gateway/decide and safety.md's rules. It shares no code and no author's shortcut with the engine: each rule
is a sentence of that page, asked of every case anew."""

import datetime
import tomllib

from policy_cases import DAY, SECTIONS

ALL_MASKS = ["addresses", "contacts", "practice", "performers", "free_text", "documents", "source"]
REQUEST_REASONS = {"unknown_organisation", "purpose_not_granted", "role_not_granted", "reason_missing", "reason_not_listed",
                   "right_missing", "case_reference_missing"}
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


class Oracle:
    def __init__(self, files):
        self.system, self.lower = {}, []
        for path in files:
            text = tomllib.loads(path.read_text())
            if text["layer"] == "system":
                self._take(text)
            else:
                self.lower += [{**rule, "layer": text["layer"], "at": text["at"]} for rule in text["withhold"]]
        self.organisations = {o["code"]: o for o in self.system["organisations"]}

    def _take(self, text):
        for name, value in text.items():
            if isinstance(value, dict):
                self.system.setdefault(name, {}).update(value)
            elif isinstance(value, list):
                self.system.setdefault(name, []).extend(value)

    # Who asks.

    def members(self, names):
        return {code for name in names
                for code in (self.system["groups"][name[1:]]["organisations"] if name.startswith("@") else [name])}

    def groups_of(self, requester):
        organisation = self.organisations.get(requester["organisation"])
        if not organisation:
            return set()
        return {name for name, group in self.system["role_groups"].items()
                if set(group["roles"]) & set(requester["roles"])
                and organisation["kind"] in group.get("kinds", [organisation["kind"]])
                and requester["assurance"] >= group.get("least_assurance", 0)}

    def listed(self, use, code):
        return next((r for r in self.system["reasons"] if r["use"] == use and r["code"] == code), None)

    def is_in(self, organisation, layer, at):
        known = self.organisations.get(organisation, {})
        return at == (organisation if layer == "organisation" else known.get(layer))

    # Relationships.

    def stands_for(self, requester, kind, organisation):
        if requester["organisation"] == organisation:
            return True
        acting = self.organisations.get(requester["organisation"], {}).get("acts_for", [])
        return self.system["evidence"][kind].get("for_acting", False) and organisation in self.members(acting)

    def holds(self, kind, fact, now):
        rule, until = self.system["evidence"][kind], fact["until"]
        if kind == "open_encounter" and until is not None and now >= until:
            rule = self.system["evidence"]["ended_encounter"]
        if kind == "ended_encounter" and until is None:
            until = fact["from"]  # when it ended is not known: no later than it began
        if now < fact["from"] - seconds(rule.get("lead", "0m")):
            return False
        if "longest" in rule and now >= fact["from"] + seconds(rule["longest"]):
            return False
        return until is None or now < until + seconds(rule.get("tail", "0m"))

    def relationships(self, case, admitted):
        """Kinds of live evidence between who asks and whom they ask for."""
        who, now = case["requester"], case["now"]
        for fact in case["facts"]["evidence"]:
            kind = fact["kind"]
            if kind not in admitted or not self.stands_for(who, kind, fact["organisation"]):
                continue
            if kind in ("self_declared", "attested_launch") and fact["user"] != who["user"]:
                continue
            if self.holds(kind, fact, now):
                ended = kind == "open_encounter" and fact["until"] is not None and now >= fact["until"]
                yield "ended_encounter" if ended else kind
        launch = who["launch"]
        if launch and "attested_launch" in admitted and launch["nhs_number"] == case["nhs_number"]:
            attests = who["system"] in self.organisations.get(who["organisation"], {}).get("attesting_systems", [])
            leeway = seconds(self.system["review"]["clock_leeway"])
            longest = seconds(self.system["evidence"]["attested_launch"]["longest"])
            if attests and launch["at"] - leeway <= now < launch["at"] + longest:
                yield "attested_launch"
        if "self_declared" in admitted and case["declared"] and self.listed("self_declare", case["declared"]):
            yield "self_declared"

    # Choices.

    @staticmethod
    def live(consent, now):
        return (consent["from"] <= now and (consent["until"] is None or now < consent["until"])
                and (consent["withdrawn"] is None or now < consent["withdrawn"]))

    @staticmethod
    def meets(consent, case):
        """Who asks and what for are within a choice's scope; an empty list means all."""
        return ((not consent["consumers"] or case["requester"]["organisation"] in consent["consumers"])
                and (not consent["purposes"] or case["purpose"] in consent["purposes"]))

    @staticmethod
    def covers(consent, source, section, labels):
        return ((not consent["sources"] or source in consent["sources"])
                and (not consent["sections"] or section in consent["sections"])
                and (not consent["labels"] or bool(set(consent["labels"]) & set(labels))))

    def recordable(self, consent):
        """A choice that names nothing where it must, or what nobody knows, is never recorded, nor one on the wrong word."""
        kind, by = consent["kind"], consent["by"]
        if any(self.rule_of(label) is None for label in consent["labels"]):
            return False
        named = set(consent["sources"] + consent["consumers"] + [consent["team"].partition("/")[0]]) - {""}
        if not named <= set(self.organisations):
            return False
        items = bool(consent["sections"] or consent["sources"] or consent["labels"])
        anything = items or bool(consent["consumers"] or consent["purposes"])
        return {"objection": True, "restriction": anything, "explicit_consent": anything,
                "emergency_refusal": by == "person" and consent["informed"],
                "seal": by != "someone_else",
                "seal_and_lock": by != "someone_else" and items,
                "hide": by == "person" and items}[kind]

    @staticmethod
    def is_whole(consent):
        """Of the whole record, not of a part."""
        return not (consent["sections"] or consent["sources"] or consent["labels"])

    def choices(self, case, kind):
        return [c for c in case["facts"]["consents"]
                if c["kind"] == kind and self.live(c, case["now"]) and self.meets(c, case)]

    @staticmethod
    def in_team(requester, team):
        organisation, _, part = team.partition("/")
        return organisation == requester["organisation"] and (not part or part == requester["team"])

    # The request.

    def refusal(self, case, purpose, groups, live):
        """The first of these that is so."""
        if case["requester"]["organisation"] not in self.organisations:
            return "unknown_organisation"
        if purpose is None:
            return "purpose_not_granted"
        if not any(groups & set(g["role_groups"]) for g in purpose["grants"]):
            return "role_not_granted"
        if purpose.get("needs_case_reference") and not case["case_reference"]:
            return "case_reference_missing"
        fault = self.fault_of_reason(case, groups)
        if fault:
            return fault
        if case["match"] in ("no_such_person", "details_mismatch"):
            return case["match"]
        if purpose.get("evidence") and not live:
            return "no_relationship"
        if case["purpose"] == "emergency":
            if any(c["by"] == "person" and c["informed"] and self.is_whole(c) for c in self.choices(case, "emergency_refusal")):
                return "emergency_refusal"
        elif purpose.get("objections_bind", True) and any(map(self.is_whole, self.choices(case, "objection"))):
            return "objection"
        return None

    def fault_of_reason(self, case, groups):
        code = case["reason_code"]
        if case["declared"] and not self.listed("self_declare", case["declared"]):
            return "reason_not_listed"
        if case["purpose"] == "emergency":
            if not code:
                return "reason_missing"
            if not self.listed("break_glass", code):
                return "reason_not_listed"
            return None if groups & set(self.system["rights"]["break_glass"]) else "right_missing"
        if code:
            if not self.listed("open_seal", code):
                return "reason_not_listed"
            if not groups & set(self.system["rights"]["open_seal"]):
                return "right_missing"
        return None

    def told_of_refusal(self, reason, live):
        if reason in REQUEST_REASONS:
            return reason
        entitled = any(self.system["evidence"][k].get("told_why", True) for k in live)
        return reason if entitled and reason in self.system["readers"]["reasons"] else "no_relationship"

    # One class of items.

    def location(self, case):
        """The newest word of each source, and the tightest of these; under a merge's review, every word ever said."""
        flags = case["facts"]["flags"]
        newest = {f["by"]: f for f in sorted(flags, key=lambda f: f["as_of"])}
        said = flags if case["facts"]["merge_review"] else newest.values()
        if any(f["level"] != "none" for f in said):
            return "protected"
        fresh = seconds(self.system["location_protection"]["fresh"])
        return "clear" if any(case["now"] < f["as_of"] + fresh for f in newest.values()) else "unchecked"

    def rule_of(self, label):
        rules = self.system["labels"]
        return rules.get(label) or (rules["source:*"] if label.startswith("source:") else None)

    def decide(self, case):
        recordable = [self.recordable(c) for c in case["facts"]["consents"]]
        purpose = self.system["purposes"].get(case["purpose"])
        groups = self.groups_of(case["requester"])
        # A purpose that needs no relationship admits every kind, for what its reader may be told.
        live = list(self.relationships(case, (purpose or {}).get("evidence") or list(self.system["evidence"])))
        refused = self.refusal(case, purpose, groups, live)
        answer = {"recordable": recordable, "reason": refused or "none", "told": self.told_of_refusal(refused, live) if refused else "none"}
        answer["uniform"] = answer["told"] == "no_relationship"
        judge = None if refused else Judge(self, case, purpose, groups, live)
        answer["duties"] = sorted(judge.duties()) if judge else []
        answer["classes"] = [self.told(judge.verdict(held) if judge else withhold(refused), refused, answer["told"])
                             for held in case["classes"]]
        return answer, judge

    # The manifest's lines, and who may do what beside seeing.

    def lines(self, case, judge, refused):
        """A source's section is decided like an item of it that is current and carries the source's own labels. A source
        of which all that it holds is hidden is not spoken of at all."""
        sources = {*case["sources"], *(h["source"] for h in case["classes"])}
        decided = {(source, section): judge.verdict(line_of(source, section)) if judge else withhold(refused)
                   for source in sources for section in SECTIONS}
        unspoken = {s for s in sources if all(decided[s, section].outcome == "hide" for section in SECTIONS)}
        for source in sources if judge else ():
            held = [judge.verdict(h).outcome for h in case["classes"] if h["source"] == source]
            if held and set(held) == {"hide"}:
                unspoken.add(source)
        return decided, unspoken

    def act(self, case):
        who, groups = case["requester"], self.groups_of(case["requester"])
        if who["organisation"] not in self.organisations:
            return {"reason": "unknown_organisation"}
        if case["action"] == "audit.proof":
            return {"reason": "none"}
        fitting = [d for d in self.system["duty_roles"] if case["action"] in d["may"] and groups & set(d["role_groups"])
                   and who["organisation"] in self.members(d.get("organisations", [who["organisation"]]))]
        if not fitting:
            return {"reason": "role_not_granted"}
        # A relationship is one that direct care would rest on.
        related = bool(list(self.relationships({**case, "declared": None}, self.system["purposes"]["direct-care"]["evidence"])))
        scopes = {d["scope"] for d in fitting if related or not d.get("needs_relationship")}
        if not scopes:
            return {"reason": "no_relationship"}
        all_of_it = "all" in scopes
        return {"reason": "none", "scope": "all" if all_of_it else "own", "masks": not case["case_reference"],
                "reaches_own_request": True, "reaches_own_data": True, "reaches_others": all_of_it}

    def told(self, verdict, refused, told_of_refusal):
        told = verdict.reason if verdict.reason in self.system["readers"]["reasons"] + ["none", "not_asked"] else "withheld"
        if refused:
            told = told_of_refusal
        return {"outcome": verdict.outcome, "reason": verdict.reason, "told": told, "mask": verdict.mask}


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
        self.me = case["requester"]["organisation"]
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
        if self.case["declared"] and "self_declared" in (self.purpose.get("evidence") or ["self_declared"]):
            yield from (("tell_privacy_officer", "self_declared", False), ("review", "self_declared", False))
        if self.opens_a_seal():
            yield from (("tell_privacy_officer", "seal_opened", False), ("review", "seal_opened", False))

    def telling_can_harm(self):
        """Safeguarding, location protection, a proxy or a child is involved (safety.md 4)."""
        return (self.state != "clear" or self.case["birth_date"] > EIGHTEEN_YEARS_AGO
                or any(c["by"] == "proxy" for c in self.case["facts"]["consents"])
                or any(h["section"] == "safeguarding" or "safeguarding" in self.labels_of(h) for h in self.case["classes"]))

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
                    found.mask = self.mask() if outcome == "withhold" else []
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

    def findings(self, held, labels):
        section, source = held["section"], held["source"]
        yield from self.by_hiding(held, labels)
        if self.case["sections"] and section not in self.case["sections"]:
            yield withhold("not_asked")
        if not self.case["facts"]["shareable"] or "identity:untraced" in labels:
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
            if self.binds and self.choices(kind, source, section, labels):
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
