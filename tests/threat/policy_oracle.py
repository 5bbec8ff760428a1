"""What the policy means, written a second time from what is written of it: config/policies (README.md and the files' comments),
the rules of safety.md that these cite, and the public headers of gateway/decide; never from that module's code. It shares no
code and no author's shortcut with the engine: each rule is a sentence, asked of every case anew."""

import tomllib

from policy_cases import SECTIONS
from policy_judge import Judge, Verdict, line_of, safety_critical, seconds, withhold

__all__ = ["Judge", "Oracle", "Verdict", "line_of", "safety_critical"]

REQUEST_REASONS = {"unknown_organisation", "purpose_not_granted", "role_not_granted", "reason_missing", "reason_not_listed",
                   "right_missing", "case_reference_missing"}


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

    def is_registers_word(self, fact):
        """A practice is one by its kind, on its own word or that of a kind that may say so."""
        rule = self.system["evidence"]["registered_practice"]
        kind_of = {code: o["kind"] for code, o in self.organisations.items()}
        return (kind_of.get(fact["organisation"]) in rule["named_kinds"]
                and (fact["reference"] == fact["organisation"] or kind_of.get(fact["reference"]) in rule["said_by_kinds"]))

    def relationships(self, case, admitted):
        """Kinds of live evidence between who asks and whom they ask for."""
        who, now = case["requester"], case["now"]
        for fact in case["facts"]["evidence"]:
            kind = fact["kind"]
            if kind not in admitted or not self.stands_for(who, kind, fact["organisation"]):
                continue
            if kind in ("self_declared", "attested_launch") and fact["user"] != who["user"]:
                continue
            if kind == "registered_practice" and not self.is_registers_word(fact):
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
                and (not consent["labels"] or bool(set(consent["labels"]) & set(labels) - {"identity:untraced"})))

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
                "seal_and_lock": by == "person" and items,
                "hide": by == "person" and items}[kind]

    @staticmethod
    def is_of_another(consent):
        """Neither the person's word nor that of who stands for them: such an objection or restriction binds nobody."""
        return consent["by"] == "someone_else"

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
        elif purpose.get("objections_bind", True) and any(
                self.is_whole(c) and not self.is_of_another(c) for c in self.choices(case, "objection")):
            return "objection"
        return None

    def fault_of_reason(self, case, groups):
        code = case["reason_code"]
        if case["declared"] and case["purpose"] != "emergency" and not self.listed("self_declare", case["declared"]):
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
            if case["purpose"] != "safeguarding" and not groups & set(self.system["rights"]["open_seal"]):
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
        if case["action"] in ("review.close", "identity.confirm") and case["done_by"] != "another":
            return {"reason": "own_doing"}
        # A relationship is one that direct care would rest on; what protects the person is not withdrawn on a mere declaration.
        kinds = set(self.relationships({**case, "declared": None}, self.system["purposes"]["direct-care"]["evidence"]))
        # Nor is what opens a record or shuts staff out recorded on one.
        chosen = case["facts"]["consents"][0]["kind"] if case.get("consent") else None
        if (case["action"] == "consent.withdraw" and chosen != "explicit_consent"
                or case["action"] == "consent.record" and chosen not in ("objection", "restriction")):
            kinds.discard("self_declared")
        related = bool(kinds)
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
